"""Whom a campaign is for: attributes of accounts alone, and never anything that tells of somebody's health."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from config.kernel.auth import ROLES
from config.kernel.country_codes import COUNTRY_CODES
from config.kernel.errors import FieldError
from config.kernel.time_zones import zone_names

# Fewer people than these are nearly addressed by name: whoever approves it says that this is meant.
SMALL = 20
MAX_VALUES = 100
_LOCALES = frozenset({"en", "de", "es"})


@dataclass(frozen=True, kw_only=True)
class Audience:
    """Who has one of the values of each attribute that is named; without any, everybody.

    ``has_open_case`` and ``specialties`` are asked of the contexts that know; ``specialties`` are those that verified
    specialists practise.
    """

    roles: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    specialties: tuple[str, ...] = ()
    has_open_case: bool | None = None

    def as_json(self) -> dict[str, Any]:
        """As it is stored: what is named, and nothing else."""
        return {name: value for name, value in asdict(self).items() if value not in ((), None)}


def audience_of(stored: Mapping[str, Any]) -> Audience:
    """What ``as_json`` stored."""
    values: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in stored.items()}
    return Audience(**values)


def audience_faults(given: Mapping[str, Any], specialties: Collection[str]) -> Iterator[FieldError]:
    """Every attribute that nobody may be chosen by, and every value that there is not."""
    known: dict[str, Callable[[str], bool]] = {
        "roles": ROLES.__contains__,
        "locales": _LOCALES.__contains__,
        "countries": COUNTRY_CODES.__contains__,
        "zones": zone_names().__contains__,
        "specialties": specialties.__contains__,
    }
    for name, value in given.items():
        pointer = f"#/audience/{name}"
        if name == "has_open_case":
            if not isinstance(value, bool | None):
                yield FieldError(pointer, "invalid", "Say true or false.")
        elif name not in known:
            allowed = ", ".join((*known, "has_open_case"))
            yield FieldError(pointer, "not_allowed", f"Nobody is chosen by this; these are allowed: {allowed}.")
        elif not isinstance(value, list | tuple) or not 1 <= len(value) <= MAX_VALUES:
            yield FieldError(pointer, "invalid", f"Name 1 to {MAX_VALUES} values, or leave it out.")
        else:
            for number, one in enumerate(value):
                if not isinstance(one, str) or not known[name](one):
                    yield FieldError(f"{pointer}/{number}", "unknown_choice", "There is no such value.")
