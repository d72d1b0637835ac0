"""Every transition of a case as one table: code, test and documentation. A pair that is not here answers 409."""

from dataclasses import dataclass

from cases.domain.states import BEFORE_SIGNED, Actor, State

P, T, C, N, S, R, M, PO, K = (
    Actor.PATIENT,
    Actor.TREATING,
    Actor.COORDINATOR,
    Actor.NURSE,
    Actor.SPECIALIST,
    Actor.PEER,
    Actor.MEDICAL_DIRECTOR,
    Actor.PRIVACY_OFFICER,
    Actor.CLOCK,
)


@dataclass(frozen=True)
class Transition:
    """One row: who may move a case from ``source`` to ``target``, and the guards that must all hold."""

    id: str
    source: State
    target: State
    who: frozenset[Actor]
    guards: tuple[str, ...]


def _row(name: str, source: State, target: State, who: tuple[Actor, ...], *guards: str) -> Transition:
    return Transition(name, source, target, frozenset(who), guards)


_OPINION_COMPLETE = ("first_read_sealed", "questions_answered", "agreement_coded", "ai_items_decided")
TABLE: tuple[Transition, ...] = (
    _row(
        "T01", State.DRAFT, State.SUBMITTED, (P, T),
        "email_verified", "intake_consents", "questions_asked", "diagnosis_given", "treating_contact", "location_known",
        "intake_answered", "red_flags_acknowledged",
    ),
    _row("T02", State.SUBMITTED, State.COLLECTING_RECORDS, (C, K), "records_missing"),
    _row("T03", State.SUBMITTED, State.TRIAGE, (C, K), "checklist_complete", "documents_cleared"),
    _row("T04", State.COLLECTING_RECORDS, State.TRIAGE, (C, K), "checklist_complete", "documents_cleared"),
    _row("T05", State.TRIAGE, State.COLLECTING_RECORDS, (N,), "missing_item_named"),
    _row("T06", State.TRIAGE, State.MATCHING, (N,), "triage_recorded", "legal_basis_chosen", "red_flags_looked_at"),
    _row("T07", State.TRIAGE, State.DECLINED, (N, M), "reason_given", "emergency_advice_delivered"),
    _row(
        "T08", State.MATCHING, State.IN_REVIEW, (S,),
        "offer_open", "licence_covers_place", "coi_clear", "caseload_below_cap", "not_treating", "sharing_consent",
    ),
    _row("T09", State.MATCHING, State.DECLINED, (M,), "reason_given"),
    _row("T10", State.IN_REVIEW, State.MATCHING, (S, C, M, K), "reason_given"),
    _row("T11", State.IN_REVIEW, State.CLARIFICATION, (S,), "clarification_open", "clarification_rounds_left"),
    _row("T12", State.CLARIFICATION, State.IN_REVIEW, (P, T, C, K, S), "clarification_settled"),
    _row("T13", State.IN_REVIEW, State.COLLECTING_RECORDS, (S,), "missing_item_named"),
    _row("T14", State.IN_REVIEW, State.PEER_REVIEW, (S,), *_OPINION_COMPLETE, "peer_review_asked"),
    _row("T15", State.IN_REVIEW, State.READY_TO_SIGN, (S,), *_OPINION_COMPLETE, "peer_review_not_asked"),
    _row("T16", State.PEER_REVIEW, State.IN_REVIEW, (R,), "peer_is_independent", "reason_given"),
    _row(
        "T17", State.PEER_REVIEW, State.READY_TO_SIGN, (R,),
        "peer_is_independent", "peer_agrees", "licence_covers_place", "coi_clear", "not_treating",
    ),
    _row("T18", State.PEER_REVIEW, State.ADJUDICATION, (R, S), "major_disagreement"),
    _row("T19", State.ADJUDICATION, State.IN_REVIEW, (M,), "decision_recorded", "adjudicator_is_independent"),
    _row(
        "T20", State.ADJUDICATION, State.READY_TO_SIGN, (M,),
        "decision_recorded", "adjudicator_is_independent",
    ),
    _row(
        "T21", State.READY_TO_SIGN, State.SIGNED, (S,),
        "fresh_second_factor", "licence_covers_place", "approved_content_unchanged", "sharing_consent",
    ),
    _row("T22", State.READY_TO_SIGN, State.IN_REVIEW, (S, M)),
    _row("T23", State.SIGNED, State.DELIVERED, (C, K), "report_built", "release_consent"),
    _row("T24", State.DELIVERED, State.FOLLOW_UP, (P, K), "report_opened_or_three_days"),
    _row("T25", State.FOLLOW_UP, State.CLOSED, (P, C, K), "no_open_follow_up"),
    _row("T26", State.FOLLOW_UP, State.AMENDING, (S, M), "reason_given"),
    _row("T27", State.DELIVERED, State.AMENDING, (S, M), "reason_given"),
    _row("T28", State.CLOSED, State.AMENDING, (S, M), "reason_given"),
    _row("T29", State.AMENDING, State.PEER_REVIEW, (S,), "new_version_written"),
    _row("T30", State.CLOSED, State.FOLLOW_UP, (P, C), "within_follow_up_window"),
    _row("T31", State.DRAFT, State.EXPIRED, (K,), "idle_for_thirty_days", "idle_reminders_sent"),
    _row("T32", State.COLLECTING_RECORDS, State.EXPIRED, (K,), "idle_for_thirty_days", "idle_reminders_sent"),
    _row("T33", State.EXPIRED, State.COLLECTING_RECORDS, (P, C), "expired_within_ninety_days", "intake_consents"),
    _row("T34", State.SUBMITTED, State.DECLINED, (N, C), "reason_given"),
    *(
        _row(f"C-{state}", state, State.CANCELLED, (P, C, PO), "reason_given")
        for state in BEFORE_SIGNED
    ),
    *(
        _row(f"E-{state}", state, State.ENTERED_IN_ERROR, (PO, M), "two_person_incident_record")
        for state in State
        if state not in (State.DRAFT, State.ENTERED_IN_ERROR)
    ),
)  # fmt: skip
_BY_PAIR = {(row.source, row.target): row for row in TABLE}
_BY_ID = {row.id: row for row in TABLE}


def between(source: State, target: State) -> Transition | None:
    """The transition from one state to another; ``None`` when there is none."""
    return _BY_PAIR.get((source, target))


def named(name: str) -> Transition | None:
    """The transition of an id such as ``T08``."""
    return _BY_ID.get(name)


def leaving(source: State) -> tuple[Transition, ...]:
    """Every transition out of a state, in the table's order."""
    return tuple(row for row in TABLE if row.source is source)
