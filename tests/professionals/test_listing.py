"""The public list: words, free time, and what it costs."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from cases.services.workflow import Transition
from config.kernel import clock
from config.kernel.errors import Invalid
from professionals import services
from professionals.models import CaseWork, Professional
from tests.client import ApiClient
from tests.factories.professionals import CalendarEntryFactory, ProfessionalFactory
from tests.professionals.crowd import crowd

pytestmark = pytest.mark.django_db
MONDAY = datetime(2027, 2, 1, tzinfo=UTC)


def make(**changes: Any) -> Professional:
    fields = {
        "display_name": "Dr. Jürgen Müller", "specialty": "internal_medicine",
        "organisation": "Klinikum Süd gGmbH", "procedures": ["colonoscopy"], "biography": "I see patients with gout.",
    }  # fmt: skip
    return ProfessionalFactory(**(fields | changes))


def found(**asked: Any) -> list[Any]:
    page, _ = services.list_public(limit=10, **asked)
    return [row["id"] for row in page]


@pytest.mark.parametrize(
    ("text", "finds"),
    [
        ("müller", True), ("Muller", True), ("MÜLL", True), ("internal medicine", True), ("klinikum gout", True),
        ("colonosc", True), ("müller oncology", False), ("üller", False), ("---", False), ("' | !x:*", False),
    ],
)  # fmt: skip
def test_every_word_asked_for_begins_a_word_of_the_public_fields(text: str, finds: bool) -> None:
    make()
    make(display_name="Dr. Hidden Müller", state="PENDING")
    assert len(found(text=text)) == int(finds)


def test_what_is_changed_is_found_by_its_new_words_only() -> None:
    row = make()
    row.biography, row.organisation = "I treat asthma.", "Praxis Nord"
    row.save()
    assert (found(text="asthma nord"), found(text="gout"), found(text="klinikum")) == ([row.id], [], [])


def free(hours: int = 24, start: datetime = MONDAY) -> list[Any]:
    return found(free_from=start, free_to=start + timedelta(hours=hours))


def test_a_window_finds_who_works_in_it_by_the_hours_of_their_own_zone() -> None:
    hours = [{"weekday": 0, "start": "09:00", "end": "12:00"}]
    tokyo = make(weekly_hours=hours, time_zone="Asia/Tokyo")
    berlin = make(weekly_hours=hours, time_zone="Europe/Berlin", display_name="Dr. B")
    assert free(4) == [tokyo.id]
    assert free(4, MONDAY + timedelta(hours=8)) == [berlin.id]
    assert free(24, MONDAY + timedelta(days=1)) == []


@pytest.mark.parametrize("taken", ["calendar", "out_of_office", "full", "not_accepting"])
def test_whoever_is_taken_for_the_window_is_not_found(taken: str) -> None:
    row = make(capacity=1)
    assert free() == [row.id]
    if taken == "calendar":
        CalendarEntryFactory(professional=row, starts_at=MONDAY - timedelta(days=1), ends_at=MONDAY + timedelta(days=1))
    elif taken == "full":
        case_id, patient_id = uuid4(), uuid4()
        told: dict[str, Any] = {"case_id": case_id, "patient_id": patient_id, "at": clock.now()}
        services.follow_case(user_id=row.user_id, transition=Transition.ACCEPT_OFFER, **told)
        assert free() == []
        services.follow_case(user_id=None, transition=Transition.END_ASSIGNMENT, **told)
        assert free() == [row.id]
        CaseWork.objects.update(active=True, user_id=row.user_id)
    else:
        changes = {"out_of_office": {"out_of_office_until": MONDAY.date()}, "not_accepting": {"accepting": False}}
        Professional.objects.update(**changes[taken])
    assert free() == []
    if taken in ("calendar", "out_of_office"):
        assert free(25) == [row.id]


@pytest.mark.parametrize(
    "asked",
    [
        {"free_from": MONDAY},
        {"free_from": MONDAY, "free_to": MONDAY},
        {"free_from": MONDAY, "free_to": MONDAY + timedelta(days=32)},
        {"text": "x" * 201},
    ],
)
def test_half_a_window_or_too_long_a_one_is_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        found(**asked)


def test_the_list_is_one_statement_whatever_is_asked(api: ApiClient, django_assert_num_queries: Any) -> None:
    crowd(30)
    path = "/professionals?specialty=cardiology&language=de&place=DE&q=number"
    path += "&free_from=2027-02-01T00:00:00Z&free_to=2027-02-05T00:00:00Z"
    with django_assert_num_queries(1, using="professionals"):
        body = api.get(f"{path}&limit=2").json()
    assert len(body["results"]) == 2
    again = api.get(body["next"]).json()["results"]
    assert {row["id"] for row in again}.isdisjoint({row["id"] for row in body["results"]})
    assert api.get("/professionals?free_from=soon&free_to=later").status_code == 400


@pytest.mark.parametrize("asked", ["½", "¼", "⅓", "a½", "½ ⅓", "ﷺ", "㎏", "ªb", "_", "x_½", "&|!():*", "'", "\\"])
def test_a_word_that_is_several_without_its_signs_is_looked_for_too(api: ApiClient, asked: str) -> None:
    assert api.get("/professionals", query={"q": asked}).status_code == 200


def test_the_taxonomy_is_read_with_its_version_and_every_key_once(api: ApiClient) -> None:
    body = api.get("/taxonomy").json()
    keys = [term["key"] for term in body["terms"]]
    assert len(keys) == len(set(keys)) >= 150
    assert "NUCC" in body["codes_from"]
    assert all(set(term["names"]) == {"en", "de", "es"} for term in body["terms"])
