"""Which analyte a LOINC code means: its own, or one that measures the same in blood, serum or plasma."""

from __future__ import annotations

import re

from analysis.domain import knowledge
from analysis.domain.laboratory.catalogue import Analyte, analytes, by_name, normal_name

# What LOINC's own names say of a plain measurement in blood: no challenge, no ratio, no time of collection.
_IN_BLOOD = re.compile(
    r"(?P<name>[^\[\]]+?) \[(?:Moles|Mass|#|Enzymatic activity|Catalytic activity|Units)/volume\] in "
    r"(?:Serum or Plasma|Serum|Plasma|Blood|Venous blood|Arterial blood|Capillary blood)(?: by [^-]+)?"
)
_BRACKETS = re.compile(r"(?:(?<!\s)\s++)?\[[^\[\]]*\]")


@knowledge.per_release
def by_loinc() -> dict[str, Analyte]:
    """Analytes by every LOINC code that stands for them."""
    found = {analyte.loinc: analyte for analyte in analytes() if analyte.loinc}
    for row in knowledge.rows("loinc_equivalents"):
        knowledge.cite(row["source"])
        if row["analyte"] not in found:
            raise knowledge.BrokenKnowledge(f"{row['loinc']}: the catalogue has no {row['analyte']}")
        found.setdefault(row["loinc"], found[row["analyte"]])
    return found


def analyte_of(codes: str, display: str) -> Analyte | None:
    """The analyte of one or more codes (separated by blanks) and a name; ``None`` for none and for a contradiction."""
    known = [by_loinc().get(code) for code in codes.split()]
    if any(known):
        told = {analyte.loinc for analyte in known if analyte is not None}
        return next((analyte for analyte in known if analyte is not None), None) if len(told) == 1 else None
    if codes:
        named = _IN_BLOOD.fullmatch(display.strip())
        return by_name().get(normal_name(named["name"])) if named else None
    return by_name().get(normal_name(_BRACKETS.sub("", display)))
