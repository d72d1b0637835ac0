"""Opening, listing, reading and editing cases over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest import mock
from uuid import uuid4

import psycopg
import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from cases.models import AuditEntry, Case, OutboxEntry, Question
from config.kernel import clock
from identity import services as identity
from tests.cases.support import INTAKE, Story
from tests.factories import make_account, make_patient, make_person, principal_for

pytestmark = pytest.mark.django_db


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement that goes to the database of cases, by whichever way."""
    found: list[str] = []
    original = psycopg.Cursor.execute

    def counted(cursor, query, *args, **options):
        # The patient's key is remembered once its transaction is committed, which in a test it never is.
        if "datakey" not in str(query):
            found.append(str(query))
        return original(cursor, query, *args, **options)

    with mock.patch.object(psycopg.Cursor, "execute", counted), CaptureQueriesContext(connections["cases"]) as others:
        yield found
    found += [query["sql"] for query in others]


class TestOpening:
    def test_a_patient_opens_a_case_and_owns_it(self, api) -> None:
        patient = make_patient()
        client = api.as_(patient)
        assert client.post("/cases", INTAKE | {"patient_id": str(uuid4())}).status_code == 400
        response = client.post("/cases", INTAKE)
        body = response.json()
        assert response.status_code == 201
        assert response["Location"] == f"/api/v1/cases/{body['id']}"
        assert response["ETag"] == '"1"'
        assert body["state"] == "DRAFT"
        assert body["turn"] == "patient"
        assert [q["text"] for q in body["questions"]] == INTAKE["questions"]
        assert body["intake"]["diagnosis"]["icd10"] == "I35.0"
        assert Case.objects.get(id=body["id"]).patient_id == patient.user_id

    def test_opening_leaves_an_event_and_an_audit_row(self, api) -> None:
        patient = make_patient()
        case_id = api.as_(patient).post("/cases", INTAKE).json()["id"]
        event = OutboxEntry.objects.get(aggregate_id=case_id)
        assert event.name == "cases.case.opened.v1"
        assert event.payload["patient_id"] == str(patient.user_id)
        entry = AuditEntry.objects.get(object_id=case_id, action="case.open")
        assert entry.actor_id == entry.patient_id == patient.user_id

    def test_nobody_signed_in_is_asked_to_sign_in(self, api) -> None:
        response = api.post("/cases", INTAKE)
        assert response.status_code == 401
        assert response["Content-Type"] == "application/problem+json"

    @pytest.mark.parametrize("role", ["professional", "coordinator", "nurse", "administrator"])
    def test_only_patients_open_cases(self, api, role) -> None:
        assert api.as_(make_person(role)).post("/cases", INTAKE).status_code == 403
        assert not Case.objects.exists()

    @pytest.mark.parametrize(
        ("change", "pointer"),
        [
            ({"title": ""}, "#/title"),
            ({"title": "x" * 201}, "#/title"),
            ({"country": "Germany"}, "#/country"),
            ({"questions": ["q"] * 11}, "#/questions"),
            ({"diagnosis": {"text": "x", "icd10": "hello"}}, "#/diagnosis/icd10"),
            ({"medicines": [{"dose": "1 mg"}]}, "#/medicines/0/name"),
            ({"language": "tlh"}, "#/language"),
        ],
    )
    def test_a_wrong_field_is_named(self, api, change, pointer) -> None:
        response = api.as_(make_patient()).post("/cases", INTAKE | change)
        assert response.status_code == 400
        assert pointer in [error["pointer"] for error in response.json()["errors"]]
        assert not Case.objects.exists()

    def test_the_same_key_opens_one_case(self, api) -> None:
        client, headers = api.as_(make_patient()), {"Idempotency-Key": "one"}
        first, second = (client.post("/cases", INTAKE, headers=headers) for _ in range(2))
        assert first.json() == second.json()
        assert second["Idempotent-Replayed"] == "true"
        assert Case.objects.count() == 1

    def test_the_same_key_with_another_body_is_refused(self, api) -> None:
        client, headers = api.as_(make_patient()), {"Idempotency-Key": "one"}
        client.post("/cases", INTAKE, headers=headers)
        other = client.post("/cases", INTAKE | {"title": "Another"}, headers=headers)
        assert other.status_code == 422
        assert Case.objects.count() == 1


