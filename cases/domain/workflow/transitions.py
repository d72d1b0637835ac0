"""Every transition of a case as one table: code, test and documentation. A pair that is not here answers 409.

The codes stand in this module alone: everybody else says ``Transition.ACCEPT_OFFER``.
"""

from dataclasses import dataclass
from enum import StrEnum

from cases.domain.workflow import guards
from cases.domain.workflow.guards import Guard
from cases.domain.workflow.states import BEFORE_SIGNED, Actor, State

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


class Transition(StrEnum):
    """What happens to a case, under the code that the history, the events and the API know it by."""

    SUBMIT = "T01"
    COLLECT_RECORDS = "T02"
    START_TRIAGE = "T03"
    COMPLETE_RECORDS = "T04"
    RETURN_FOR_RECORD = "T05"
    FINISH_TRIAGE = "T06"
    DECLINE_IN_TRIAGE = "T07"
    ACCEPT_OFFER = "T08"
    DECLINE_UNMATCHED = "T09"
    END_ASSIGNMENT = "T10"
    ASK_CLARIFICATION = "T11"
    SETTLE_CLARIFICATION = "T12"
    REPORT_MISSING_RECORD = "T13"
    SUBMIT_TO_PEER = "T14"
    FINISH_OPINION = "T15"
    REQUEST_CHANGES = "T16"
    APPROVE_OPINION = "T17"
    ESCALATE_DISSENT = "T18"
    SEND_BACK = "T19"
    UPHOLD_OPINION = "T20"
    SIGN = "T21"
    VOID_APPROVAL = "T22"
    DELIVER = "T23"
    BEGIN_FOLLOW_UP = "T24"
    CLOSE = "T25"
    AMEND_IN_FOLLOW_UP = "T26"
    AMEND_DELIVERED = "T27"
    AMEND_CLOSED = "T28"
    SUBMIT_AMENDMENT = "T29"
    REOPEN_FOLLOW_UP = "T30"
    EXPIRE_DRAFT = "T31"
    EXPIRE_COLLECTING = "T32"
    REVIVE = "T33"
    DECLINE_SUBMITTED = "T34"
    CANCEL_DRAFT = "C-DRAFT"
    CANCEL_SUBMITTED = "C-SUBMITTED"
    CANCEL_COLLECTING_RECORDS = "C-COLLECTING_RECORDS"
    CANCEL_TRIAGE = "C-TRIAGE"
    CANCEL_MATCHING = "C-MATCHING"
    CANCEL_IN_REVIEW = "C-IN_REVIEW"
    CANCEL_CLARIFICATION = "C-CLARIFICATION"
    CANCEL_PEER_REVIEW = "C-PEER_REVIEW"
    CANCEL_ADJUDICATION = "C-ADJUDICATION"
    CANCEL_READY_TO_SIGN = "C-READY_TO_SIGN"
    ENTERED_IN_ERROR_SUBMITTED = "E-SUBMITTED"
    ENTERED_IN_ERROR_COLLECTING_RECORDS = "E-COLLECTING_RECORDS"
    ENTERED_IN_ERROR_TRIAGE = "E-TRIAGE"
    ENTERED_IN_ERROR_MATCHING = "E-MATCHING"
    ENTERED_IN_ERROR_IN_REVIEW = "E-IN_REVIEW"
    ENTERED_IN_ERROR_CLARIFICATION = "E-CLARIFICATION"
    ENTERED_IN_ERROR_PEER_REVIEW = "E-PEER_REVIEW"
    ENTERED_IN_ERROR_ADJUDICATION = "E-ADJUDICATION"
    ENTERED_IN_ERROR_READY_TO_SIGN = "E-READY_TO_SIGN"
    ENTERED_IN_ERROR_SIGNED = "E-SIGNED"
    ENTERED_IN_ERROR_DELIVERED = "E-DELIVERED"
    ENTERED_IN_ERROR_FOLLOW_UP = "E-FOLLOW_UP"
    ENTERED_IN_ERROR_CLOSED = "E-CLOSED"
    ENTERED_IN_ERROR_AMENDING = "E-AMENDING"
    ENTERED_IN_ERROR_DECLINED = "E-DECLINED"
    ENTERED_IN_ERROR_CANCELLED = "E-CANCELLED"
    ENTERED_IN_ERROR_EXPIRED = "E-EXPIRED"

    @property
    def stops_the_case(self) -> bool:
        """Cancelled, or entered in error: taken even while the case is on hold, and nobody works on it afterwards."""
        return self.value.startswith(("C-", "E-"))


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One row: who may move a case from ``source`` to ``target``, and the guards that must all hold."""

    transition: Transition
    source: State
    target: State
    who: frozenset[Actor]
    guards: tuple[Guard, ...]


def _row(transition: Transition, source: State, target: State, who: tuple[Actor, ...], *needs: Guard) -> Rule:
    return Rule(transition=transition, source=source, target=target, who=frozenset(who), guards=needs)


_OPINION_COMPLETE = (
    guards.first_read_sealed, guards.questions_answered, guards.agreement_coded, guards.ai_items_decided,
)  # fmt: skip
TABLE: tuple[Rule, ...] = (
    _row(
        Transition.SUBMIT, State.DRAFT, State.SUBMITTED, (P, T),
        guards.email_verified, guards.intake_consents, guards.questions_asked, guards.diagnosis_given,
        guards.treating_contact, guards.location_known, guards.intake_answered, guards.red_flags_acknowledged,
    ),
    _row(Transition.COLLECT_RECORDS, State.SUBMITTED, State.COLLECTING_RECORDS, (C, K), guards.records_missing),
    _row(
        Transition.START_TRIAGE, State.SUBMITTED, State.TRIAGE, (C, K),
        guards.checklist_complete, guards.documents_cleared,
    ),
    _row(
        Transition.COMPLETE_RECORDS, State.COLLECTING_RECORDS, State.TRIAGE, (C, K),
        guards.checklist_complete, guards.documents_cleared,
    ),
    _row(Transition.RETURN_FOR_RECORD, State.TRIAGE, State.COLLECTING_RECORDS, (N,), guards.missing_item_named),
    _row(
        Transition.FINISH_TRIAGE, State.TRIAGE, State.MATCHING, (N,),
        guards.triage_recorded, guards.legal_basis_chosen, guards.red_flags_looked_at,
    ),
    _row(
        Transition.DECLINE_IN_TRIAGE, State.TRIAGE, State.DECLINED, (N, M),
        guards.reason_given, guards.emergency_advice_delivered,
    ),
    _row(
        Transition.ACCEPT_OFFER, State.MATCHING, State.IN_REVIEW, (S,),
        guards.offer_open, guards.licence_covers_place, guards.coi_clear, guards.caseload_below_cap,
        guards.not_treating, guards.sharing_consent,
    ),
    _row(Transition.DECLINE_UNMATCHED, State.MATCHING, State.DECLINED, (M,), guards.reason_given),
    _row(Transition.END_ASSIGNMENT, State.IN_REVIEW, State.MATCHING, (S, C, M, K), guards.reason_given),
    _row(
        Transition.ASK_CLARIFICATION, State.IN_REVIEW, State.CLARIFICATION, (S,),
        guards.clarification_open, guards.clarification_rounds_left,
    ),
    _row(
        Transition.SETTLE_CLARIFICATION, State.CLARIFICATION, State.IN_REVIEW, (P, T, C, K, S),
        guards.clarification_settled,
    ),
    _row(
        Transition.REPORT_MISSING_RECORD, State.IN_REVIEW, State.COLLECTING_RECORDS, (S,),
        guards.missing_item_named,
    ),
    _row(
        Transition.SUBMIT_TO_PEER, State.IN_REVIEW, State.PEER_REVIEW, (S,),
        *_OPINION_COMPLETE, guards.peer_review_asked,
    ),
    _row(
        Transition.FINISH_OPINION, State.IN_REVIEW, State.READY_TO_SIGN, (S,),
        *_OPINION_COMPLETE, guards.peer_review_not_asked,
    ),
    _row(
        Transition.REQUEST_CHANGES, State.PEER_REVIEW, State.IN_REVIEW, (R,),
        guards.peer_is_independent, guards.reason_given,
    ),
    _row(
        Transition.APPROVE_OPINION, State.PEER_REVIEW, State.READY_TO_SIGN, (R,),
        guards.peer_is_independent, guards.peer_agrees, guards.licence_covers_place, guards.coi_clear,
        guards.not_treating,
    ),
    _row(Transition.ESCALATE_DISSENT, State.PEER_REVIEW, State.ADJUDICATION, (R, S), guards.major_disagreement),
    _row(
        Transition.SEND_BACK, State.ADJUDICATION, State.IN_REVIEW, (M,),
        guards.decision_recorded, guards.adjudicator_is_independent,
    ),
    _row(
        Transition.UPHOLD_OPINION, State.ADJUDICATION, State.READY_TO_SIGN, (M,),
        guards.decision_recorded, guards.adjudicator_is_independent,
    ),
    _row(
        Transition.SIGN, State.READY_TO_SIGN, State.SIGNED, (S,),
        guards.fresh_second_factor, guards.licence_covers_place, guards.approved_content_unchanged,
        guards.sharing_consent, guards.decisions_stand,
    ),
    _row(Transition.VOID_APPROVAL, State.READY_TO_SIGN, State.IN_REVIEW, (S, M)),
    _row(Transition.DELIVER, State.SIGNED, State.DELIVERED, (C, K), guards.report_built, guards.release_consent),
    _row(Transition.BEGIN_FOLLOW_UP, State.DELIVERED, State.FOLLOW_UP, (P, K), guards.report_opened_or_three_days),
    _row(Transition.CLOSE, State.FOLLOW_UP, State.CLOSED, (P, C, K), guards.no_open_follow_up),
    _row(Transition.AMEND_IN_FOLLOW_UP, State.FOLLOW_UP, State.AMENDING, (S, M), guards.reason_given),
    _row(Transition.AMEND_DELIVERED, State.DELIVERED, State.AMENDING, (S, M), guards.reason_given),
    _row(Transition.AMEND_CLOSED, State.CLOSED, State.AMENDING, (S, M), guards.reason_given),
    _row(Transition.SUBMIT_AMENDMENT, State.AMENDING, State.PEER_REVIEW, (S,), guards.new_version_written),
    _row(Transition.REOPEN_FOLLOW_UP, State.CLOSED, State.FOLLOW_UP, (P, C), guards.within_follow_up_window),
    _row(
        Transition.EXPIRE_DRAFT, State.DRAFT, State.EXPIRED, (K,),
        guards.idle_for_thirty_days, guards.idle_reminders_sent,
    ),
    _row(
        Transition.EXPIRE_COLLECTING, State.COLLECTING_RECORDS, State.EXPIRED, (K,),
        guards.idle_for_thirty_days, guards.idle_reminders_sent,
    ),
    _row(
        Transition.REVIVE, State.EXPIRED, State.COLLECTING_RECORDS, (P, C),
        guards.expired_within_ninety_days, guards.intake_consents,
    ),
    _row(Transition.DECLINE_SUBMITTED, State.SUBMITTED, State.DECLINED, (N, C), guards.reason_given),
    *(
        _row(Transition(f"C-{state}"), state, State.CANCELLED, (P, C, PO), guards.reason_given)
        for state in BEFORE_SIGNED
    ),
    *(
        _row(Transition(f"E-{state}"), state, State.ENTERED_IN_ERROR, (PO, M), guards.two_person_incident_record)
        for state in State
        if state not in (State.DRAFT, State.ENTERED_IN_ERROR)
    ),
)  # fmt: skip
_BY_PAIR = {(row.source, row.target): row for row in TABLE}
_BY_CODE = {row.transition: row for row in TABLE}
_CODES = frozenset(str(row.transition) for row in TABLE)


def between(source: State, target: State) -> Rule | None:
    """The rule of a step from one state to another; ``None`` when there is none."""
    return _BY_PAIR.get((source, target))


def rule_of(transition: Transition) -> Rule:
    """The row of a transition."""
    return _BY_CODE[transition]


def named(code: str) -> Rule | None:
    """The row of a code, as a caller of the API writes it; ``None`` when there is none."""
    return _BY_CODE.get(Transition(code)) if code in _CODES else None


def leaving(source: State) -> tuple[Rule, ...]:
    """Every rule out of a state, in the table's order."""
    return tuple(row for row in TABLE if row.source is source)
