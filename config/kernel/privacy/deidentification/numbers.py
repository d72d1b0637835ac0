"""Numbers that lead to somebody: telephones, records, insurances, accounts, licences; values and doses are none."""

import re
from collections.abc import Iterator

from config.kernel.privacy.deidentification.dates import NUMERIC

# Digits that stand together, however they are grouped; classified below.
_RUN = re.compile(r"(?<![\w.,/-])[+(]{0,2}\d(?:(?:[ ]|[ ]?[./()‑–-]{1,2}[ ]?)?\d){5,25}+(?!\d)")
_DIALLED = re.compile(
    r"(?<![\w.,])(?:1[ ]\(\d{3}\)|\+|\(0|\(?00|0\d|\(\d{3}\))(?:[ \t./()'’‑–-]{0,3}\n?[ \t]{0,3}\d){6,15}+(?![\w])"
)
_EXTENSION = re.compile(
    r"[ \t,]{0,2}(?:x|ext\.?|extension|durchwahl|dw|poste|int\.?|anexo|interno)[ \t]?\d{1,5}\b", re.IGNORECASE
)
_CALL = re.compile(
    r"(?i)(?<![^\W\d_])(?=[^\W\d_])(?:tel(?:efon|[ée]fono|ephone|[ée]phone|\.)?|phone|ph|fax|mobile?|cell|handy"
    r"|m[óo]vil|call|at|on|under|unter|au|al"
    r"|portable|whatsapp|sms|extension|ext|poste|durchwahl|number|nummer|number is"
    r"|no is)(?![^\W\d_])[ \t.:]{0,3}(?:is |ist |est )?(?:n[°º] ?)?"
)
_CALLED = re.compile(r"[+(]?\d(?:[ \t./()‑–-]{0,2}\d){5,15}")
# By first letters: each place is compared with the words that begin so, not with all.
_LABEL = re.compile(
    r"(?i)(?<![^\W\d_])(?=[^\W\d_])(?:"
    r"m(?:\.?r\.?n|ember(?:ship)?|atr[íi]cula|utuelle)"
    r"|i(?:d(?:entifi\w{0,10})?|pp|ban|nvoice|nsurance|mplant\w{0,4})"
    r"|p(?:id|at(?:ient(?:en)?)?[ .-]{0,2}(?:id|nr|no)|olicy|olizze|olice|[óo]liza|robe\w{0,8}|etici[óo]n"
    r"|ermis|assport|ass\w{0,7}|asaporte|ersonalausweis)"
    r"|n(?:ip|ir|hc|uhsa|ss|ie|if|hs(?:/id)?|pi|umber|ummer|[úu]m(?:ero)?|um[ée]ro|o|r|)"
    r"|d(?:ni|ossier|ea|emande|riving|ocument|okument\w{0,4}|evice)"
    r"|c(?:ip|urp|uil|uit|hi|laim|ase|uenta|ompte|ol(?:eg(?:iad[oa])?)?|edula|[ée]dula)"
    r"|r(?:fc|ut|echnung\w{0,8}|egistration|eg|pps|eferen\w{0,4}|ef|[ée]f|equest)"
    r"|s(?:sn|vnr|v|[ée]cu\w{0,9}|ozialvers\w{0,14}|eguro|ample|pecimen|olicitud|erial|eriennr"
    r"|erie\w{0,10})"
    r"|a(?:ccession|uftrag\w{0,12}|z|ktenzeichen|ccount|deli|hv\w{0,4}|ssur[ée]e?|filiaci[óo]n)"
    r"|f(?:all\w{0,8}|acture|actura|iness|[üu]hrerschein)|g(?:esch\w{0,12}zeichen|mc)"
    r"|k(?:onto\w{0,10}|rankenkasse|ennzeichen)|b(?:ill|snr)|l(?:icen[cs]e|anr|ab|ot)"
    r"|v(?:ersicher\w{0,14}|ers)|tarjeta|h(?:istoria(?: cl[íi]nica)?|osp(?:ital)?)|e(?:xpediente|xamen)"
    r"|order|plate|badge|placa|patente|plaque|immat\w{0,12}|carte grise|kfz\w{0,14}|teilnehmer\w{0,6}"
    r"|adh[ée]rent\w{0,2}|reisepass\w{0,6}|passeport|zl|anapath|bon|lote|code(?: porte)?|c[óo]digo|tis|sis|nam|nuhsa"
    r"|group|sort code"
    r"|permiso de conducir|titre de s[ée]jour|agr[ée]ment|rpps|adeli|mutuelle|osde|mp|mn|medical card"
    r"|card|tarjeta|chip|seriennummer)"
    r"(?:[ \t]{0,2}[.:°º#/=-]|[ \t]{1,2}(?:number|nummer|num[ée]ro|n[úu]mero|no|nr|n|id|de|of|is|ist|est|y|and"
    r"|cl[íi]nica|permiso)(?![^\W\d_])[ \t.:°º#]{0,3}|[ \t]){0,3}[ \t]{0,12}"
)
_LABELLED = re.compile(r"(?:[A-Z]{1,8}[ ./-]?)?\d(?:[ ./-]?[\dA-Z]){2,24}(?![\w])|[A-Z]{1,6}(?:[./-][A-Z\d]+){1,3}")
_SHAPES = (
    re.compile(r"(?<![\w.])\d{7,}(?![\w.])"),
    re.compile(r"(?<![\w-])(?!NCT|RS|ICD)[A-Z]{1,5}[-./]?\d{5,}(?:[-/.]\d{1,6})?[A-Z]{0,5}\d{0,4}[A-Z]{0,3}(?![\w])"),
    re.compile(r"(?<![\w-])[A-Z]{1,3}\d{2}[-/]\d{5,}(?!\w)"),
    re.compile(r"(?<![\w-])[A-Z]{1,4}[/-]\d{3,}[/-][A-Z\d]{1,6}(?!\w)"),
    re.compile(r"(?<![\w.,-])\d{7,9}-?[A-Z]{1,2}(?!\w)"),
    re.compile(r"(?<![\w.,/-])\d{2}/\d{5}(?![\w/])"),
    re.compile(r"(?<![\w.])[A-Z]{1,2}\.\d{3,6}\.\d{2}(?!\w)"),
    re.compile(r"(?<![\w.,-])\d{5,}[-/]\d{1,6}(?:-?[A-Z]{1,2})?(?![\w/])"),
    re.compile(r"(?<![\w.,/-])(?:19|20)\d{2}[-/]\d{4,}(?![\w/])"),
    re.compile(r"(?<![\w.,-])\d{4}-\d{3}-\d{3}(?:-[A-Z]{2})?(?!\w)"),
    re.compile(r"(?<!\w)[A-Z]{4}[ -]?\d{4}[ -]?\d{4}(?!\w)"),
    re.compile(r"(?<!\w)[A-Z]{3,6}\d{5,8}[A-Z0-9]{1,10}(?!\w)"),
    re.compile(r"(?<!\w)[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)"),
    re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?:[ \n-]?[A-Z0-9]{4}){2,7}(?:[ \n-]?\d{1,4}(?![\w-]))?(?!\w)"),
    re.compile(r"(?<![\w.])\d{3}-\d{2}-\d{4}(?!\w)"),
    re.compile(r"(?<![\w.])756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}(?!\w)"),
)
_UNIT = re.compile(
    r"[ \t]?(?:/|µ|μ|%|x|×|\^|cop|kop|cel|zel|cél|iu\b|ie\b|ui\b|u/|u\b|mg|g/|g\b|ml|ng|pg|mm|bpm|usd|eur|€|\$)",
    re.IGNORECASE,
)
_MIN_PHONE = 7


