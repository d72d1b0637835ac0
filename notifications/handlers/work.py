"""Who works on a case, and whose turn it is: what specialists, reviewers and those who steer are told."""

from analysis.events import FindingsChanged
from cases.events import AssignmentEnded, AssignmentStopped, CaseStatusChanged, ReportDoubted, ReviewAwaited
from cases.services import casefile, workflow
from config.kernel import clock
from config.kernel.auth import SYSTEM
from config.kernel.errors import NotFound
from config.kernel.outbox import once
from identity import services as identity
from notifications.handlers.people import tell, tell_role
from notifications.services import notify
from notifications.services.escalation import acted
from professionals.events import LicenceWithdrawn

CONTEXT = "notifications"
_T = workflow.Transition
# What the author of the opinion is told when somebody else takes a step.
_AUTHOR = {
    _T.REQUEST_CHANGES: "opinion_returned",
    _T.SEND_BACK: "opinion_returned",
    _T.VOID_APPROVAL: "opinion_returned",
    _T.AMEND_IN_FOLLOW_UP: "opinion_returned",
    _T.AMEND_DELIVERED: "opinion_returned",
    _T.AMEND_CLOSED: "opinion_returned",
    _T.APPROVE_OPINION: "opinion_approved",
    _T.UPHOLD_OPINION: "opinion_approved",
}


@once(CaseStatusChanged, context=CONTEXT)
def turn_changed(event: CaseStatusChanged) -> None:
    """The author, when it is their turn again; the medical directors, when two specialists disagree."""
    author = event.assigned_user_id
    if event.transition in _AUTHOR and author is not None and author != event.actor_id:
        tell(author, _AUTHOR[event.transition], event.aggregate_id)
    if event.transition is _T.ESCALATE_DISSENT:
        tell_role("medical_director", "dissent_to_decide", event.aggregate_id)
    if event.transition is _T.SETTLE_CLARIFICATION and event.actor_id is None and author is not None:
        _question_ended(event)


@once(CaseStatusChanged, context=CONTEXT)
def patient_acted(event: CaseStatusChanged) -> None:
    """Whoever does something in their case has seen what they were to see."""
    if event.actor_id == event.patient_id:
        acted(user_id=event.patient_id, subject_id=event.aggregate_id)


@once(AssignmentEnded, context=CONTEXT)
def assignment_ended(event: AssignmentEnded) -> None:
    """Whoever gave it back themselves knows; who may not go on is told why by another event."""
    if event.stopped or event.actor_id not in (None, event.user_id):
        tell(event.user_id, "assignment_ended", event.aggregate_id)


@once(FindingsChanged, context=CONTEXT)
def findings_changed(event: FindingsChanged) -> None:
    """The assigned specialist, if there is one; of a case's many documents once a day."""
    case = casefile.case_access(principal=SYSTEM, case_id=event.aggregate_id)
    if case.assigned_user_id is not None:
        notify(
            user_id=identity.person_now(user_id=case.assigned_user_id),
            kind="findings_changed",
            event_key=f"changed:{event.aggregate_id}:{clock.now().date()}",
            subject_id=event.aggregate_id,
            values={},
        )


@once(ReportDoubted, context=CONTEXT)
def report_doubted(event: ReportDoubted) -> None:
    """The medical directors, who say whether it stands."""
    tell_role("medical_director", "report_doubted", event.aggregate_id)


@once(AssignmentStopped, context=CONTEXT)
def assignment_stopped(event: AssignmentStopped) -> None:
    """The one who may not go on, and those who find somebody else."""
    tell(event.user_id, "assignment_stopped", event.aggregate_id)
    tell_role("coordinator", "case_needs_specialist", event.aggregate_id)


@once(ReviewAwaited, context=CONTEXT)
def review_awaited(event: ReviewAwaited) -> None:
    """The reviewer, when named, and for each further version."""
    tell(event.user_id, "review_awaited", event.aggregate_id)


@once(LicenceWithdrawn, context=CONTEXT)
def licence_withdrawn(event: LicenceWithdrawn) -> None:
    """Whoever holds it: the register may be wrong."""
    tell(event.user_id, "licence_withdrawn")


def _question_ended(event: CaseStatusChanged) -> None:
    """Not to whoever has lost the case in the same breath."""
    try:
        case = casefile.case_access(principal=SYSTEM, case_id=event.aggregate_id)
    except NotFound:
        return
    if event.assigned_user_id is not None and case.assigned_user_id == event.assigned_user_id:
        tell(event.assigned_user_id, "question_ended", event.aggregate_id)
