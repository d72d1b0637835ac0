"""Moving a case: what is not in the table is refused, and a refusal changes nothing."""

from uuid import uuid4

import pytest

from cases.domain.workflow.states import Actor, State
from cases.domain.workflow.transitions import TABLE, Transition, between, leaving, rule_of
from cases.models import AuditEntry, Case, ClockInterval, Job, OutboxEntry, StatusHistory
from cases.services import workflow
from config.kernel.auth import Principal
from config.kernel.errors import Conflict, Forbidden, NotFound, PreconditionFailed
from tests.cases.support import Story, by
from tests.factories import make_patient, make_person

pytestmark = pytest.mark.django_db
ROLES = {
    Actor.COORDINATOR: "coordinator",
    Actor.NURSE: "nurse",
    Actor.MEDICAL_DIRECTOR: "medical_director",
    Actor.PRIVACY_OFFICER: "privacy_officer",
}


def put(story: Story, state: State) -> None:
    """Set the state aside of all rules: only what happens next is of interest."""
    Case.objects.filter(id=story.id).update(state=state)


def footprint(story: Story) -> tuple[object, ...]:
    row = Case.objects.filter(id=story.id).values().get()
    counts = (StatusHistory, OutboxEntry, ClockInterval, Job)
    moves = AuditEntry.objects.filter(action="case.move").count()
    return (row, moves, *(model.objects.count() for model in counts))


@pytest.mark.parametrize("source", State)
def test_every_pair_outside_of_the_table_is_refused_and_changes_nothing(source: State) -> None:
    story = Story()
    put(story, source)
    before = footprint(story)
    for target in State:
        if between(source, target) is not None:
            continue
        with pytest.raises(Conflict) as refusal:
            story.move(story.patient, target)
        assert refusal.value.code == "transition_unknown"
        assert refusal.value.extra["possible"] == sorted({str(row.target) for row in leaving(source)})
    assert footprint(story) == before


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.transition)
def test_a_role_that_is_not_in_the_row_is_refused_and_changes_nothing(row) -> None:
    story = Story()
    put(story, row.source)
    before = footprint(story)
    for actor, role in ROLES.items():
        if actor in row.who:
            continue
        with pytest.raises((Forbidden, NotFound)):
            story.move(make_person(role), row.target)
    if Actor.PATIENT not in row.who:
        with pytest.raises(Forbidden):
            story.move(story.patient, row.target)
    with pytest.raises(NotFound):
        story.move(make_patient(), row.target)
    assert footprint(story) == before


# Steps that an empty case must not take, and somebody whose role takes them.
GUARDED = [
    *((rule_of(step), "patient") for step in (Transition.SUBMIT, Transition.BEGIN_FOLLOW_UP)),
    *((rule_of(step), "coordinator") for step in (Transition.COLLECT_RECORDS, Transition.DELIVER)),
    *((row, "nurse") for row in leaving(State.TRIAGE) if Actor.NURSE in row.who),
    *(
        (rule_of(step), "medical_director")
        for step in (
            Transition.DECLINE_UNMATCHED,
            Transition.END_ASSIGNMENT,
            Transition.SEND_BACK,
            Transition.UPHOLD_OPINION,
            Transition.AMEND_IN_FOLLOW_UP,
            Transition.AMEND_DELIVERED,
            Transition.AMEND_CLOSED,
        )
    ),
    *((row, "privacy_officer") for row in TABLE if row.transition.stops_the_case and row.source is not State.DRAFT),
]


@pytest.mark.parametrize(("row", "role"), GUARDED, ids=[row.transition for row, _ in GUARDED])
def test_somebody_who_may_still_meets_the_guards(row, role) -> None:
    story = Story(questions=[], diagnosis={}, treating_clinician={}, country="")
    put(story, row.source)
    before = footprint(story)
    with pytest.raises(Conflict) as refusal:
        story.move(story.patient if role == "patient" else make_person(role), row.target)
    assert refusal.value.code == "case_guard_failed"
    assert refusal.value.extra["guard"] in {guard.__name__ for guard in row.guards}
    assert refusal.value.extra["satisfied_by"]
    assert footprint(story) == before


def test_an_unknown_target_is_refused_like_a_wrong_one() -> None:
    story = Story()
    with pytest.raises(Conflict):
        story.move(story.patient, "SOMEWHERE")


def test_a_transition_can_be_named_by_its_id_from_its_own_state_only() -> None:
    story = Story()
    with pytest.raises(Conflict):
        story.move(story.patient, Transition.CLOSE)
    assert story.move(story.patient, Transition.SUBMIT) == "SUBMITTED"


