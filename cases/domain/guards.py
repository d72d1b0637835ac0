"""The guards of the transition table: small named policies over the facts of one case.

Each returns ``None`` when it holds, else a sentence that says what would satisfy it. Facts are read when a
guard asks for them, so that a transition costs only the queries of its own guards.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

MAX_QUESTIONS = 10
MAX_CLARIFICATION_ROUNDS = 3


# The facts of one case: read by name, when a guard asks. ``cases.services.facts.CaseFacts`` is the real thing.
Facts = Any


@dataclass(frozen=True)
class Unmet:
    """A guard that does not hold, and what would satisfy it."""

    guard: str
    satisfied_by: str


Guard = Callable[[Facts], str | None]
GUARDS: dict[str, Guard] = {}


def guard(function: Guard) -> Guard:
    """Register a guard under its function's name."""
    GUARDS[function.__name__] = function
    return function


def unmet(names: tuple[str, ...], facts: Facts) -> Unmet | None:
    """The first guard of ``names`` that does not hold."""
    for name in names:
        advice = GUARDS[name](facts)
        if advice is not None:
            return Unmet(name, advice)
    return None


def _unless(holds: bool, advice: str) -> str | None:
    return None if holds else advice


@guard
def email_verified(facts: Facts) -> str | None:
    """T01."""
    return _unless(facts.email_verified, "Confirm your e-mail address by the link that was mailed to you.")


@guard
def intake_consents(facts: Facts) -> str | None:
    """T01, T33."""
    missing = sorted({"service", "sharing"} - facts.consents)
    return _unless(not missing, f"Agree to: {', '.join(missing)} (POST /api/v1/consents).")


@guard
def questions_asked(facts: Facts) -> str | None:
    """T01: 1 to 10."""
    return _unless(1 <= facts.question_count <= MAX_QUESTIONS, f"Ask 1 to {MAX_QUESTIONS} questions.")


@guard
def diagnosis_given(facts: Facts) -> str | None:
    """T01."""
    return _unless(facts.diagnosis_given, "Give the original diagnosis, or say that there is none yet.")


@guard
def treating_contact(facts: Facts) -> str | None:
    """T01."""
    return _unless(facts.treating_contact, "Name your treating clinician, or say that you do not want to.")


@guard
def location_known(facts: Facts) -> str | None:
    """T01."""
    return _unless(
        facts.location_known, "Say in which country you are now (and in which state, for the US and Canada)."
    )


@guard
def intake_answered(facts: Facts) -> str | None:
    """T01: of a questionnaire that was begun, every required question; without one, nothing."""
    texts = facts.intake_unanswered
    more = f" and {len(texts) - 3} more" if len(texts) > 3 else ""
    return _unless(not texts, f"Answer: {' · '.join(texts[:3])}{more} (PUT /api/v1/cases/{{id}}/intake).")


@guard
def red_flags_acknowledged(facts: Facts) -> str | None:
    """T01: who may need help at once has read how to get it."""
    return _unless(facts.red_flags_open == 0, "Read the emergency advice first, and say that you have read it.")


@guard
def red_flags_looked_at(facts: Facts) -> str | None:
    """T06: what the intake raised is not passed over."""
    return _unless(
        facts.red_flags_raised == 0 or facts.triage.get("red_flag_check") in ("red_flag", "cleared"),
        "The intake raised a red flag: look at it, and record red_flag or cleared in data.red_flag_check.",
    )


@guard
def records_missing(facts: Facts) -> str | None:
    """T02."""
    return _unless(bool(facts.missing_items), "Nothing is missing; move the case to TRIAGE.")


@guard
def checklist_complete(facts: Facts) -> str | None:
    """T03, T04."""
    return _unless(not facts.missing_items, f"Add or waive: {', '.join(facts.missing_items)}.")


@guard
def documents_cleared(facts: Facts) -> str | None:
    """T03, T04: every document scanned clean and matched to the patient."""
    waiting = facts.uncleared_documents
    return _unless(
        not waiting, f"{waiting} document(s) are still being read, or a coordinator must confirm whose they are."
    )


