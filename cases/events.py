"""PUBLIC: what cases tell the others. ``aggregate_id`` is the case's id; ids and codes only.

``Transition``, ``State`` and ``DocumentState`` are the words that events use; contexts below take them from here.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from cases.domain.workflow.state_machines import DocumentState as DocumentState
from cases.domain.workflow.states import State as State
from cases.domain.workflow.transitions import Transition as Transition
from config.kernel.events import Event, event


@event("cases.case.opened.v1")
@dataclass(frozen=True, kw_only=True)
class CaseOpened(Event):
    """A draft was begun."""

    patient_id: UUID


@event("cases.case.status_changed.v1")
@dataclass(frozen=True, kw_only=True)
class CaseStatusChanged(Event):
    """One transition happened."""

    patient_id: UUID
    transition: Transition
    from_state: State
    to_state: State
    actor_id: UUID | None = None
    assigned_user_id: UUID | None = None
    moved_at: datetime | None = None


@event("cases.document.uploaded.v1")
@dataclass(frozen=True, kw_only=True)
class DocumentUploaded(Event):
    """A file lies in quarantine and waits to be read."""

    document_id: UUID
    patient_id: UUID


@event("cases.document.read.v1")
@dataclass(frozen=True, kw_only=True)
class DocumentRead(Event):
    """A file was read (``verdict`` complete or partial) or refused (failed); ``state`` is the document's."""

    codes: ClassVar[frozenset[str]] = frozenset({"verdict"})
    document_id: UUID
    patient_id: UUID
    verdict: str
    state: DocumentState


@event("cases.document.reread.v1")
@dataclass(frozen=True, kw_only=True)
class DocumentReread(Event):
    """A newer reader has read an accepted document anew; ``kept``: it could not, and the former reading stays.

    ``state`` is REJECTED once staff said, after that, that it is another person's.
    """

    document_id: UUID
    patient_id: UUID
    state: DocumentState
    kept: bool = False


@event("cases.report.doubted.v1")
@dataclass(frozen=True, kw_only=True)
class ReportDoubted(Event):
    """A signed report rests on what is read otherwise now: the medical director looks (``recheck_id``)."""

    recheck_id: UUID
    patient_id: UUID


@event("cases.offer.made.v1")
@dataclass(frozen=True, kw_only=True)
class OfferMade(Event):
    """A case was offered to a specialist."""

    offer_id: UUID
    user_id: UUID
    expires_at: datetime


@event("cases.first_read.sealed.v1")
@dataclass(frozen=True, kw_only=True)
class FirstReadSealed(Event):
    """The specialist's own impression is stored; machine output may be shown."""

    user_id: UUID


@event("cases.opinion.signed.v1")
@dataclass(frozen=True, kw_only=True)
class OpinionSigned(Event):
    """A version was signed; its codes of agreement, and the confidence (0 to 100) that its author stated."""

    figures: ClassVar[frozenset[str]] = frozenset({"diagnosis_agreement", "treatment_agreement", "confidence"})
    opinion_id: UUID
    patient_id: UUID
    author_id: UUID
    diagnosis_agreement: str = ""
    treatment_agreement: str = ""
    confidence: int | None = None


@event("cases.report.ready.v1")
@dataclass(frozen=True, kw_only=True)
class ReportReady(Event):
    """The report was delivered to the patient."""

    report_id: UUID
    patient_id: UUID


@event("cases.clarification.asked.v1")
@dataclass(frozen=True, kw_only=True)
class ClarificationAsked(Event):
    """The specialist waits for an answer, until ``due_at``."""

    clarification_id: UUID
    patient_id: UUID
    due_at: datetime | None = None


@event("cases.clarification.answered.v1")
@dataclass(frozen=True, kw_only=True)
class ClarificationAnswered(Event):
    """The answer is there."""

    clarification_id: UUID
    user_id: UUID


@event("cases.message.sent.v1")
@dataclass(frozen=True, kw_only=True)
class MessageSent(Event):
    """The first message that ``user_id`` has not read yet; those after it are not told."""

    message_id: UUID
    user_id: UUID


