"""The legal basis: may this specialist advise a patient at this place? Rules are versioned and answer with their id.

A rule says what a place × mode × specialty needs. The rules of ``legal_rules.json`` are the base; published rows add to
them. Of the rules in force the narrowest place decides, then the narrowest specialty; without a rule the answer is no.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

RULES_VERSION = "2026-11"
ANY = "*"
REVERIFIED_WITHIN = timedelta(days=3 * 365)
MODE_NAMES = {
    "licence": "Licence where the patient is",
    "peer_to_peer": "Advice to the treating clinician, who remains responsible",
    "exemption": "Exemption that a rule of the place names",
}
NEED_NAMES = {
    "licence_at_place": "Licence where the patient is",
    "licence_anywhere": "Advice to the treating clinician, by a licensed specialist",
    "nothing": "Permitted where the patient is without a licence there",
    "never": "Not permitted where the patient is",
}
MODES, NEEDS = tuple(MODE_NAMES), tuple(NEED_NAMES)


@dataclass(frozen=True)
class LicenceFact:
    """A licence as the rules see it: its place (``US-CA``, ``DE``) and its days."""

    place: str
    valid_from: date
    valid_to: date
    verified: bool


@dataclass(frozen=True)
class LegalRule:
    """One version of one rule: from ``valid_from`` on, this place × mode × specialty needs ``needs``."""

    rule: str
    version: str
    place: str
    mode: str
    specialty: str
    needs: str
    valid_from: date
    source: str

    @property
    def id(self) -> str:
        """As stored with an assignment: rule and version."""
        return f"{self.rule}/{self.version}"


@dataclass(frozen=True)
class Ruling:
    """Allow or deny, by which rule, and why in words."""

    allowed: bool
    rule_id: str
    reasons: tuple[str, ...]


@cache
def base_rules() -> tuple[LegalRule, ...]:
    """The rules of the data file."""
    text = Path(__file__).with_name("legal_rules.json").read_text(encoding="utf-8")
    return tuple(LegalRule(**row | {"valid_from": date.fromisoformat(row["valid_from"])}) for row in json.loads(text))


def mode_of(legal_basis: str) -> str:
    """The mode that a case's legal basis names; whatever is not named otherwise needs the licence, the strictest."""
    return next((mode for mode in MODES[1:] if legal_basis.startswith(mode)), MODES[0])


def rule_for(rules: Iterable[LegalRule], *, place: str, mode: str, specialty: str, today: date) -> LegalRule | None:
    """The rule that decides: newest version of each, then the narrowest place, then the narrowest specialty."""
    newest: dict[str, LegalRule] = {}
    for rule in rules:
        held = newest.get(rule.rule)
        if rule.valid_from <= today and (held is None or _age(held) < _age(rule)):
            newest[rule.rule] = rule
    places = (place, place.split("-")[0], ANY)
    fitting = [r for r in newest.values() if r.mode == mode and r.place in places and r.specialty in (specialty, ANY)]
    if not fitting:
        return None
    return min(fitting, key=lambda r: (places.index(r.place), r.specialty == ANY, r.rule))


def decide(
    rule: LegalRule | None, licences: Iterable[LicenceFact], *, place: str, today: date, treating_named: bool = True
) -> Ruling:
    """Allow or deny by ``rule`` (``None``: no rule is in force, so no)."""
    if rule is None:
        return Ruling(False, f"no-rule/{RULES_VERSION}", (f"no legal rule allows advice at {place or 'no place'}",))
    if not place:
        return Ruling(False, rule.id, ("the patient's place is not known",))
    if rule.needs == "never":
        return Ruling(False, rule.id, (f"not permitted for {place}",))
    if rule.mode == "peer_to_peer" and not treating_named:
        return Ruling(False, rule.id, ("no treating clinician is named, who would remain responsible",))
    if rule.needs == "nothing":
        return Ruling(True, rule.id, (f"permitted for {place} without a licence there",))
    if rule.needs == "licence_anywhere":
        return _licensed(rule.id, list(licences), "any place", today)
    return licence_at_place(licences, place, today, rule.id)


def licence_at_place(
    licences: Iterable[LicenceFact],
    place: str,
    today: date,
    rule_id: str = f"licence-at-patients-place/{RULES_VERSION}",
) -> Ruling:
    """A verified licence, valid today, at the patient's place.

    A licence of a whole country covers its regions, except where licences are regional (US and CA).
    """
    if not place:
        return Ruling(False, rule_id, ("the patient's place is not known",))
    return _licensed(rule_id, [x for x in licences if x.place in covering(place)], place, today)


def _licensed(rule_id: str, here: list[LicenceFact], place: str, today: date) -> Ruling:
    if not here:
        return Ruling(False, rule_id, (f"no licence for {place}",))
    if not any(licence.verified for licence in here):
        return Ruling(False, rule_id, (f"the licence for {place} is not verified",))
    valid = [x for x in here if x.verified and x.valid_from <= today <= x.valid_to]
    if not valid:
        return Ruling(False, rule_id, (f"the licence for {place} is not valid today",))
    return Ruling(True, rule_id, (f"licensed at {place} until {max(x.valid_to for x in valid).isoformat()}",))


def _age(rule: LegalRule) -> tuple[date, str]:
    return rule.valid_from, rule.version


def covering(place: str) -> tuple[str, ...]:
    """The places whose licence covers ``place``: licences of the US and Canada are regional, others of the country."""
    country = place.split("-")[0]
    return (place,) if country in ("US", "CA") else (place, country)
