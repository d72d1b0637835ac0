"""Telling people that a promise runs out: at 50, 80 and 100 percent of its time, each once a case."""

from uuid import UUID

from cases.db import atomic, now
from cases.domain.workflow import service_clock
from cases.domain.workflow.service_clock import ESCALATIONS, PROMISE, Interval, elapsed
from cases.domain.workflow.states import RUNNING, TURN, State
from cases.events import PromiseRunsOut
from cases.models import Case, ClockInterval, Escalation
from config.kernel.jobs import JobRun
from config.kernel.outbox import publish


def keep_promises(run: JobRun) -> None:
    """The job: find the cases whose clock runs and has passed a mark that nobody was told of."""
    running = Case.objects.filter(state__in=RUNNING, held_by=None)
    for urgency, promise in PROMISE.items():
        for percent in ESCALATIONS:
            # While the clock runs the promised moment stands still, so that one comparison finds the share used.
            mark = now() + promise * (100 - percent) / 100
            late = running.filter(urgency=urgency, promised_at__lte=mark).exclude(escalations__percent=percent)
            for case_id in late.order_by("promised_at").values_list("id", flat=True)[:500]:
                _escalate(case_id, percent)


def _escalate(case_id: UUID, percent: int) -> None:
    with atomic():
        # Asked again under the lock: another scheduler, or somebody who moved the case, may have been here in between.
        case = Case.objects.select_for_update().get(id=case_id)
        state = State(case.state)
        if not service_clock.runs_in(state, on_hold=case.on_hold) or case.urgency not in PROMISE:
            return
        used = elapsed([Interval(i.started_at, i.ended_at) for i in ClockInterval.objects.filter(case=case)], now())
        if used * 100 < PROMISE[case.urgency] * percent or Escalation.objects.filter(case=case, percent=percent):
            return
        Escalation.objects.create(case=case, percent=percent)
        role, user_id = _whom(case, state, percent)
        publish(
            PromiseRunsOut(
                aggregate_id=case.id, percent=percent, role=role, user_id=user_id, promised_at=case.promised_at
            )
        )


def _whom(case: Case, state: State, percent: int) -> tuple[str, UUID | None]:
    """The role to tell, and in that role the person, where the case has one."""
    role = ESCALATIONS[percent] or TURN[state]
    if role == "clock":
        return "coordinator", None
    return role, {"specialist": case.assigned_user_id, "peer": case.peer_user_id}.get(role)
