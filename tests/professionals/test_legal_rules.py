"""Legal rules: the narrowest in force decides, by its id; without one the answer is no."""

from datetime import date, timedelta
from typing import Any

import pytest

from professionals.domain.legal_rules import LegalRule, LicenceFact, base_rules, decide, mode_of, rule_for

TODAY = date(2026, 11, 23)
BERLIN = LicenceFact("DE", date(2020, 1, 1), date(2030, 1, 1), True)


def rule(name: str = "r", **changes: Any) -> LegalRule:
    fields = {
        "version": "1", "place": "*", "mode": "licence", "specialty": "*", "needs": "nothing",
        "valid_from": date(2026, 1, 1), "source": "Act 1",
    }  # fmt: skip
    return LegalRule(rule=name, **(fields | changes))


def ask(*rules: LegalRule, place: str = "US-CA", mode: str = "licence", specialty: str = "cardiology") -> str | None:
    found = rule_for(rules, place=place, mode=mode, specialty=specialty, today=TODAY)
    return found.id if found else None


def test_the_narrowest_place_decides_then_the_narrowest_specialty() -> None:
    everywhere, country, region = rule("any"), rule("us", place="US"), rule("ca", place="US-CA")
    own = rule("ca-cardiology", place="US-CA", specialty="cardiology")
    assert ask(everywhere, country, region, own) == "ca-cardiology/1"
    assert ask(everywhere, country, region) == "ca/1"
    assert ask(everywhere, country, region, place="US-NY") == "us/1"
    assert ask(everywhere, country, place="DE") == "any/1"


def test_a_new_version_replaces_the_old_one_from_its_day_on() -> None:
    old, later = rule(version="1"), rule(version="2", valid_from=TODAY)
    assert ask(old, later) == "r/2"
    assert ask(old, rule(version="2", valid_from=TODAY + timedelta(days=1))) == "r/1"


def test_without_a_rule_the_answer_is_no() -> None:
    assert ask(rule(mode="peer_to_peer")) is None
    ruling = decide(None, [BERLIN], place="DE", today=TODAY)
    assert (ruling.allowed, ruling.rule_id) == (False, "no-rule/2026-11")


@pytest.mark.parametrize(
    ("needs", "place", "allowed"),
    [
        ("never", "DE", False), ("nothing", "US-CA", True), ("licence_at_place", "DE-BE", True),
        ("licence_at_place", "FR", False), ("licence_anywhere", "FR", True), ("nothing", "", False),
    ],
)  # fmt: skip
def test_each_need_is_asked(needs: str, place: str, allowed: bool) -> None:
    ruling = decide(rule(needs=needs), [BERLIN], place=place, today=TODAY)
    assert (ruling.allowed, ruling.rule_id) == (allowed, "r/1")


def test_advice_to_a_colleague_needs_the_colleague_named() -> None:
    (base,) = (one for one in base_rules() if one.mode == "peer_to_peer")
    assert not decide(base, [BERLIN], place="FR", today=TODAY, treating_named=False).allowed
    assert decide(base, [BERLIN], place="FR", today=TODAY, treating_named=True).allowed
    assert not decide(base, [], place="FR", today=TODAY, treating_named=True).allowed


def test_a_basis_that_names_no_mode_asks_for_the_licence() -> None:
    assert [mode_of(x) for x in ("licence_at_patients_place", "", "peer_to_peer", "exemption: pro bono")] == [
        "licence", "licence", "peer_to_peer", "exemption",
    ]  # fmt: skip
