"""Words and signs that are results or flags, in four languages: positive, cancelled, high, ↑."""

from __future__ import annotations

import re

_SIDES = {
    "h": "H",
    "hh": "H",
    "high": "H",
    "hoch": "H",
    "erhöht": "H",
    "alto": "H",
    "alta": "H",
    "elevado": "H",
    "elevada": "H",
    "haut": "H",
    "élevé": "H",
    "élevée": "H",
    "+": "H",
    "++": "H",
    "+++": "H",
    "l": "L",
    "ll": "L",
    "low": "L",
    "niedrig": "L",
    "tief": "L",
    "erniedrigt": "L",
    "bajo": "L",
    "baja": "L",
    "bas": "L",
    "basse": "L",
    "abaissé": "L",
    "diminué": "L",
    "-": "L",
    "--": "L",
    "---": "L",
    "−": "L",
    "–": "L",
    "n": "N",
    "normal": "N",
    "*": "*",
    "**": "*",
    "***": "*",
    "!": "*",
    "!!": "*",
    "critical": "*",
    "kritisch": "*",
    "abnormal": "*",
    "abn": "*",
    "crítico": "*",
    "critique": "*",
    "a": "A",
    "!h": "H",
    "!l": "L",
    "h!": "H",
    "l!": "L",
    "h*": "H",
    "l*": "L",
    "*h": "H",
    "*l": "L",
    "▲": "H",
    "▼": "L",
    "↑": "H",
    "↓": "L",
    "↑↑": "H",
    "↓↓": "L",
    "⇑": "H",
    "⇓": "L",
    "▲▲": "H",
    "▼▼": "L",
    "pos": "*",
    "hh*": "H",
    "ll*": "L",
    "h (high)": "H",
    "panic": "*",
    "path.": "*",
    "augmenté": "H",
    "↗": "H",
    "↘": "L",
    "hi": "H",
    "lo": "L",
    "> ": "H",
}
_TEXT = (
    r"(?:(?:weakly |schwach |débil(?:mente)? |faiblement )?(?:negativ[eo]?|n[ée]gatifs?|n[ée]gatives?|neg\.?|"
    r"nég\.?|positiv[eo]?|positifs?|positives?|pos\.?))"
    r"|(?:non|not|nicht|no)[- ]?(?:reactive|reaktiv|reactivo|reactif|r[ée]actif|detected|nachweisbar|nachgewiesen|"
    r"detectado|d[ée]tect[ée]e?|detectable)"
    r"|reactive|reaktiv|reactivo|réactif|detected|nachweisbar|detectado|détectée?|traces?|spuren|trazas|indicios|"
    r"absent[es]?|ausente|abwesend|"
    r"present|presente|présent[es]?|normal|borderline|grenzwertig|indeterminado|équivoque|equivocal|clear|klar|"
    r"yellow|gelb|amarillo|jaune|"
    r"[1-4]\+|\+{1,4}|\(\+\)|nil|none seen|abundante?s?|rares?|few|moderate|vereinzelte?|escas[oa]s?|"
    r"none|many|numerous|keine|massenhaft|reichlich|zahlreiche?|ausentes|numeros[oa]s|absence|nombreu(?:x|ses)"
)
_INVALID = (
    r"cancel(?:l?ed|ado)|storniert|anulad[oa]|annulée?|invalid|ungültig|inválido|invalide|h[ae]+moly[sz]ed|"
    r"hämolytisch|hemolizad[oa]|h[ée]molysée?|"
    r"clotted|geronnen|coagulad[oa]|coagulée?|insufficient|insuffisante?|insuficiente|qns|pending|ausstehend|"
    r"pendiente|en cours|follows|folgt|"
    r"see (?:note|comment|below)|s\. (?:kommentar|unten|text)|siehe (?:kommentar|unten)|ver (?:nota|comentario)|"
    r"voir (?:note|commentaire)|"
    r"not (?:done|performed|reported|available|tested)|nicht (?:durchgeführt|bestimmt|auswertbar|verwertbar|"
    r"messbar|bestimmbar)|no (?:realizado|valorable|procesado)|"
    r"non (?:réalisée?|effectuée?|interprétable|rendue?|dosée?)|entfällt|n/a|tnp|rejected|abgelehnt|rechazad[oa]|"
    r"rejetée?|unsuitable|lip[ae]+mi[ac]|lipämisch|"
    r"error|fehler|keine angabe|no material|kein material|sin muestra|not calculated|nicht berechenbar|"
    r"no calculable|non calculable"
)
RESULTS = re.compile(rf"(?<![\w+.])(?:(?P<invalid>{_INVALID})|(?P<words>{_TEXT}))(?![\w+])", re.IGNORECASE)


def invalid_in(text: str) -> str:
    """The word that says that there is no valid result; nothing where there is none."""
    found = next((each for each in RESULTS.finditer(text) if each["invalid"]), None)
    return found[0] if found else ""


def side_of(text: str) -> str:
    """H, L, N, A or * for a flag as printed; nothing for another word."""
    return _SIDES.get(text.strip("()[] ,;.").casefold(), "")