@guard
def missing_item_named(facts: Facts) -> str | None:
    """T05, T13."""
    return _unless(bool(facts.data.get("missing_item")), "Name the missing document in data.missing_item.")


@guard
def triage_recorded(facts: Facts) -> str | None:
    """T06."""
    wanted = ("urgency", "specialty", "service_type", "red_flag_check")
    missing = [name for name in wanted if not facts.triage.get(name)]
    return _unless(not missing, f"Record {', '.join(missing)} in data.")


@guard
def legal_basis_chosen(facts: Facts) -> str | None:
    """T06."""
    return _unless(bool(facts.triage.get("legal_basis")), "Choose the legal basis in data.legal_basis.")


@guard
def reason_given(facts: Facts) -> str | None:
    """Wherever somebody stops or sends back."""
    return _unless(bool(facts.reason.strip()), "Give a reason.")


@guard
def emergency_advice_delivered(facts: Facts) -> str | None:
    """T07: only where a red flag was found."""
    return _unless(
        facts.triage.get("red_flag_check") != "red_flag"
        or facts.emergency_advice_read
        or bool(facts.data.get("emergency_advice_delivered")),
        "A red flag was found: give the emergency advice first and set data.emergency_advice_delivered.",
    )


@guard
def offer_open(facts: Facts) -> str | None:
    """T08."""
    return _unless(facts.offer_open, "There is no open offer of this case to you; it may have ended or been taken.")


@guard
def licence_covers_place(facts: Facts) -> str | None:
    """T08, T21."""
    return _unless(facts.fitness.allowed, f"{'; '.join(facts.fitness.reasons)} (rule {facts.fitness.rule_id}).")


@guard
def coi_clear(facts: Facts) -> str | None:
    """T08."""
    return _unless(not facts.coi_faults, f"Conflicts of interest: {'; '.join(facts.coi_faults)}.")


@guard
def caseload_below_cap(facts: Facts) -> str | None:
    """T08."""
    return _unless(facts.caseload < facts.capacity, f"You have {facts.caseload} open cases of {facts.capacity}.")


@guard
def not_treating(facts: Facts) -> str | None:
    """T08."""
    return _unless(not facts.is_treating, "A treating clinician, or somebody of their organisation, cannot review.")


@guard
def sharing_consent(facts: Facts) -> str | None:
    """T08, T21."""
    return _unless("sharing" in facts.consents, "The patient has withdrawn the consent to share the case.")


@guard
def clarification_open(facts: Facts) -> str | None:
    """T11."""
    return _unless(facts.open_clarifications > 0, "Ask a question first (POST /api/v1/cases/{id}/questions).")


@guard
def clarification_rounds_left(facts: Facts) -> str | None:
    """T11."""
    return _unless(
        facts.clarification_rounds < MAX_CLARIFICATION_ROUNDS,
        f"{MAX_CLARIFICATION_ROUNDS} rounds were used; answer with what is known, and say what is not.",
    )


@guard
def clarification_settled(facts: Facts) -> str | None:
    """T12."""
    return _unless(
        facts.open_clarifications == 0 or facts.clarification_overdue or facts.actor_is_specialist,
        "Answer the open question first.",
    )


@guard
def first_read_sealed(facts: Facts) -> str | None:
    """T14, T15."""
    return _unless(facts.first_read_sealed, "Seal your first read (POST /api/v1/cases/{id}/first-read).")


@guard
def questions_answered(facts: Facts) -> str | None:
    """T14, T15."""
    numbers = ", ".join(str(n) for n in facts.unanswered_questions)
    return _unless(not numbers, f"Answer, or refuse with a reason, question {numbers}.")


@guard
def agreement_coded(facts: Facts) -> str | None:
    """T14, T15."""
    return _unless(not facts.opinion_faults, f"Complete the opinion: {'; '.join(facts.opinion_faults)}.")


