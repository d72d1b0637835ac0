"""The legal basis: may this specialist advise a patient at this place? Rules are versioned and answer with their id."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

RULES_VERSION = "2026-11"


@dataclass(frozen=True)
class LicenceFact:
    """A licence as the rules see it: its place (``US-CA``, ``DE``) and its days."""

    place: str
    valid_from: date
    valid_to: date
    verified: bool


@dataclass(frozen=True)
class Ruling:
    """Allow or deny, by which rule, and why in words."""

    allowed: bool
    rule_id: str
    reasons: tuple[str, ...]


def licence_at_place(licences: Iterable[LicenceFact], place: str, today: date) -> Ruling:
    """The base rule: a verified licence, valid today, at the patient's place.

    A licence of a whole country covers its regions, except where licences are regional (US and CA).
    """
    rule = f"licence-at-patients-place/{RULES_VERSION}"
    country = place.split("-")[0]
    here = [licence for licence in licences if _covers(licence.place, place, country)]
    if not place:
        return Ruling(False, rule, ("the patient's place is not known",))
    if not here:
        return Ruling(False, rule, (f"no licence for {place}",))
    if not any(licence.verified for licence in here):
        return Ruling(False, rule, (f"the licence for {place} is not verified",))
    valid = [x for x in here if x.verified and x.valid_from <= today <= x.valid_to]
    if not valid:
        return Ruling(False, rule, (f"the licence for {place} is not valid today",))
    return Ruling(True, rule, (f"licensed at {place} until {max(x.valid_to for x in valid).isoformat()}",))


def _covers(licence_place: str, place: str, country: str) -> bool:
    if country in ("US", "CA"):
        return licence_place == place
    return licence_place in (place, country)