@event("cases.case.lies_still.v1")
@dataclass(frozen=True, kw_only=True)
class CaseLiesStill(Event):
    """Nothing happens until the patient does something; the reminder's ``number`` is 1 or 2, then the case ends.

    ``ends_at``: the earliest instant of that end.
    """

    codes: ClassVar[frozenset[str]] = frozenset({"number"})
    patient_id: UUID
    number: int
    ends_at: datetime | None = None


@event("cases.break_glass.opened.v1")
@dataclass(frozen=True, kw_only=True)
class BreakGlassOpened(Event):
    """Staff opened a patient's records in an emergency."""

    use_id: UUID
    patient_id: UUID
    user_id: UUID


@event("cases.erasure.completed.v1")
@dataclass(frozen=True, kw_only=True)
class ErasureCompleted(Event):
    """What this context held of the user (``aggregate_id``) is taken out."""


@event("cases.case.removed.v1")
@dataclass(frozen=True, kw_only=True)
class CaseRemoved(Event):
    """The case (``aggregate_id``) has reached the end of its retention and is gone."""


@event("cases.records.requested.v1")
@dataclass(frozen=True, kw_only=True)
class RecordsRequested(Event):
    """A mail asks somebody for records; ``reminder`` is 0 for the first one, then counts the reminders."""

    codes: ClassVar[frozenset[str]] = frozenset({"reminder"})
    request_id: UUID
    reminder: int


@event("cases.assignment.stopped.v1")
@dataclass(frozen=True, kw_only=True)
class AssignmentStopped(Event):
    """A specialist or reviewer is no longer permitted, by the rule; their access has ended."""

    codes: ClassVar[frozenset[str]] = frozenset({"rule_id"})
    user_id: UUID
    rule_id: str


@event("cases.assignment.ended.v1")
@dataclass(frozen=True, kw_only=True)
class AssignmentEnded(Event):
    """The case is not with ``user_id`` any more, who has not delivered it.

    ``actor_id`` ended it (``None``: the platform); ``stopped``: with the whole case.
    """

    user_id: UUID
    actor_id: UUID | None = None
    stopped: bool = False


@event("cases.review.awaited.v1")
@dataclass(frozen=True, kw_only=True)
class ReviewAwaited(Event):
    """A version of the opinion waits for the verdict of its reviewer (``user_id``)."""

    user_id: UUID


@event("cases.follow_up.asked.v1")
@dataclass(frozen=True, kw_only=True)
class FollowUpAsked(Event):
    """The patient asks about the delivered opinion; ``user_id`` answers."""

    follow_up_id: UUID
    user_id: UUID


@event("cases.follow_up.answered.v1")
@dataclass(frozen=True, kw_only=True)
class FollowUpAnswered(Event):
    """The addendum is there; ``user_id`` asked."""

    follow_up_id: UUID
    user_id: UUID


@event("cases.outcome.due.v1")
@dataclass(frozen=True, kw_only=True)
class OutcomeDue(Event):
    """``day`` days after delivery the patient is asked what became of the advice."""

    codes: ClassVar[frozenset[str]] = frozenset({"day"})
    day: int
    patient_id: UUID


@event("cases.outcome.told.v1")
@dataclass(frozen=True, kw_only=True)
class OutcomeTold(Event):
    """What the patient told ``day`` days after delivery: ``held`` is CONFIRMED, CHANGED or UNKNOWN."""

    figures: ClassVar[frozenset[str]] = frozenset({"day", "followed", "held"})
    day: int
    patient_id: UUID
    followed: str
    held: str


@event("cases.rating.given.v1")
@dataclass(frozen=True, kw_only=True)
class RatingGiven(Event):
    """The service was rated with ``score`` (1 to 5); ``user_id`` signed the opinion."""

    figures: ClassVar[frozenset[str]] = frozenset({"score"})
    rating_id: UUID
    user_id: UUID
    score: int


@event("cases.promise.runs_out.v1")
@dataclass(frozen=True, kw_only=True)
class PromiseRunsOut(Event):
    """So many percent of the promised time are used: tell ``user_id``, or without one everybody in ``role``."""

    codes: ClassVar[frozenset[str]] = frozenset({"percent", "role"})
    percent: int
    role: str
    user_id: UUID | None = None
    promised_at: datetime | None = None