def numbers(text: str) -> Iterator[tuple[int, int]]:
    """Where such a number stands."""
    days = {found.start(): found.end() for found in NUMERIC.finditer(text)}
    for rule in (_DIALLED, _RUN):
        for found in rule.finditer(text):
            if _is_number(text, found, days):
                yield found.start(), _with_extension(text, found.end())
    for label in _CALL.finditer(text):
        called = _CALLED.match(text, label.end())
        if called and not _is_date(text, called, days) and sum(map(str.isdigit, called[0])) >= _MIN_PHONE:
            yield called.start(), _with_extension(text, called.end())
    for label in _LABEL.finditer(text):
        value = _LABELLED.match(text, label.end())
        if value and _is_labelled(label[0], value[0]) and not _is_date(text, value, days):
            yield value.span()
    for shape in _SHAPES:
        for found in shape.finditer(text):
            if found.start() not in days and not _UNIT.match(text, found.end()) and _has_digits(found[0]):
                yield found.span()


def _is_number(text: str, found: re.Match[str], days: dict[int, int]) -> bool:
    written = found[0]
    if _is_date(text, found, days) or _UNIT.match(text, found.end()):
        return False
    groups = re.findall(r"\d+", written)
    digits = sum(map(len, groups))
    between = {sign for sign in re.sub(r"\d", "", written) if sign.strip()}
    if written.startswith(("+", "(0", "00", "(+", "1 (")) or (written[0] == "(" and digits >= 9):
        return 7 <= digits <= 17
    if len(groups) == 1:
        return digits >= 7
    if written[0] == "0" and len(groups[0]) > 1:
        return digits >= 8 and max(map(len, groups)) > 1
    if between <= {"-", "‑", "–"} and " " not in written:
        return digits >= 8 and min(map(len, groups)) > 1
    if between == {"."} and " " not in written:
        return digits >= 8 and min(map(len, groups)) > 1
    if not between:
        return _is_grouped(groups, digits)
    return digits >= 10 and bool(between - {"."}) and min(map(len, groups)) > 1 and "/" not in between


def _is_date(text: str, found: re.Match[str], days: dict[int, int]) -> bool:
    """Whether the digits are a date, or begin with one behind which others stand: 01.99.00.19.06 is none."""
    end = days.get(found.start())
    if end is None:
        return False
    return end >= found.end() or text[end] not in ".-/" or NUMERIC.match(text, end + 1) is not None


def _is_grouped(groups: list[str], digits: int) -> bool:
    """Groups with blanks alone between: results stand so as well, which are shorter or of other lengths."""
    lengths = [len(group) for group in groups]
    if digits >= 13:
        return True
    if lengths in ([3, 3, 4], [4, 4, 2], [1, 3, 3, 4], [2, 4, 4]):
        return True
    return groups[0][0] in "6789" and lengths in ([3, 3, 3], [2, 3, 2, 2], [3, 2, 2, 2])


def _is_labelled(label: str, value: str) -> bool:
    """Whether a label makes a number of what follows: no more than "No" takes more digits."""
    digits = sum(map(str.isdigit, value))
    weak = label.strip(" \t.:°º#").casefold() in {
        "no",
        "nr",
        "n",
        "number",
        "nummer",
        "at",
        "lab",
        "case",
        "ref",
        "order",
        "document",
        "probe",
        "az",
        "vers",
        "lot",
        "hosp",
    }
    marked = any(sign in label for sign in ":°º#.")
    if weak and not marked:
        return digits >= 5
    return digits >= (4 if weak else 3) and (len(value) >= 4)


def _has_digits(written: str) -> bool:
    return sum(map(str.isdigit, written)) >= 3


def _with_extension(text: str, end: int) -> int:
    found = _EXTENSION.match(text, end)
    return found.end() if found else end
