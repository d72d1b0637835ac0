"""Whether a phrase is said of the patient now: negated, past, family and hypothetical phrases are not.

After ConText (Harkema et al., J Biomed Inform 2009;42:839-851): a trigger reaches to the end of its clause.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Scope(StrEnum):
    """How a phrase is meant."""

    PRESENT = "present"
    NEGATED = "negated"
    HISTORICAL = "historical"
    FAMILY = "family"
    HYPOTHETICAL = "hypothetical"
    STOPPED = "stopped"


_CLAUSE = re.compile(r"[.;!?](?=\s|$)|\b(?:but|however|although|except|now|aber|jedoch)\b", re.IGNORECASE)
_FAMILY = (
    r"family history|mother|father|sister|brother|aunt|uncle|grand(?:mother|father)|cousin|parents?|siblings?|"
    r"mutter|vater"
)
_BEFORE = (
    (Scope.FAMILY, rf"\b(?:{_FAMILY})\b"),
    (
        Scope.HYPOTHETICAL,
        r"\b(?:if|in case of|should (?:you|he|she|they)|return (?:if|for)|watch for|risk of|to exclude|"
        r"r/o|rule out|in the event of|to prevent|prophylaxis (?:of|against)|would|could cause|may cause|can cause)\b",
    ),
    (
        Scope.NEGATED,
        r"\b(?:no|not|nor|denies|denied|denying|without|negative for|no evidence of|absence of|free of|never|"
        r"ruled out|excluded|lack of|neither|kein|keine|keinen|ohne|nicht)\b",
    ),
    (
        Scope.HISTORICAL,
        r"\b(?:history of|h/o|previous(?:ly)?|prior|past|status post|s/p|years? ago|months? ago|"
        r"as a child|in childhood|resolved|z\.n\.|in (?:19|20)\d\d)\b",
    ),
)
_AFTER = (
    (
        Scope.NEGATED,
        r"\b(?:(?:was|were|is|are|has been)\s+)?"
        r"(?:ruled out|excluded|absent|negative|denied|not (?:present|seen|found))\b",
    ),
    (
        Scope.HISTORICAL,
        r"\b(?:(?:\d+|many|several|two|three|ten) (?:years?|months?) ago|"
        r"in (?:19|20)\d\d|(?:has )?(?:since )?resolved)\b",
    ),
    (Scope.FAMILY, rf"\bin (?:his|her|the) (?:{_FAMILY})\b"),
)
# With no full stop or semicolon between it and the medicine.
_STOPPED_BEFORE = re.compile(
    r"\b(?:stopped|stop|discontinued?|ceased|withheld|held|avoid(?:ed)?|allerg(?:y|ic) to|intolerant of|intolerance to|"
    r"instead of|switched from|changed from|off|no longer (?:takes|taking|on)|contraindicated|abgesetzt|"
    r"refused|declined)\b",
    re.IGNORECASE,
)
_STOPPED_AFTER = re.compile(
    r"^[^.;,\n]{0,40}\b(?:(?:was|were|is|has been|have been|to be)\s+)?(?:stopped|discontinued|"
    r"ceased|withheld|paused|on hold|"
    r"abgesetzt|allergy|intolerance|avoided)\b",
    re.IGNORECASE,
)
_COMPILED_BEFORE = tuple((scope, re.compile(body, re.IGNORECASE)) for scope, body in _BEFORE)
_COMPILED_AFTER = tuple((scope, re.compile(body, re.IGNORECASE)) for scope, body in _AFTER)
# "no change in", "not only", "without improvement of": the trigger does not deny what follows.
_PSEUDO = re.compile(
    r"\b(?:no (?:change|improvement|increase|relief)|not only|no longer able|not (?:sure|certain) (?:if|whether))\b",
    re.IGNORECASE,
)


def scope_of(text: str, start: int, end: int) -> Scope:
    """How the phrase ``text[start:end]`` is meant within its clause."""
    left, right = _clause(text, start, end)
    before = _PSEUDO.sub(lambda found: " " * len(found[0]), text[left:start])
    after = text[end:right]
    for scope, pattern in _COMPILED_BEFORE:
        if pattern.search(before):
            return scope
    for scope, pattern in _COMPILED_AFTER:
        if pattern.search(after):
            return scope
    return Scope.PRESENT


def medicine_scope(text: str, start: int, end: int) -> Scope:
    """As ``scope_of``, and stopped, avoided or not tolerated medicines are not taken."""
    left, _ = _clause(text, start, end)
    before = text[left:start]
    if _STOPPED_BEFORE.search(before, max(before.rfind("."), before.rfind(";")) + 1) or _STOPPED_AFTER.search(
        text[end:]
    ):
        return Scope.STOPPED
    return scope_of(text, start, end)


def _clause(text: str, start: int, end: int) -> tuple[int, int]:
    left = max((found.end() for found in _CLAUSE.finditer(text, 0, start)), default=0)
    found = _CLAUSE.search(text, end)
    return left, found.start() if found else len(text)
