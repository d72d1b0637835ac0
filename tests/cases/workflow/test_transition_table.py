"""The table in the code is the table in the specification, written out here a second time by hand."""

import pytest

from cases.domain.workflow import guards as all_guards
from cases.domain.workflow import transitions
from cases.domain.workflow.states import BEFORE_SIGNED, Actor, State
from tests.cases.workflow.test_guards import GUARDS

SPECIFIED = {
    "T01": ("DRAFT", "SUBMITTED", "patient treating_clinician"),
    "T02": ("SUBMITTED", "COLLECTING_RECORDS", "coordinator clock"),
    "T03": ("SUBMITTED", "TRIAGE", "coordinator clock"),
    "T04": ("COLLECTING_RECORDS", "TRIAGE", "coordinator clock"),
    "T05": ("TRIAGE", "COLLECTING_RECORDS", "nurse"),
    "T06": ("TRIAGE", "MATCHING", "nurse"),
    "T07": ("TRIAGE", "DECLINED", "nurse medical_director"),
    "T08": ("MATCHING", "IN_REVIEW", "specialist"),
    "T09": ("MATCHING", "DECLINED", "medical_director"),
    "T10": ("IN_REVIEW", "MATCHING", "specialist coordinator medical_director clock"),
    "T11": ("IN_REVIEW", "CLARIFICATION", "specialist"),
    "T12": ("CLARIFICATION", "IN_REVIEW", "patient treating_clinician coordinator clock specialist"),
    "T13": ("IN_REVIEW", "COLLECTING_RECORDS", "specialist"),
    "T14": ("IN_REVIEW", "PEER_REVIEW", "specialist"),
    "T15": ("IN_REVIEW", "READY_TO_SIGN", "specialist"),
    "T16": ("PEER_REVIEW", "IN_REVIEW", "peer"),
    "T17": ("PEER_REVIEW", "READY_TO_SIGN", "peer"),
    "T18": ("PEER_REVIEW", "ADJUDICATION", "peer specialist"),
    "T19": ("ADJUDICATION", "IN_REVIEW", "medical_director"),
    "T20": ("ADJUDICATION", "READY_TO_SIGN", "medical_director"),
    "T21": ("READY_TO_SIGN", "SIGNED", "specialist"),
    "T22": ("READY_TO_SIGN", "IN_REVIEW", "specialist medical_director"),
    "T23": ("SIGNED", "DELIVERED", "coordinator clock"),
    "T24": ("DELIVERED", "FOLLOW_UP", "patient clock"),
    "T25": ("FOLLOW_UP", "CLOSED", "patient coordinator clock"),
    "T26": ("FOLLOW_UP", "AMENDING", "specialist medical_director"),
    "T27": ("DELIVERED", "AMENDING", "specialist medical_director"),
    "T28": ("CLOSED", "AMENDING", "specialist medical_director"),
    "T29": ("AMENDING", "PEER_REVIEW", "specialist"),
    "T30": ("CLOSED", "FOLLOW_UP", "patient coordinator"),
    "T31": ("DRAFT", "EXPIRED", "clock"),
    "T32": ("COLLECTING_RECORDS", "EXPIRED", "clock"),
    "T33": ("EXPIRED", "COLLECTING_RECORDS", "patient coordinator"),
    "T34": ("SUBMITTED", "DECLINED", "nurse coordinator"),
}
# The guards that the specification names for the steps whose failure would hurt somebody.
GUARDED = {
    "T01": {"email_verified", "intake_consents", "questions_asked", "diagnosis_given", "treating_contact"},
    "T06": {"triage_recorded", "legal_basis_chosen"},
    "T08": {"offer_open", "licence_covers_place", "coi_clear", "caseload_below_cap", "not_treating"},
    "T14": {"first_read_sealed", "questions_answered", "agreement_coded", "ai_items_decided", "peer_review_asked"},
    "T15": {"first_read_sealed", "questions_answered", "agreement_coded", "ai_items_decided"},
    "T17": {"peer_is_independent", "peer_agrees", "licence_covers_place", "coi_clear"},
    "T20": {"decision_recorded", "adjudicator_is_independent"},
    "T21": {
        "fresh_second_factor",
        "licence_covers_place",
        "approved_content_unchanged",
        "sharing_consent",
        "decisions_stand",
    },
    "T23": {"report_built", "release_consent"},
}