class TestListing:
    def test_a_patient_sees_their_own_cases_newest_first(self, api) -> None:
        one, two = Story(), Story()
        third = Story(one.patient, title="The knee")
        rows = api.as_(one.patient).get("/cases").json()["results"]
        assert [row["id"] for row in rows] == [str(third.id), str(one.id)]
        assert [row["title"] for row in rows] == ["The knee", INTAKE["title"]]
        assert {row["relation"] for row in rows} == {"owner"}
        assert str(two.id) not in str(rows)

    def test_pages_follow_each_other_without_gap_or_overlap(self, api) -> None:
        patient = make_patient()
        ids = [str(Story(patient).id) for _ in range(5)]
        client, seen, path = api.as_(patient), [], "/cases?limit=2"
        while path:
            page = client.get(path).json()
            seen += [row["id"] for row in page["results"]]
            path = page["next"]
        assert seen == ids[::-1]

    def test_a_wrong_cursor_or_state_is_a_400(self, api) -> None:
        client = api.as_(make_patient())
        assert client.get("/cases?cursor=nonsense!").status_code == 400
        assert client.get("/cases?state=LOST").status_code == 400
        assert client.get("/cases?limit=0").status_code == 400

    def test_the_list_is_filtered_by_states(self, api) -> None:
        story = Story()
        Story(story.patient).submitted()
        client = api.as_(story.patient)
        assert [row["state"] for row in client.get("/cases?state=SUBMITTED").json()["results"]] == ["SUBMITTED"]
        assert len(client.get("/cases?state=SUBMITTED,DRAFT").json()["results"]) == 2

    def test_an_unassigned_specialist_sees_nothing(self, api) -> None:
        Story().submitted()
        assert api.as_(make_person("professional")).get("/cases").json() == {"next": None, "results": []}

    def test_staff_see_status_without_title_and_no_drafts(self, api) -> None:
        Story()
        shown = Story().submitted()
        rows = api.as_(make_person("coordinator")).get("/cases").json()["results"]
        assert [row["id"] for row in rows] == [str(shown.id)]
        assert rows[0]["title"] == ""
        assert rows[0]["relation"] == "staff"

    def test_staff_who_are_patients_see_their_own_case_as_its_patient(self, api) -> None:
        both = make_patient(roles=frozenset({"patient", "coordinator"}))
        Story(both)
        row = api.as_(both).get("/cases").json()["results"][0]
        assert (row["relation"], row["title"]) == ("owner", INTAKE["title"])

    def test_a_nurse_reads_titles_while_the_case_is_hers_to_triage(self, api) -> None:
        story = Story().in_triage()
        nurse = make_person("nurse")
        assert api.as_(nurse).get("/cases").json()["results"][0]["title"] == INTAKE["title"]
        story.move(nurse, "T06", urgency="soon", specialty="cardiology", service_type="records",
                   red_flag_check="none", legal_basis="licence")  # fmt: skip
        assert api.as_(nurse).get("/cases").json()["results"][0]["title"] == ""

    def test_of_one_patients_cases_a_nurse_reads_the_titles_of_those_alone_that_are_hers(self, api) -> None:
        hers = Story().in_triage()
        other = Story(hers.patient).in_matching()
        listed = {one["id"]: one["title"] for one in api.as_(make_person("nurse")).get("/cases").json()["results"]}
        assert listed[str(hers.id)]
        assert listed[str(other.id)] == ""

    def test_the_list_costs_one_query_and_one_a_second_for_proxies_however_long_it_is(self, api, monkeypatch) -> None:
        # As long as this test may take.
        monkeypatch.setattr("identity.services.privacy.proxies.MAX_AGE", 1000.0)
        patient = make_patient()
        client = api.as_(patient)
        Story(patient)
        client.get("/cases")
        for _ in range(3):
            Story(patient)
        monkeypatch.setattr("identity.services.privacy.proxies._alone", {})
        for expected in ((2, 1), (1, 0)):
            with statements() as cases, CaptureQueriesContext(connections["default"]) as own:
                assert len(client.get("/cases").json()["results"]) == 4
            whom_for = [statement for statement in cases if "identity_proxy" in statement]
            assert (len(cases), len(whom_for)) == expected
        assert len([q for q in own if "datakey" in q["sql"]]) <= 1

    def test_each_listed_case_leaves_an_access_row_that_its_patient_can_see(self, api) -> None:
        story = Story().submitted()
        coordinator = make_person("coordinator")
        api.as_(coordinator).get("/cases")
        entry = AuditEntry.objects.get(action="case.list", actor_id=coordinator.user_id)
        assert (entry.patient_id, entry.object_id) == (story.patient.user_id, story.id)

    def test_a_patients_own_list_leaves_one_access_row(self, api) -> None:
        story = Story()
        Story(story.patient)
        api.as_(story.patient).get("/cases")
        entry = AuditEntry.objects.get(action="case.list")
        assert (entry.patient_id, entry.actor_id, entry.object_id) == (story.patient.user_id,) * 2 + (None,)