class TestOverHttp:
    def test_a_patient_submits_and_learns_what_comes_next(self, api) -> None:
        story = Story()
        response = api.as_(story.patient).patch(f"/cases/{story.id}/status", {"to": "SUBMITTED"})
        assert response.status_code == 200
        assert response["ETag"] == '"2"'
        assert response.json()["state"] == "SUBMITTED"
        assert [t["to"] for t in response.json()["transitions"]] == ["CANCELLED"]

    def test_a_refusal_names_the_guard_and_what_satisfies_it(self, api) -> None:
        story = Story(diagnosis={"text": ""})
        response = api.as_(story.patient).patch(f"/cases/{story.id}/status", {"to": "SUBMITTED"})
        problem = response.json()
        assert response.status_code == 409
        assert (problem["code"], problem["guard"], problem["transition"]) == (
            "case_guard_failed",
            "diagnosis_given",
            "T01",
        )
        assert "none yet" in problem["satisfied_by"]
        assert story.state == "DRAFT"

    def test_everything_that_stands_against_a_step_is_told_at_once(self, api) -> None:
        story = Story(diagnosis={}, treating_clinician={}, questions=[])
        client = api.as_(story.patient)
        problem = client.patch(f"/cases/{story.id}/status", {"to": "SUBMITTED"}).json()
        told = {one["code"]: one["detail"] for one in problem["errors"]}
        assert {"questions_asked", "diagnosis_given"} <= set(told)
        assert problem["detail"] == problem["satisfied_by"] == " ".join(told.values())
        (step,) = (one for one in client.get(f"/cases/{story.id}/transitions").json() if one["id"] == "T01")
        assert (step["unmet_guard"], step["satisfied_by"]) == (problem["guard"], problem["detail"])

    def test_an_old_etag_is_refused(self, api) -> None:
        story = Story()
        client = api.as_(story.patient)
        stale = client.patch(f"/cases/{story.id}/status", {"to": "SUBMITTED"}, headers={"If-Match": '"7"'})
        assert stale.status_code == 412
        assert story.state == "DRAFT"
        fresh = client.patch(f"/cases/{story.id}/status", {"to": "SUBMITTED"}, headers={"If-Match": '"1"'})
        assert fresh.status_code == 200

    @pytest.mark.parametrize("body", [{}, {"to": ""}, {"to": "x" * 25}, {"to": "SUBMITTED", "data": []}])
    def test_a_wrong_body_is_a_400(self, api, body) -> None:
        story = Story()
        assert api.as_(story.patient).patch(f"/cases/{story.id}/status", body).status_code == 400

    def test_strangers_and_nobody(self, api) -> None:
        story = Story()
        assert api.patch(f"/cases/{story.id}/status", {"to": "SUBMITTED"}).status_code == 401
        assert api.as_(make_patient()).patch(f"/cases/{story.id}/status", {"to": "CANCELLED"}).status_code == 404
        assert api.as_(story.patient).patch(f"/cases/{uuid4()}/status", {"to": "CANCELLED"}).status_code == 404

    def test_who_lets_go_of_a_case_gets_an_answer_and_no_further_steps(self, api) -> None:
        story = Story().in_review()
        client = api.as_(story.author)
        response = client.patch(f"/cases/{story.id}/status", {"to": "MATCHING", "reason": "I am ill."})
        assert response.status_code == 200
        assert response.json()["transitions"] == []
        assert client.get(f"/cases/{story.id}").status_code == 404

    def test_the_steps_a_caller_may_take_are_listed_with_what_stands_against_them(self, api) -> None:
        story = Story(diagnosis={}).row
        patient = Principal(user_id=story.patient_id, roles=frozenset({"patient"}), email_verified=True)
        found = {t["id"]: t for t in api.as_(patient).get(f"/cases/{story.id}/transitions").json()}
        assert set(found) == {"T01", "C-DRAFT"}
        assert found["T01"]["unmet_guard"] == "diagnosis_given"

    def test_the_history_is_told_to_the_patient_and_recorded(self, api) -> None:
        story = Story().submitted()
        entries = api.as_(story.patient).get(f"/cases/{story.id}/history").json()
        assert [(e["transition"], e["actor_role"]) for e in entries] == [("T01", "patient")]
        assert AuditEntry.objects.filter(action="case.read_history", object_id=story.id).count() == 1
        assert api.as_(make_patient()).get(f"/cases/{story.id}/history").status_code == 404


def test_two_movers_with_the_same_etag_move_it_once() -> None:
    story = Story().submitted()
    coordinator = make_person("coordinator")
    with by(coordinator):
        workflow.move(
            principal=coordinator, case_id=story.id, to="DECLINED", reason="Out of scope.", expected_version=2
        )
        with pytest.raises(PreconditionFailed):
            workflow.move(principal=coordinator, case_id=story.id, to="CANCELLED", reason="Again.", expected_version=2)
    assert story.state == "DECLINED"
