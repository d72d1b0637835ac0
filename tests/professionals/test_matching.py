"""Matching among many: the database's first choice is the rules' own, and does not grow with the crowd."""

from typing import Any
from uuid import UUID

import pytest

from config.kernel import clock
from config.kernel.errors import Invalid
from professionals import services
from professionals.domain.taxonomy import KINDS, named_in, taxonomy
from professionals.models import Affiliation, Professional
from tests.factories.professionals import AffiliationFactory, CalendarEntryFactory, OrganisationFactory
from tests.professionals.crowd import crowd

pytestmark = pytest.mark.django_db


def ask(**changes: Any) -> services.Matching:
    fields: dict[str, Any] = {
        "specialty": "cardiology", "place": "DE-BY", "language": "de", "excluded_user_ids": frozenset(),
        "open_cases": {}, "topics": "Klappenersatz bei Herzinsuffizienz", "preferences": "gern Dr. Number 7",
    }  # fmt: skip
    return services.find_candidates(**(fields | changes))


@pytest.fixture
def many(db: Any) -> list[Professional]:
    people = crowd(120)
    CalendarEntryFactory(professional=people[3], kind="away")
    return people


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"place": "US-CA"},
        {"place": "FR", "topics": ""},
        {"place": ""},
        {"place": "DE", "legal_basis": "peer_to_peer"},
        {"place": "DE", "legal_basis": "peer_to_peer", "treating_named": True},
    ],
)
def test_a_short_list_is_the_head_of_the_whole_one(many: list[Professional], changes: dict[str, Any]) -> None:
    loads = {row.id: number % 4 for number, row in enumerate(many)}
    changes = changes | {
        "open_cases": loads,
        "excluded_user_ids": frozenset({many[9].user_id}),
        "parties_of_case": (services.Party(role="payer", name="Clinic 2"),),
    }
    whole, short = ask(most=500, **changes), ask(most=7, **changes)
    assert short.candidates == whole.candidates[:7]
    assert len(whole.candidates) + len(whole.excluded) == 120
    assert (short.eligible, short.others) == (len(whole.candidates), len(whole.excluded))
    assert set(short.excluded) <= set(whole.excluded)
    assert len(short.excluded) == min(7, len(whole.excluded))


def test_the_crowd_has_both_kinds_and_every_reason(many: list[Professional]) -> None:
    found = ask(most=500, parties_of_case=(services.Party(role="payer", name="Clinic 2"),))
    assert len(found.candidates) > 20
    told = " ".join(one.reason for one in found.excluded)
    for word in ("linked to the payer", "not verified, or suspended", "no licence", "takes no cases"):
        assert word in told


def test_an_affiliation_two_links_away_is_found_among_many(many: list[Professional]) -> None:
    whole = OrganisationFactory(name="Heart Group AG", names=["heart group"])
    part = OrganisationFactory(name="Heart Lab", names=["heart lab"], part_of=whole)
    AffiliationFactory(professional=many[0], organisation=part)
    AffiliationFactory(professional=many[1], kind="co_authorship", colleague=many[2])
    parties = (
        services.Party(role="therapy_maker", name="HEART GROUP"),
        services.Party(role="referrer", name="Dr. Number 2"),
    )
    paths = services.find_conflicts(parties=parties)
    assert paths[many[0].id] == "linked to the therapy maker: employer → Heart Lab, part of → Heart Group AG"
    assert paths[many[1].id] == "linked to the referrer: co authorship → Dr. Number 2"
    assert paths[many[2].id] == "linked to the referrer: is the same"
    near = "linked to the referrer: works at → Clinic 2, works at → Dr. Number 2"
    assert paths[many[8].id] == near
    assert many[3].id not in paths


def test_whoever_wrote_with_a_co_author_of_the_party_is_two_links_away(many: list[Professional]) -> None:
    index = AffiliationFactory(professional=many[4], kind="relative", person_index=b"p" * 32)
    AffiliationFactory(professional=many[5], kind="relative", person_index=b"p" * 32)
    party = services.Party(role="patient", user_id=many[4].user_id)
    assert services.find_conflicts(parties=(party,))[many[5].id].endswith(
        "relative → a person, relative → Dr. Number 4"
    )
    Affiliation.objects.filter(id=index.id).update(ended_on=clock.now().date())
    assert many[5].id not in services.find_conflicts(parties=(party,))


def test_expertise_counts_by_the_names_of_three_languages(many: list[Professional]) -> None:
    assert named_in("Klappenersatz empfohlen", "cardiology") == {"valve_replacement"}
    assert named_in("reemplazo valvular", "cardiology") == {"valve_replacement"}
    assert named_in("two valve replacements, heart failure", "cardiology") == {"valve_replacement", "heart_failure"}
    assert named_in("valve replacement", "dermatology") == frozenset()
    best = ask(most=500).candidates
    able = {row.id for row in many if {"valve_replacement", "heart_failure"} & set(row.procedures)}
    assert all(("expertise none" not in c.reasons[1]) == (c.professional_id in able) for c in best)


def test_profiles_take_keys_of_the_taxonomy_only(verified: Any) -> None:
    profile, principal = verified()
    changed = services.update_profile(
        principal=principal, professional_id=profile.id,
        changes={"procedures": ["pacemaker"], "sub_specialties": ["heart_failure"]},
    )  # fmt: skip
    assert (changed.procedures, changed.sub_specialties) == (("pacemaker",), ("heart_failure",))
    with pytest.raises(Invalid, match="astrology"):
        services.update_profile(principal=principal, professional_id=profile.id, changes={"procedures": ["astrology"]})


def test_each_term_belongs_to_specialties_of_the_same_list() -> None:
    known = {term.key for term in taxonomy().of_kind("specialties")}
    assert all(set(term.specialties) <= known for term in taxonomy().terms)
    assert {term.kind for term in taxonomy().terms} == set(KINDS)
    assert all(not term.code for term in taxonomy().of_kind("procedures"))
    assert UUID(int=0) not in services.find_conflicts(parties=(services.Party(role="payer", name="Nobody"),))
