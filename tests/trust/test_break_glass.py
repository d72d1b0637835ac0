"""Emergency access: a reason, one hour, told to the patient, reviewed before the same person does it again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cases.models import AuditEntry, BreakGlass
from config.kernel import clock
from config.kernel.auth import Principal
from config.kernel.due_work import drain
from notifications.models import Notice
from tests.authorization.world import World
from tests.cases.support import INTAKE, Story, make_specialist
from tests.client import ApiClient
from tests.factories import make_patient, make_person
from tests.identity.at_once import at_once

pytestmark = pytest.mark.django_db
WHY = "Unconscious on arrival; allergies unknown."


@pytest.fixture
def story() -> Story:
    return Story().in_review(make_specialist())


def _break(api: ApiClient, who: Principal, story: Story, reason: str = WHY) -> Any:
    return api.as_(who).post(f"/cases/{story.id}/break-glass", {"reason": reason})


def test_twenty_uses_leave_twenty_rows_twenty_notices_and_twenty_reviews(api: ApiClient, story: Story) -> None:
    officer = make_person("privacy_officer")
    for _ in range(20):
        assert _break(api, make_person("coordinator"), story).status_code == 201
    drain()
    assert AuditEntry.objects.filter(action="case.break_glass", outcome="success").count() == 20
    assert Notice.objects.filter(user_id=story.patient.user_id, kind="break_glass_used").count() == 20
    assert Notice.objects.filter(user_id=officer.user_id, kind="break_glass_review").count() == 20
    queue = api.as_(officer).get("/break-glass", query={"state": "open", "limit": 100}).json()["results"]
    assert len(queue) == 20
    assert {one["reason"] for one in queue} == {WHY}
    for one in queue:
        reviewed = api.as_(officer).post(f"/break-glass/{one['id']}/review", {"justified": True, "remarks": "ok"})
        assert reviewed.json()["justified"] is True
    assert api.as_(officer).get("/break-glass", query={"state": "open"}).json()["results"] == []


def test_the_hour_opens_the_content_and_the_sixty_first_minute_does_not(api: ApiClient) -> None:
    world = World()
    story, coordinator = world.story, make_person("coordinator")
    page = f"/documents/{world.id_file}/pages/1"
    asked = (f"/documents/{world.id_adoc}/content", f"{page}.webp", f"{page}.thumb.webp", f"{page}/text")
    caller = api.as_(coordinator)
    assert [caller.get(path).status_code for path in asked] == [403] * 4
    assert caller.get(f"/cases/{story.id}").json()["title"] == ""
    began = clock.now()
    with clock.frozen(began):
        assert _break(api, coordinator, story).status_code == 201
    with clock.frozen(began + timedelta(minutes=59, seconds=59)):
        assert [caller.get(path).status_code for path in asked] == [200] * 4
        assert caller.get(f"/cases/{story.id}").json()["intake"]["history"] == INTAKE["history"]
    for late in (timedelta(minutes=60), timedelta(minutes=61)):
        with clock.frozen(began + late):
            assert [caller.get(path).status_code for path in asked] == [403] * 4
            assert caller.get(f"/cases/{story.id}").json()["intake"] == {}


def test_what_is_read_in_it_is_recorded_as_such_and_told_to_the_patient(api: ApiClient, story: Story) -> None:
    coordinator, document = make_person("coordinator"), story.put_document()
    use = _break(api, coordinator, story).json()["id"]
    api.as_(coordinator).get(f"/cases/{story.id}")
    api.as_(coordinator).get(f"/documents/{document.id}/content")
    rows = AuditEntry.objects.filter(actor_id=coordinator.user_id, action__in=("case.read", "document.read_content"))
    assert [row.detail.get("break_glass") for row in rows] == [use, use]
    ledger = api.as_(story.patient).get("/audit", query={"patient": story.patient.user_id}).json()["results"]
    told = [one for one in ledger if one["break_glass"] or one["action"] == "case.break_glass"]
    assert {one["action"] for one in told} == {"case.break_glass", "case.read", "document.read_content"}
    assert {one["why"] for one in told} == {"emergency"}
    assert {str(one["consent"]) for one in told} == {"None"}


def test_it_reaches_all_of_that_patients_cases_and_nobody_elses(api: ApiClient, story: Story) -> None:
    coordinator = make_person("coordinator")
    second, stranger = Story(story.patient).submitted(), Story().submitted()
    _break(api, coordinator, story)
    assert api.as_(coordinator).get(f"/cases/{second.id}").json()["title"] == INTAKE["title"]
    assert api.as_(coordinator).get(f"/cases/{stranger.id}").json()["title"] == ""


def test_it_is_the_persons_who_used_it(api: ApiClient, story: Story) -> None:
    _break(api, make_person("coordinator"), story)
    assert api.as_(make_person("coordinator")).get(f"/cases/{story.id}").json()["title"] == ""


def test_the_same_person_waits_for_the_review_of_their_last_use(api: ApiClient, story: Story) -> None:
    coordinator, officer, other = make_person("coordinator"), make_person("privacy_officer"), Story().submitted()
    use = _break(api, coordinator, story).json()["id"]
    with clock.frozen(clock.now() + timedelta(days=3)):
        refused = _break(api, coordinator, other)
        assert (refused.status_code, refused.json()["code"]) == (409, "break_glass_review_due")
        assert AuditEntry.objects.filter(action="case.break_glass", outcome="denied").count() == 1
        api.as_(officer).post(f"/break-glass/{use}/review", {"justified": False, "remarks": "Curiosity."})
        assert _break(api, coordinator, other).status_code == 201


def test_a_review_ends_a_use_that_still_runs(api: ApiClient, story: Story) -> None:
    coordinator, officer = make_person("coordinator"), make_person("privacy_officer")
    use = _break(api, coordinator, story).json()["id"]
    assert api.as_(coordinator).get(f"/cases/{story.id}").json()["title"] == INTAKE["title"]
    api.as_(officer).post(f"/break-glass/{use}/review", {"justified": False})
    assert api.as_(coordinator).get(f"/cases/{story.id}").json()["title"] == ""


def test_nobody_reviews_themselves_or_twice(api: ApiClient, story: Story) -> None:
    both, officer = make_person("coordinator", "privacy_officer"), make_person("privacy_officer")
    use = _break(api, both, story).json()["id"]
    address = f"/break-glass/{use}/review"
    assert api.as_(both).post(address, {"justified": True}).json()["code"] == "second_person_needed"
    assert api.as_(officer).post(address, {"justified": True}).status_code == 200
    assert api.as_(officer).post(address, {"justified": False}).json()["code"] == "break_glass_reviewed"


@pytest.mark.parametrize("reason", ["", "   ", "urgent", " " * 40 + "x"])
def test_without_a_reason_nothing_opens(api: ApiClient, story: Story, reason: str) -> None:
    assert _break(api, make_person("coordinator"), story, reason).status_code == 400
    assert not BreakGlass.objects.exists()


@pytest.mark.parametrize(
    ("role", "status"),
    [("support", 403), ("privacy_officer", 403), ("nurse", 201), ("medical_director", 201), ("administrator", 201)],
)
def test_who_has_a_duty_to_patients_may(api: ApiClient, story: Story, role: str, status: int) -> None:
    assert _break(api, make_person(role), story).status_code == status


def test_an_administrator_sees_no_content_in_it_either(api: ApiClient, story: Story) -> None:
    administrator, document = make_person("administrator"), story.put_document()
    _break(api, administrator, story)
    assert api.as_(administrator).get(f"/documents/{document.id}/content").status_code == 403
    assert api.as_(administrator).get(f"/cases/{story.id}").json()["title"] == ""


def test_a_draft_is_not_there_for_staff_in_an_emergency_either(api: ApiClient) -> None:
    draft = Story()
    assert _break(api, make_person("coordinator"), draft).status_code == 404


def test_the_reason_is_sealed_and_in_no_audit_row(api: ApiClient, story: Story) -> None:
    _break(api, make_person("coordinator"), story)
    row = BreakGlass.objects.get()
    assert b"Unconscious" not in bytes(row.reason_sealed)
    assert not [entry for entry in AuditEntry.objects.all() if "Unconscious" in str(entry.detail)]


def test_pages_of_the_queue_meet(api: ApiClient, story: Story) -> None:
    officer = make_person("privacy_officer")
    made = [_break(api, make_person("nurse"), story).json()["id"] for _ in range(5)]
    address, found = "/break-glass?limit=2", []
    while address:
        page = api.as_(officer).get(address).json()
        found += [one["id"] for one in page["results"]]
        address = page["next"]
    assert found == made[::-1]


@pytest.mark.django_db(transaction=True)
def test_of_eight_uses_at_the_same_instant_by_one_person_one_is_let_through(api: ApiClient) -> None:
    coordinator = make_person("coordinator")
    stories = [Story(make_patient()).submitted() for _ in range(8)]
    answers, errors = at_once(lambda number: _break(api, coordinator, stories[number]).status_code, times=8)
    assert not errors
    assert sorted(answers) == [201] + [409] * 7