class TestReading:
    def test_the_patient_reads_everything(self, api) -> None:
        story = Story()
        response = api.as_(story.patient).get(f"/cases/{story.id}")
        body = response.json()
        assert response.status_code == 200
        assert response["ETag"] == '"1"'
        assert response["Cache-Control"] == "private, no-store"
        assert body["intake"]["medicines"] == INTAKE["medicines"]
        assert [q["text"] for q in body["questions"]] == INTAKE["questions"]

    def test_somebody_elses_case_looks_like_no_case(self, api) -> None:
        story = Story().submitted()
        stranger = api.as_(make_patient())
        mine, none = stranger.get(f"/cases/{story.id}"), stranger.get(f"/cases/{uuid4()}")
        assert mine.status_code == none.status_code == 404
        assert {k: v for k, v in mine.json().items() if k != "request_id"} == {
            k: v for k, v in none.json().items() if k != "request_id"
        }

    def test_an_unassigned_specialist_finds_no_case(self, api) -> None:
        story = Story().submitted()
        assert api.as_(make_person("professional")).get(f"/cases/{story.id}").status_code == 404

    def test_staff_see_status_and_dates_only(self, api) -> None:
        story = Story().submitted()
        body = api.as_(make_person("coordinator")).get(f"/cases/{story.id}").json()
        assert (body["state"], body["title"], body["intake"], body["questions"]) == ("SUBMITTED", "", {}, [])
        assert body["patient_id"] is None
        assert "stenosis" not in str(body)

    def test_a_draft_is_the_patients_alone(self, api) -> None:
        story = Story()
        for role in ("coordinator", "nurse", "medical_director", "administrator"):
            assert api.as_(make_person(role)).get(f"/cases/{story.id}").status_code == 404

    def test_an_offered_specialist_sees_what_they_need_to_decide(self, api) -> None:
        story = Story().offered()
        body = api.as_(story.author).get(f"/cases/{story.id}").json()
        assert (body["relation"], body["specialty"], body["question_count"]) == ("offered", "cardiology", 2)
        assert (body["country"], body["title"], body["intake"]) == ("DE", "", {})

    def test_an_offer_that_ended_shows_nothing_more(self, api) -> None:
        story = Story().offered()
        with clock.shifted(timedelta(hours=49)):
            assert api.as_(story.author).get(f"/cases/{story.id}").status_code in (401, 404)

    def test_the_assigned_specialist_reads_everything(self, api) -> None:
        story = Story().in_review()
        body = api.as_(story.author).get(f"/cases/{story.id}").json()
        assert body["relation"] == "assigned"
        assert body["intake"]["history"] == INTAKE["history"]
        assert body["clock_running"] is True

    def test_a_refused_reading_is_recorded_too(self, api) -> None:
        story, stranger = Story(), make_patient()
        api.as_(stranger).get(f"/cases/{story.id}")
        entry = AuditEntry.objects.get(action="case.read", actor_id=stranger.user_id)
        assert (entry.outcome, entry.object_id) == ("denied", story.id)

    def test_the_page_costs_one_query(self, api) -> None:
        story = Story()
        client = api.as_(story.patient)
        client.get(f"/cases/{story.id}")
        for _ in range(3):
            story.put_document()
        with statements() as found:
            assert len(client.get(f"/cases/{story.id}").json()["documents"]) == 3
        assert len(found) == 1

    def test_times_are_utc_with_z(self, api) -> None:
        story = Story()
        assert api.as_(story.patient).get(f"/cases/{story.id}").json()["created_at"].endswith("Z")

    def test_a_service_key_reads_no_case(self, api) -> None:
        from config.kernel.auth import Principal

        story = Story().submitted()
        key = api.as_(Principal(user_id=uuid4(), roles=frozenset(), kind="service"))
        assert key.get(f"/cases/{story.id}").status_code in (401, 403, 404)


