"""What a laboratory says of its results: haemolysed, cancelled, not valid. Such a value is kept and alarms nobody."""

from __future__ import annotations

import re
from typing import Final

from analysis.domain.laboratory.names import known_at
from analysis.domain.laboratory.result_words import invalid_in

_HAEMOLYSED = re.compile(r"h[ae]+mol[yi][sz]|hämolyti|hämolyse|hemoliz|hemólisis|h[ée]molys", re.IGNORECASE)
_NOT_VALID = re.compile(
    r"(?<![.\w])invalid|unreliable|ungültig|inválid|invalide|not valid|nicht (?:verwertbar|auswertbar|beurteilbar|"
    r"valide)|"
    r"no (?:valorable|válido|interpretable)|non (?:interprétable|valide)|please repeat|repeat (?:sample|specimen|test)|"
    r"bitte (?:kontrolle|wiederhol)|kontrolle (?:erbeten|empfohlen)|repetir|à (?:recontrôler|contrôler|répéter)|"
    r"implausible|unplausibel|discordant|no concordante|contaminated|kontaminiert|contaminad|contaminée?|clotted|"
    r"geronnen|coagul(?:ad|é)|"
    r"cancel(?:l?ed|ado)|storniert|anulad|annulé|quantity not sufficient|material nicht ausreichend|insuficiente|"
    r"insuffisante|"
    r"h[ae]+moly[sz]|hämolyti|hemoliz|h[ée]molys|lip[ae]+mic|lipämisch|pseudohyper|wrong tube|falsches röhrchen|"
    r"edta[- ]contamin|"
    r"drip arm|infusionsarm|diluted sample|verdünnt|taken from drip|not from this patient",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"(?:\bno|\bnot|\bkeine?|\bnicht|\bsin|\bpas de|\bnon|\babsence d['e]|\bwithout|\bohne|\bsans)\s+(?:\w+\s+){0,2}?"
    r"(?:h[ae]+moly[sz]|hämoly|hemol|hemóli|h[ée]moly|clot|gerinnsel)",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    r"\W*(?:comments?|kommentar|bem(?:erkung|\.)?|hinweis|notes?|nota|observaci(?:ones|ón)|comentario|commentaire|"
    r"remarque|"
    r"anm(?:erkung|\.)?|interpretation|remarks?)\s*[:：]|\s*(?:>|\*\)|\(?[*†‡]\)?\s)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\s:=]+")
#: What haemolysis raises, by LOINC: these alone it touches where a comment names no analyte.
HAEMOLYSIS: Final = frozenset({"2823-3", "2532-0", "1920-8", "2498-4", "19123-9", "2777-1", "1742-6", "2157-6"})


def is_comment(text: str) -> bool:
    """Whether a line is a remark of the laboratory and no result."""
    return bool(_BEGINS.match(text))


def fault_in(text: str) -> str:
    """The remark, where it says that a value is not valid; nothing for others."""
    if _NEGATED.search(text):
        return ""
    return text.strip() if _NOT_VALID.search(text) or invalid_in(text) else ""


def haemolysed(text: str) -> bool:
    """Whether it speaks of haemolysis."""
    return bool(_HAEMOLYSED.search(text)) and not _NEGATED.search(text)


def named_in(text: str) -> frozenset[str]:
    """The analytes that a remark names, by LOINC and by name."""
    words = list(_WORD.finditer(text[:400]))
    found: set[str] = set()
    index = 0
    while index < len(words):
        analytes, used = known_at(text, words, index)
        long = used and words[index + used - 1].end() - words[index].start() > 2
        found |= {analyte.loinc or analyte.name for analyte in analytes} if long else set()
        index += used or 1
    return frozenset(found)
