"""The clock's own steps: what moves by itself as soon as its guards hold."""

from datetime import timedelta
from uuid import UUID

from cases.db import atomic, now
from cases.domain.workflow.guards import holds
from cases.domain.workflow.state_machines import ClarificationState, OfferState
from cases.domain.workflow.states import State
from cases.domain.workflow.transitions import Transition, rule_of
from cases.models import Case, Clarification, FollowUpQuestion, Offer
from cases.services.workflow.guard_facts import CaseFacts
from cases.services.workflow.holds import end_hold
from cases.services.workflow.moves import move_case
from config.kernel.auth import SYSTEM
from config.kernel.db.states import advance_all
from config.kernel.errors import Conflict
from config.kernel.jobs import enqueue

# The patient may ask, and reopen a closed case, for so long; then the clock closes it.
FOLLOW_UP_DAYS = 90
# In each state, the steps that the clock may take, the first that can be taken first.
_STEPS = {
    State.SUBMITTED: (Transition.START_TRIAGE, Transition.COLLECT_RECORDS),
    State.COLLECTING_RECORDS: (Transition.COMPLETE_RECORDS, Transition.EXPIRE_COLLECTING),
    State.CLARIFICATION: (Transition.SETTLE_CLARIFICATION,),
    State.SIGNED: (Transition.DELIVER,),
    State.DELIVERED: (Transition.BEGIN_FOLLOW_UP,),
    State.FOLLOW_UP: (Transition.CLOSE,),
    State.DRAFT: (Transition.EXPIRE_DRAFT,),
}


def advance(*, case_id: UUID) -> bool:
    """Take the next step of the clock, if one can be taken now; returns whether one was."""
    with atomic():
        case = Case.objects.filter(id=case_id).first()
        if case is None or case.on_hold:
            return False
        facts = CaseFacts(case, SYSTEM, {}, "")
        for step in _STEPS.get(State(case.state), ()):
            # Documents still being read may yet bring what seems missing.
            if step is Transition.COLLECT_RECORDS and facts.uncleared_documents:
                continue
            if step is Transition.CLOSE and facts.days_since_delivery <= FOLLOW_UP_DAYS:
                continue
            if holds(rule_of(step).guards, facts):
                move_case(principal=SYSTEM, case_id=case_id, to=step)
                return True
    return False


def sweep() -> None:
    """What only time brings: ended offers, overdue answers, follow-up times that are over."""
    with atomic():
        over = Offer.objects.filter(state=OfferState.OFFERED, expires_at__lte=now())
        for case_id in set(over.values_list("case_id", flat=True)):
            enqueue(context="cases", kind="cases.reoffer", subject_id=case_id)
        advance_all(over, OfferState.EXPIRED, answered_at=now())
    for case_id in Case.objects.filter(hold_until__lte=now()).values_list("id", flat=True)[:500]:
        end_hold(case_id)
    overdue = Clarification.objects.filter(state=ClarificationState.OPEN, due_at__lte=now()).values_list(
        "case_id", flat=True
    )
    followed_up = Case.objects.filter(
        state=State.FOLLOW_UP, delivered_at__lt=now() - timedelta(days=FOLLOW_UP_DAYS + 1)
    ).exclude(follow_up_questions__in=FollowUpQuestion.objects.filter(answered_at=None))
    for case_id in {*overdue[:500], *followed_up.values_list("id", flat=True)[:500]}:
        try:
            advance(case_id=case_id)
        except Conflict:
            # Somebody moved it between our look and our lock: their step stands.
            continue
