"""Each guard alone: it holds, or it says what would satisfy it."""

import inspect
from types import SimpleNamespace
from typing import Any

import pytest

from cases.domain.workflow import guards
from cases.domain.workflow.facts import Facts
from cases.domain.workflow.guards import MAX_CLARIFICATION_ROUNDS, MAX_QUESTIONS, holds, unmet
from cases.services.workflow.guard_facts import CaseFacts

# Every guard of the module, by the name that a refusal tells.
GUARDS = {
    name: function
    for name, function in inspect.getmembers(guards, inspect.isfunction)
    if inspect.signature(function).parameters.keys() == {"facts"}
}
FIT = SimpleNamespace(allowed=True, reasons=(), rule_id="R1")
UNFIT = SimpleNamespace(allowed=False, reasons=("no licence in US-CA",), rule_id="R7")
TRIAGED = {"urgency": "soon", "specialty": "cardiology", "service_type": "records", "red_flag_check": "none"}

# guard → (facts under which it holds, facts under which it does not)
CASES: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = {
    "email_verified": [({"email_verified": True}, {"email_verified": False})],
    "intake_consents": [
        ({"consents": {"service", "sharing"}}, {"consents": {"service"}}),
        ({"consents": {"service", "sharing", "release"}}, {"consents": set()}),
    ],
    "questions_asked": [
        ({"question_count": 1}, {"question_count": 0}),
        ({"question_count": MAX_QUESTIONS}, {"question_count": MAX_QUESTIONS + 1}),
    ],
    "diagnosis_given": [({"diagnosis_given": True}, {"diagnosis_given": False})],
    "treating_contact": [({"treating_contact": True}, {"treating_contact": False})],
    "location_known": [({"location_known": True}, {"location_known": False})],
    "records_missing": [({"missing_items": ("letter",)}, {"missing_items": ()})],
    "checklist_complete": [({"missing_items": ()}, {"missing_items": ("letter",)})],
    "documents_cleared": [({"uncleared_documents": 0}, {"uncleared_documents": 1})],
    "missing_item_named": [({"data": {"missing_item": "the MRI"}}, {"data": {}})],
    "triage_recorded": [({"triage": TRIAGED}, {"triage": TRIAGED | {"red_flag_check": ""}})],
    "legal_basis_chosen": [({"triage": {"legal_basis": "licence"}}, {"triage": {}})],
    "reason_given": [({"reason": "moved away"}, {"reason": "  "})],
    "emergency_advice_delivered": [
        (
            {"triage": {"red_flag_check": "none"}},
            {"triage": {"red_flag_check": "red_flag"}, "emergency_advice_read": False},
        ),
        (
            {
                "triage": {"red_flag_check": "red_flag"},
                "data": {"emergency_advice_delivered": True},
                "emergency_advice_read": False,
            },
            {
                "triage": {"red_flag_check": "red_flag"},
                "data": {"emergency_advice_delivered": False},
                "emergency_advice_read": False,
            },
        ),
        (
            {"triage": {"red_flag_check": "red_flag"}, "emergency_advice_read": True},
            {"triage": {"red_flag_check": "red_flag"}, "emergency_advice_read": False},
        ),
    ],
    "offer_open": [({"offer_open": True}, {"offer_open": False})],
    "licence_covers_place": [({"fitness": FIT}, {"fitness": UNFIT})],
    "coi_clear": [({"coi_faults": ()}, {"coi_faults": ("treated the patient",)})],
    "caseload_below_cap": [
        ({"caseload": 4, "capacity": 5}, {"caseload": 5, "capacity": 5}),
        ({"caseload": 0, "capacity": 1}, {"caseload": 0, "capacity": 0}),
    ],
    "not_treating": [({"is_treating": False}, {"is_treating": True})],
    "sharing_consent": [({"consents": {"sharing"}}, {"consents": {"service", "release"}})],
    "clarification_open": [({"open_clarifications": 1}, {"open_clarifications": 0})],
    "clarification_rounds_left": [
        (
            {"clarification_rounds": MAX_CLARIFICATION_ROUNDS - 1},
            {"clarification_rounds": MAX_CLARIFICATION_ROUNDS},
        )
    ],
    "clarification_settled": [
        (
            {"open_clarifications": 0, "clarification_overdue": False, "actor_is_specialist": False},
            {"open_clarifications": 1, "clarification_overdue": False, "actor_is_specialist": False},
        ),
        (
            {"open_clarifications": 1, "clarification_overdue": True, "actor_is_specialist": False},
            {"open_clarifications": 2, "clarification_overdue": False, "actor_is_specialist": False},
        ),
        (
            {"open_clarifications": 1, "clarification_overdue": False, "actor_is_specialist": True},
            {"open_clarifications": 1, "clarification_overdue": False, "actor_is_specialist": False},
        ),
    ],
    "intake_answered": [({"intake_unanswered": ()}, {"intake_unanswered": ("How are you?",)})],
    "red_flags_acknowledged": [({"red_flags_open": 0}, {"red_flags_open": 1})],
    "red_flags_looked_at": [
        ({"red_flags_raised": 0, "triage": {}}, {"red_flags_raised": 1, "triage": {"red_flag_check": "none"}}),
        (
            {"red_flags_raised": 2, "triage": {"red_flag_check": "cleared"}},
            {"red_flags_raised": 1, "triage": {}},
        ),
    ],
    "first_read_sealed": [({"first_read_sealed": True}, {"first_read_sealed": False})],
    "questions_answered": [({"unanswered_questions": ()}, {"unanswered_questions": (2, 3)})],
    "agreement_coded": [({"opinion_faults": ()}, {"opinion_faults": ("write the summary",)})],
    "ai_items_decided": [
        (
            {"first_read_sealed": True, "undecided_findings": 0},
            {"first_read_sealed": True, "undecided_findings": 1},
        ),
        # Sealed, they are not counted: ``first_read_sealed`` stops the same steps.
        (
            {"first_read_sealed": False, "undecided_findings": 1},
            {"first_read_sealed": True, "undecided_findings": 2},
        ),
    ],
    "decisions_stand": [({"findings_asked_again": 0}, {"findings_asked_again": 1})],
    "peer_review_asked": [({"peer_review_required": True}, {"peer_review_required": False})],
    "peer_review_not_asked": [({"peer_review_required": False}, {"peer_review_required": True})],
    "peer_is_independent": [({"peer_is_independent": True}, {"peer_is_independent": False})],
    "peer_agrees": [
        ({"data": {"peer_verdict": "agree"}}, {"data": {}}),
        ({"data": {"peer_verdict": "minor_remarks"}}, {"data": {"peer_verdict": "major_disagreement"}}),
    ],
    "major_disagreement": [
        (
            {"data": {"peer_verdict": "major_disagreement"}, "change_rounds": 1},
            {"data": {"peer_verdict": "agree"}, "change_rounds": 1},
        ),
        (
            {"data": {"peer_verdict": "major_disagreement"}, "change_rounds": 2},
            {"data": {"peer_verdict": "major_disagreement"}, "change_rounds": 0},
        ),
    ],
    "adjudicator_is_independent": [({"adjudicator_is_independent": True}, {"adjudicator_is_independent": False})],
    "decision_recorded": [({"data": {"decision": "the author's view stands"}}, {"data": {}})],
    "fresh_second_factor": [({"stepped_up": True}, {"stepped_up": False})],
    "approved_content_unchanged": [
        ({"approved_hash": "a1", "data": {"content_hash": "a1"}}, {"approved_hash": "a1", "data": {}}),
        (
            {"approved_hash": "a1", "data": {"content_hash": "a1"}},
            {"approved_hash": "a1", "data": {"content_hash": "b2"}},
        ),
        ({"approved_hash": "a1", "data": {"content_hash": "a1"}}, {"approved_hash": None, "data": {}}),
    ],
    "no_open_follow_up": [({"open_follow_ups": 0}, {"open_follow_ups": 1})],
    "report_built": [({"report_built": True}, {"report_built": False})],
    "release_consent": [({"consents": {"release"}}, {"consents": {"service", "sharing"}})],
    "report_opened_or_three_days": [
        ({"report_opened": True, "days_since_delivery": 0}, {"report_opened": False, "days_since_delivery": 2}),
        ({"report_opened": False, "days_since_delivery": 3}, {"report_opened": False, "days_since_delivery": 0}),
    ],
    "new_version_written": [({"amended_version_ready": True}, {"amended_version_ready": False})],
    "within_follow_up_window": [({"days_since_delivery": 90}, {"days_since_delivery": 91})],
    "idle_for_thirty_days": [({"days_idle": 30}, {"days_idle": 29})],
    "idle_reminders_sent": [({"idle_reminders_sent": True}, {"idle_reminders_sent": False})],
    "expired_within_ninety_days": [({"days_idle": 90}, {"days_idle": 91})],
    "two_person_incident_record": [({"incident_confirmed": True}, {"incident_confirmed": False})],
}
PAIRS = [(name, holding, failing) for name, pairs in CASES.items() for holding, failing in pairs]


