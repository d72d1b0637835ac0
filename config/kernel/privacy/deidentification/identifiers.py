"""What is known about people, as whoever holds it tells the engine."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True, slots=True)
class Identifiers:
    """What the case holds about people: ``names``, of which each part is found, ``dates`` of birth, and ``codes``.

    A code is found as a whole: a number, the name of a house. Of ``addresses`` each part between commas is found.
    """

    names: tuple[str, ...] = ()
    dates: tuple[date, ...] = ()
    codes: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


class NotDeidentified(ValueError):
    """Something that identifies a person is left: the text must not leave."""