class TestEditing:
    def test_the_named_fields_change_and_the_others_stay(self, api) -> None:
        story = Story()
        client = api.as_(story.patient)
        response = client.put(f"/cases/{story.id}", {"title": "New", "questions": ["Only this?"]})
        assert response.status_code == 200
        body = client.get(f"/cases/{story.id}").json()
        assert body["title"] == "New"
        assert [q["text"] for q in body["questions"]] == ["Only this?"]
        assert body["intake"]["diagnosis"]["text"] == "Aortic stenosis"
        assert Question.objects.filter(case=story.id).count() == 1

    def test_an_old_etag_is_refused_and_nothing_changes(self, api) -> None:
        story = Story()
        client = api.as_(story.patient)
        assert client.put(f"/cases/{story.id}", {"title": "A"}, headers={"If-Match": '"1"'}).status_code == 200
        stale = client.put(f"/cases/{story.id}", {"title": "B"}, headers={"If-Match": '"1"'})
        assert stale.status_code == 412
        assert client.get(f"/cases/{story.id}").json()["title"] == "A"

    def test_a_submitted_case_is_frozen(self, api) -> None:
        story = Story().submitted()
        response = api.as_(story.patient).put(f"/cases/{story.id}", {"title": "Changed"})
        assert response.status_code == 409
        assert response.json()["code"] == "case_not_draft"
        assert api.as_(story.patient).get(f"/cases/{story.id}").json()["title"] == INTAKE["title"]

    def test_others_do_not_edit(self, api) -> None:
        story = Story()
        assert api.as_(make_patient()).put(f"/cases/{story.id}", {"title": "Mine"}).status_code == 404
        assert api.as_(make_person("coordinator")).put(f"/cases/{story.id}", {"title": "x"}).status_code == 404
        reviewed = Story().in_review()
        assert api.as_(reviewed.author).put(f"/cases/{reviewed.id}", {"title": "x"}).status_code == 403
        assert api.as_(make_person("coordinator")).put(f"/cases/{reviewed.id}", {"title": "x"}).status_code == 403


def test_an_account_that_does_not_say_whose_it_is_opens_no_case(api):
    account = make_account(email_verified=False)
    token = identity.issue_email_token(user_id=account.id, purpose="reset")
    identity.reset_password(token=token, password="eleven quiet lighthouses")
    mine = api.as_(principal_for(identity.find_account(email=account.email)))
    answer = mine.post("/cases", {"title": "A question"})
    assert (answer.status_code, answer.json()["code"]) == (409, "profile_incomplete")
    assert mine.put("/profile/me", {"full_name": "Maria Keller"}).status_code == 200
    assert mine.post("/cases", {"title": "A question"}).status_code == 201