def facts(values: dict[str, Any]) -> Any:
    return SimpleNamespace(**{"data": {}, "reason": "", **values})


def test_every_guard_is_tried() -> None:
    assert set(CASES) == set(GUARDS)


def test_every_fact_is_asked_by_a_guard_and_answered_of_a_real_case() -> None:
    """No fact is read that the protocol does not name, and none is named that no guard reads."""
    asked = {name for code in GUARDS.values() for name in code.__code__.co_names}
    named = {name for name in vars(Facts) if not name.startswith("_")}
    assert named <= asked
    assert {name for name in named if not hasattr(CaseFacts, name)} == {"data", "reason"}


@pytest.mark.parametrize(("name", "holding", "failing"), PAIRS)
def test_a_guard_holds_under_the_facts_it_asks_for(name: str, holding: dict[str, Any], failing: dict[str, Any]) -> None:
    assert GUARDS[name](facts(holding)) is None


@pytest.mark.parametrize(("name", "holding", "failing"), PAIRS)
def test_a_guard_that_fails_says_what_to_do(name: str, holding: dict[str, Any], failing: dict[str, Any]) -> None:
    advice = GUARDS[name](facts(failing))
    assert advice is not None
    assert len(advice) > 10
    assert advice.rstrip().endswith((".", ")."))


def test_a_clock_asks_no_guard_after_one_that_fails_and_a_person_learns_of_all() -> None:
    asked: list[str] = []

    class Watching:
        data: dict[str, Any] = {}
        reason = ""

        def __getattr__(self, name: str) -> Any:
            asked.append(name)
            return False

    both = (guards.email_verified, guards.diagnosis_given)
    assert not holds(both, Watching())
    assert asked == ["email_verified"]
    assert [one.guard for one in unmet(both, Watching())] == ["email_verified", "diagnosis_given"]


def test_nothing_is_unmet_when_all_hold() -> None:
    both = facts({"email_verified": True, "diagnosis_given": True})
    assert not list(unmet((guards.email_verified, guards.diagnosis_given), both))
    assert holds((guards.email_verified, guards.diagnosis_given), both)
    assert holds((), facts({}))
