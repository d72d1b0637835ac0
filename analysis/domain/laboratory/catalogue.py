"""The analytes we know, by specimen and property, found by any of their printed names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from analysis.domain import knowledge
from analysis.domain.laboratory.units import factor_between, ucum_of, units
from config.kernel.accents import unaccented

__all__ = ["Analyte", "Limits", "analytes", "by_name", "named", "normal_name", "ucum_of", "units"]
BLOOD = ""
_KEPT = frozenset("+%#")


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
    """One analyte in one specimen (empty: blood, serum or plasma).

    ``factors`` turns a value in that UCUM unit into the catalogue unit, where kinds of units do not give it.
    """

    loinc: str
    name: str
    specimen: str
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
        factor = self.factor(ucum)
        return None if factor is None else value * factor

    def factor(self, ucum: str) -> Decimal | None:
        """What turns a value in ``ucum`` into the catalogue unit."""
        own = self.factors.get(ucum)
        if own is not None:
            return own
        direct = factor_between(ucum, self.unit)
        if direct is not None:
            return direct
        si = factor_between(ucum, self.si_unit)
        return None if si is None or not self.si_factor else si / self.si_factor

    def takes(self, ucum: str) -> bool:
        """Whether the unit is one of this analyte's."""
        return self.factor(ucum) is not None

    @property
    def dimensionless(self) -> bool:
        """Whether reports print it without a unit (INR, pH, ratios)."""
        return self.unit in ("{INR}", "[pH]", "{ratio}")


@lru_cache(maxsize=8192)
def normal_name(text: str) -> str:
    """A printed name without case, accents, blanks and most punctuation."""
    plain = unaccented(text.casefold())
    return "".join(sign for sign in plain if sign.isalnum() or sign in _KEPT)


@knowledge.per_release
def analytes() -> tuple[Analyte, ...]:
    """Every analyte of the release, in its order."""
    return tuple(_analyte(row) for row in knowledge.rows("analytes"))


@knowledge.per_release
def named() -> dict[str, tuple[Analyte, ...]]:
    """Analytes by each normalised name: several where specimen, unit or range tell them apart.

    A name that two analytes claim in one specimen, unit and range is an error of the release.
    """
    found: dict[str, list[Analyte]] = {}
    for row, analyte in zip(knowledge.rows("analytes"), analytes(), strict=True):
        for name in dict.fromkeys(normal_name(name) for name in (row["name"], *knowledge.words(row["synonyms"]))):
            others = found.setdefault(name, [])
            for other in others:
                if other.specimen == analyte.specimen and other.takes(analyte.unit) and not _far(other, analyte):
                    raise knowledge.BrokenKnowledge(f"{name!r} is {_told(other)} and {_told(analyte)}")
            others.append(analyte)
    return {name: tuple(others) for name, others in found.items()}


@knowledge.per_release
def by_name() -> dict[str, Analyte]:
    """The first analyte of each normalised name."""
    return {name: others[0] for name, others in named().items()}


def _far(one: Analyte, other: Analyte) -> bool:
    """Whether the usual ranges of two analytes tell them apart: total and ionised calcium."""
    factor, mine, theirs = one.factor(other.unit), one.male, other.male
    if factor is None or mine.low is None or mine.high is None or theirs.low is None or theirs.high is None:
        return False
    return theirs.high * factor < mine.low or mine.high < theirs.low * factor


def _told(analyte: Analyte) -> str:
    return analyte.loinc or analyte.name


def _analyte(row: dict[str, str]) -> Analyte:
    factors = {row["unit"]: Decimal(1)}
    for part in knowledge.words(row["other_units"]):
        unit, _, factor = part.partition("=")
        factors[unit] = Decimal(factor)
    for key in ("range_source", "panic_source", "source"):
        if row.get(key):
            knowledge.cite(row[key])
    male = _limits(row["low"], row["high"])
    split = row["low_female"] or row["high_female"]
    return Analyte(
        loinc=row["loinc"],
        name=row["name"],
        specimen=row.get("specimen", BLOOD),
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
