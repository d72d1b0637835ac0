"""Whether those who work on cases still may: asked each night, and at once when somebody is suspended or expires."""

from uuid import UUID

from cases.db import atomic, now
from cases.domain.workflow.state_machines import AssignmentState, ClarificationState, OfferState
from cases.domain.workflow.states import State
from cases.domain.workflow.transitions import Transition
from cases.events import AssignmentStopped
from cases.models import Assignment, Case, Clarification, Offer
from cases.services.eligibility import fitness_for
from cases.services.workflow.moves import move_case
from config.kernel.audit import record
from config.kernel.auth import SYSTEM
from config.kernel.db.states import advance, advance_all
from config.kernel.jobs import enqueue
from config.kernel.outbox import publish
from professionals import services as professionals


def recheck_all() -> tuple[UUID, ...]:
    """Check every active assignment and reviewer; returns the cases that were stopped."""
    stopped = []
    active = Assignment.objects.filter(state=AssignmentState.ACTIVE).values_list("case_id", flat=True)
    reviewed = Case.objects.filter(state=State.PEER_REVIEW).exclude(peer_user_id=None).values_list("id", flat=True)
    for case_id in sorted({*active, *reviewed}):
        if recheck(case_id=case_id):
            stopped.append(case_id)
    return tuple(stopped)


def recheck_professional(*, professional_id: UUID, user_id: UUID) -> None:
    """Withdraw what is on offer to somebody who may not work, and stop their cases."""
    with atomic():
        offers = Offer.objects.filter(professional_id=professional_id, state=OfferState.OFFERED)
        for case_id in offers.values_list("case_id", flat=True):
            enqueue(context="cases", kind="cases.reoffer", subject_id=case_id)
        advance_all(offers, OfferState.WITHDRAWN, answered_at=now())
    mine = Assignment.objects.filter(professional_id=professional_id, state=AssignmentState.ACTIVE).values_list(
        "case_id", flat=True
    )
    peer = Case.objects.filter(state=State.PEER_REVIEW, peer_user_id=user_id).values_list("id", flat=True)
    for case_id in sorted({*mine, *peer}):
        recheck(case_id=case_id)


def recheck(*, case_id: UUID) -> bool:
    """Stop the case's specialist, or reviewer, when no longer permitted; returns whether one was stopped."""
    with atomic():
        case = Case.objects.select_for_update().filter(id=case_id).first()
        if case is None:
            return False
        stopped = _check_peer(case)
        held = Assignment.objects.filter(case=case, state=AssignmentState.ACTIVE).first()
        if held is None:
            return stopped
        fitness = fitness_for(case, held.professional_id)
        if fitness.allowed:
            return stopped
        _stop(case, held, fitness)
    return True


def _stop(case: Case, held: Assignment, fitness: professionals.Fitness) -> None:
    reason = f"{'; '.join(fitness.reasons)} (rule {fitness.rule_id})"[:200]
    publish(AssignmentStopped(aggregate_id=case.id, user_id=held.user_id, rule_id=fitness.rule_id))
    _note("assignment.stop", case, fitness.rule_id)
    if case.state == State.CLARIFICATION and not case.on_hold:
        advance_all(Clarification.objects.filter(case=case), ClarificationState.EXPIRED)
        move_case(principal=SYSTEM, case_id=case.id, to=Transition.SETTLE_CLARIFICATION)
    if case.state in (State.IN_REVIEW, State.CLARIFICATION) and not case.on_hold:
        move_case(principal=SYSTEM, case_id=case.id, to=Transition.END_ASSIGNMENT, reason=reason)
        enqueue(context="cases", kind="cases.reoffer", subject_id=case.id)
        return
    # No step of the clock leads back from here: access ends now, and people decide how the case goes on.
    advance(held, AssignmentState.REVOKED, ended_at=now(), end_reason=reason)
    case.assigned_user_id, case.version = None, case.version + 1
    case.save()


def _check_peer(case: Case) -> bool:
    if case.peer_user_id is None or case.state != State.PEER_REVIEW:
        return False
    peer = professionals.get_by_user(user_id=case.peer_user_id)
    fitness = fitness_for(case, peer.id, as_peer=True)
    if fitness.allowed:
        return False
    publish(AssignmentStopped(aggregate_id=case.id, user_id=case.peer_user_id, rule_id=fitness.rule_id))
    _note("peer.stop", case, fitness.rule_id)
    case.peer_user_id, case.version = None, case.version + 1
    case.save()
    return True


def _note(action: str, case: Case, rule: str) -> None:
    record(
        context="cases",
        action=action,
        patient_id=case.patient_id,
        object_type="case",
        object_id=case.id,
        detail={"rule": rule},
    )
