"""Whether two accounts can be one person's: what was told in both is compared, and nothing is guessed."""

from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from config.kernel.accents import unaccented

EQUAL, SIMILAR, DIFFERENT, UNKNOWN = "equal", "similar", "different", "unknown"
# Of two names of one person, one is often shortened or written with another sign; below this they are two names.
_ALIKE = 0.8


@dataclass(frozen=True)
class Told:
    """What an account says of its person."""

    name: str
    born: date | None
    sex: str | None
    country: str


@dataclass(frozen=True)
class Likeness:
    """Each is equal, similar (names only), different or unknown."""

    name: str
    born: str
    sex: str
    country: str

    @property
    def obstacles(self) -> tuple[str, ...]:
        """Why the two cannot be joined, as sentences."""
        found = []
        if self.born == UNKNOWN:
            found.append("One of them does not say when the person was born; have it completed first.")
        if self.born == DIFFERENT:
            found.append("They were born on different days.")
        if self.sex == DIFFERENT:
            found.append("They name different sexes; have the wrong one rectified first.")
        if self.name == DIFFERENT:
            found.append("They have different names; have the outdated one rectified first.")
        return tuple(found)


def likeness(one: Told, other: Told) -> Likeness:
    """How like they are."""
    return Likeness(
        _names(one.name, other.name),
        _same(one.born, other.born),
        _same(one.sex or None, other.sex or None),
        _same(one.country or None, other.country or None),
    )


def plain(name: str) -> str:
    """A name without case, accents, punctuation and order, for comparing."""
    letters = "".join(one if one.isalnum() else " " for one in unaccented(name))
    return " ".join(sorted(letters.split()))


def _same(one: object, other: object) -> str:
    if one is None or other is None:
        return UNKNOWN
    return EQUAL if one == other else DIFFERENT


def _names(one: str, other: str) -> str:
    left, right = plain(one), plain(other)
    if left == right:
        return EQUAL
    parts, others = set(left.split()), set(right.split())
    shorter = parts if len(parts) <= len(others) else others
    if len(shorter) >= 2 and shorter in (parts & others,):
        return SIMILAR
    return SIMILAR if SequenceMatcher(None, left, right).ratio() >= _ALIKE else DIFFERENT
