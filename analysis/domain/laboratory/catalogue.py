"""The analytes we know, keyed by LOINC, found by any of their printed names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from analysis.domain import knowledge


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Bounds in the analyte's catalogue unit; ``None`` is no bound on that side."""

    low: Decimal | None
    high: Decimal | None

    @property
    def known(self) -> bool:
        """Whether there is any bound at all."""
        return self.low is not None or self.high is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class Analyte:
    """One analyte. ``factors`` turns a value in that UCUM unit into the catalogue unit."""

    loinc: str
    name: str
    unit: str
    si_unit: str
    si_factor: Decimal
    factors: Mapping[str, Decimal]
    male: Limits
    female: Limits
    panic: Limits
    range_source: str
    panic_source: str

    def in_catalogue_unit(self, value: Decimal, ucum: str) -> Decimal | None:
        """The value in the catalogue unit; ``None`` when the unit is not one of this analyte's."""
        factor = self.factors.get(ucum)
        return None if factor is None else value * factor

    @property
    def dimensionless(self) -> bool:
        """Whether reports print it without a unit (INR, pH)."""
        return self.unit in ("{INR}", "[pH]")


def normal_name(text: str) -> str:
    """A printed name without case, blanks and most punctuation."""
    return re.sub(r"[\s._\-,:;/*()\[\]]+", "", text.casefold())


@knowledge.per_release
def by_name() -> dict[str, Analyte]:
    """Analytes by each normalised name; a name that two analytes claim is an error of the release."""
    found: dict[str, Analyte] = {}
    for row in knowledge.rows("analytes"):
        analyte = _analyte(row)
        for name in (row["name"], *knowledge.words(row["synonyms"])):
            other = found.setdefault(normal_name(name), analyte)
            if other is not analyte:
                raise knowledge.BrokenKnowledge(f"{name!r} is {other.loinc} and {analyte.loinc}")
    return found


@knowledge.per_release
def units() -> dict[str, str]:
    """UCUM units by normalised printed spelling."""
    return {row["printed"]: row["ucum"] for row in knowledge.rows("units")}


def ucum_of(printed: str) -> str | None:
    """The UCUM unit of a printed one; ``None`` when unknown."""
    text = printed.casefold().replace("µ", "u").replace("μ", "u").replace("²", "2").replace("×", "x")
    text = text.replace("³", "3").replace("⁹", "^9").replace("¹²", "^12").replace("⁶", "^6")
    return units().get(re.sub(r"\s+", "", text).strip("()[],;."))


def _analyte(row: dict[str, str]) -> Analyte:
    factors = {row["unit"]: Decimal(1)}
    for part in knowledge.words(row["other_units"]):
        unit, _, factor = part.partition("=")
        factors[unit] = Decimal(factor)
    for key in ("range_source", "panic_source"):
        if row[key]:
            knowledge.cite(row[key])
    male = _limits(row["low"], row["high"])
    split = row["low_female"] or row["high_female"]
    return Analyte(
        loinc=row["loinc"],
        name=row["name"],
        unit=row["unit"],
        si_unit=row["si_unit"],
        si_factor=Decimal(row["si_factor"]),
        factors=factors,
        male=male,
        female=_limits(row["low_female"], row["high_female"]) if split else male,
        panic=_limits(row["panic_low"], row["panic_high"]),
        range_source=row["range_source"],
        panic_source=row["panic_source"],
    )


def _limits(low: str, high: str) -> Limits:
    return Limits(low=Decimal(low) if low else None, high=Decimal(high) if high else None)
