"""The states of a case, and who acts on it."""

from enum import StrEnum


class State(StrEnum):
    """Where a case stands."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    COLLECTING_RECORDS = "COLLECTING_RECORDS"
    TRIAGE = "TRIAGE"
    MATCHING = "MATCHING"
    IN_REVIEW = "IN_REVIEW"
    CLARIFICATION = "CLARIFICATION"
    PEER_REVIEW = "PEER_REVIEW"
    ADJUDICATION = "ADJUDICATION"
    READY_TO_SIGN = "READY_TO_SIGN"
    SIGNED = "SIGNED"
    DELIVERED = "DELIVERED"
    FOLLOW_UP = "FOLLOW_UP"
    CLOSED = "CLOSED"
    AMENDING = "AMENDING"
    DECLINED = "DECLINED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"
    ENTERED_IN_ERROR = "ENTERED_IN_ERROR"


class Actor(StrEnum):
    """In what capacity somebody acts on one case."""

    PATIENT = "patient"
    TREATING = "treating_clinician"
    COORDINATOR = "coordinator"
    NURSE = "nurse"
    SPECIALIST = "specialist"
    PEER = "peer"
    MEDICAL_DIRECTOR = "medical_director"
    PRIVACY_OFFICER = "privacy_officer"
    CLOCK = "clock"


BEFORE_SIGNED = (
    State.DRAFT,
    State.SUBMITTED,
    State.COLLECTING_RECORDS,
    State.TRIAGE,
    State.MATCHING,
    State.IN_REVIEW,
    State.CLARIFICATION,
    State.PEER_REVIEW,
    State.ADJUDICATION,
    State.READY_TO_SIGN,
)
# The promise to the patient runs while the work is ours to do.
RUNNING = frozenset(
    {
        State.TRIAGE,
        State.MATCHING,
        State.IN_REVIEW,
        State.PEER_REVIEW,
        State.ADJUDICATION,
        State.READY_TO_SIGN,
        State.SIGNED,
    }
)
ENDED = frozenset({State.DECLINED, State.CANCELLED, State.EXPIRED, State.ENTERED_IN_ERROR, State.CLOSED})
# What a newer reader reads again: whatever may still change, or be amended.
NOT_ENDED = tuple(state for state in State if state not in ENDED)
# Whose turn it is, as every case shows it.
TURN = {
    State.DRAFT: "patient",
    State.SUBMITTED: "coordinator",
    State.COLLECTING_RECORDS: "patient",
    State.TRIAGE: "nurse",
    State.MATCHING: "coordinator",
    State.IN_REVIEW: "specialist",
    State.CLARIFICATION: "patient",
    State.PEER_REVIEW: "peer",
    State.ADJUDICATION: "medical_director",
    State.READY_TO_SIGN: "specialist",
    State.SIGNED: "clock",
    State.DELIVERED: "patient",
    State.FOLLOW_UP: "patient",
    State.AMENDING: "specialist",
}