@pytest.mark.parametrize(("name", "row"), SPECIFIED.items(), ids=SPECIFIED)
def test_each_specified_row_has_its_states_and_actors(name: str, row: tuple[str, str, str]) -> None:
    source, target, who = row
    found = transitions.named(name)
    assert found is not None
    assert (found.source, found.target) == (source, target)
    assert found.who == {Actor(actor) for actor in who.split()}


def test_the_table_has_no_other_numbered_row() -> None:
    assert {row.transition for row in transitions.TABLE if row.transition.startswith("T")} == set(SPECIFIED)


@pytest.mark.parametrize(("name", "guards"), GUARDED.items(), ids=GUARDED)
def test_a_dangerous_step_keeps_its_guards(name: str, guards: set[str]) -> None:
    row = transitions.named(name)
    assert row is not None
    assert guards <= {guard.__name__ for guard in row.guards}


def test_every_state_before_the_signature_can_be_cancelled_and_no_other() -> None:
    cancelling = {row.source for row in transitions.TABLE if row.target is State.CANCELLED}
    assert cancelling == set(BEFORE_SIGNED)
    assert State.SIGNED not in cancelling
    for row in transitions.TABLE:
        if row.target is State.CANCELLED:
            assert row.who == {Actor.PATIENT, Actor.COORDINATOR, Actor.PRIVACY_OFFICER}


def test_every_state_after_the_draft_can_be_marked_as_an_error_by_the_two_officers() -> None:
    rows = [row for row in transitions.TABLE if row.target is State.ENTERED_IN_ERROR]
    assert {row.source for row in rows} == set(State) - {State.DRAFT, State.ENTERED_IN_ERROR}
    for row in rows:
        assert row.who == {Actor.PRIVACY_OFFICER, Actor.MEDICAL_DIRECTOR}
        assert row.guards == (all_guards.two_person_incident_record,)


def test_no_pair_of_states_has_two_rows() -> None:
    pairs = [(row.source, row.target) for row in transitions.TABLE]
    assert len(pairs) == len(set(pairs))


def test_no_guard_is_unused() -> None:
    used = {guard for row in transitions.TABLE for guard in row.guards}
    assert used == set(GUARDS.values())


def test_each_transition_has_one_row_and_each_row_is_found_by_its_code() -> None:
    assert {row.transition for row in transitions.TABLE} == set(transitions.Transition)
    assert len(transitions.TABLE) == len(transitions.Transition)
    for transition in transitions.Transition:
        assert transitions.named(transition.value) is transitions.rule_of(transition)
        assert transitions.rule_of(transition).transition is transition
    assert transitions.named("T99") is None


def test_a_transition_that_stops_the_case_says_so_and_no_other() -> None:
    ends = {State.CANCELLED, State.ENTERED_IN_ERROR}
    for row in transitions.TABLE:
        assert row.transition.stops_the_case == (row.target in ends)


def test_a_case_entered_in_error_goes_nowhere() -> None:
    assert transitions.leaving(State.ENTERED_IN_ERROR) == ()


def test_only_the_specialist_signs() -> None:
    signing = [row for row in transitions.TABLE if row.target is State.SIGNED]
    assert [row.who for row in signing] == [{Actor.SPECIALIST}]


@pytest.mark.parametrize("source", State)
@pytest.mark.parametrize("target", State)
def test_a_pair_is_found_exactly_when_it_is_in_the_specification(source: State, target: State) -> None:
    specified = (str(source), str(target)) in {row[:2] for row in SPECIFIED.values()}
    cancelled = target is State.CANCELLED and source in BEFORE_SIGNED
    erroneous = target is State.ENTERED_IN_ERROR and source not in (State.DRAFT, State.ENTERED_IN_ERROR)
    assert (transitions.between(source, target) is not None) == (specified or cancelled or erroneous)


def test_findings_are_counted_only_where_the_first_read_is_asked_for_too() -> None:
    counting = [rule.guards for rule in transitions.TABLE if all_guards.ai_items_decided in rule.guards]
    assert len(counting) == 2
    assert all(all_guards.first_read_sealed in needs for needs in counting)