@guard
def ai_items_decided(facts: Facts) -> str | None:
    """T14, T15."""
    return _unless(
        facts.undecided_findings == 0, f"Accept, edit or reject {facts.undecided_findings} machine finding(s)."
    )


@guard
def peer_review_asked(facts: Facts) -> str | None:
    """T14."""
    return _unless(facts.peer_review_required, "The policy asks for no peer review of this case; go to READY_TO_SIGN.")


@guard
def peer_review_not_asked(facts: Facts) -> str | None:
    """T15."""
    return _unless(not facts.peer_review_required, "The policy asks for a peer review; go to PEER_REVIEW.")


@guard
def peer_is_independent(facts: Facts) -> str | None:
    """T16, T17."""
    return _unless(facts.peer_is_independent, "The author cannot review their own opinion.")


@guard
def peer_agrees(facts: Facts) -> str | None:
    """T17."""
    return _unless(
        facts.data.get("peer_verdict") in ("agree", "minor_remarks"), "Set data.peer_verdict to agree or minor_remarks."
    )


@guard
def major_disagreement(facts: Facts) -> str | None:
    """T18: after one round of changes."""
    return _unless(
        facts.data.get("peer_verdict") == "major_disagreement" and facts.change_rounds > 0,
        "A major disagreement is decided by the director after the author was asked for changes once (T16).",
    )


@guard
def adjudicator_is_independent(facts: Facts) -> str | None:
    """T19, T20."""
    return _unless(
        facts.adjudicator_is_independent, "Neither the author nor the reviewer of the opinion decides about it."
    )


@guard
def decision_recorded(facts: Facts) -> str | None:
    """T19, T20."""
    return _unless(bool(facts.data.get("decision")), "Record the decision in data.decision.")


@guard
def fresh_second_factor(facts: Facts) -> str | None:
    """T21."""
    return _unless(facts.stepped_up, "Give your second factor again; it must be at most five minutes old.")


@guard
def approved_content_unchanged(facts: Facts) -> str | None:
    """T21."""
    return _unless(
        facts.approved_hash is not None and facts.data.get("content_hash") == facts.approved_hash,
        "What you sign must be what was approved: send data.content_hash of the version you read.",
    )


@guard
def report_built(facts: Facts) -> str | None:
    """T23."""
    return _unless(facts.report_built, "The report is still being built from the signed version.")


@guard
def release_consent(facts: Facts) -> str | None:
    """T23."""
    return _unless("release" in facts.consents, "The patient has not agreed to electronic delivery.")


@guard
def report_opened_or_three_days(facts: Facts) -> str | None:
    """T24."""
    return _unless(facts.report_opened or facts.days_since_delivery >= 3, "Open the report first.")


@guard
def no_open_follow_up(facts: Facts) -> str | None:
    """T25."""
    return _unless(
        facts.open_follow_ups == 0, f"{facts.open_follow_ups} follow-up question(s) wait for the specialist's answer."
    )


@guard
def new_version_written(facts: Facts) -> str | None:
    """T29."""
    return _unless(facts.amended_version_ready, "Write the new version first; the signed one is kept.")


@guard
def within_follow_up_window(facts: Facts) -> str | None:
    """T30."""
    return _unless(facts.days_since_delivery <= 90, "The 90 days for follow-up questions are over; open a new case.")


@guard
def idle_for_thirty_days(facts: Facts) -> str | None:
    """T31, T32."""
    return _unless(facts.days_idle >= 30, "Only a case that lay still for 30 days ends by itself.")


@guard
def idle_reminders_sent(facts: Facts) -> str | None:
    """T31, T32."""
    return _unless(facts.idle_reminders_sent, "The patient is reminded twice before a case ends by itself.")


@guard
def expired_within_ninety_days(facts: Facts) -> str | None:
    """T33."""
    return _unless(facts.days_idle <= 90, "The case ended more than 90 days ago; open a new one.")


@guard
def two_person_incident_record(facts: Facts) -> str | None:
    """E."""
    return _unless(
        facts.incident_confirmed, "A privacy officer and a medical director must both confirm the incident record."
    )
