"""Moving a case: the one place where a state changes.

The row is locked, the table consulted, the guards asked; then state, history, clock, audit and event are written
in one transaction. A second mover waits for the lock and then finds the new state.

Callers outside say ``move`` and get plain data; the services of this context say ``move_case`` and get the row.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from cases.db import atomic, now
from cases.domain.casefile.access_rules import Relation
from cases.domain.workflow import service_clock
from cases.domain.workflow.guards import Unmet, unmet
from cases.domain.workflow.service_clock import Interval
from cases.domain.workflow.states import Actor, State
from cases.domain.workflow.transitions import Rule, Transition, between, leaving, named
from cases.events import CaseStatusChanged
from cases.models import Case, ClockInterval, StatusHistory
from cases.queries.access import actors_of, case_for, relation_of
from cases.queries.proxies import MANAGE
from cases.queries.sealed_contents import place
from cases.services.workflow.dto import AllowedTransition, HistoryEntry, StepTaken
from cases.services.workflow.guard_facts import CaseFacts
from cases.services.workflow.transition_effects import apply_effects
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.crypto import seal_text
from config.kernel.db.rows import insert_rows, update_row
from config.kernel.errors import Conflict, Forbidden, PreconditionFailed
from config.kernel.outbox import publish
from identity import services as identity


def move(
    *,
    principal: Principal,
    case_id: UUID,
    to: str,
    expected_version: int | None = None,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> StepTaken:
    """Take the case to state ``to`` (or by transition id ``to``); returns where it stands, and what may come next.

    ``Conflict`` for a pair that is not in the table or a guard that does not hold (named, with what would satisfy
    it), ``Forbidden`` for a role that may not, ``PreconditionFailed`` when the case changed since it was read.
    No next steps for who has no further part in the case: a specialist who gave it back.
    """
    with atomic():
        case = _moved(principal, case_id, to, expected_version, reason, data or {}, MANAGE)
        relation = relation_of(principal, case)
        return StepTaken(
            state=case.state, version=case.version, transitions=_steps(case, principal, relation) if relation else ()
        )


def move_case(
    *,
    principal: Principal,
    case_id: UUID,
    to: Transition | State,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    scope: str = MANAGE,
) -> Case:
    """Take the case by a transition, or to a state, and return the moved row. Raises as ``move``.

    ``scope`` is what a delegate of the patient needs for this step.
    """
    with atomic():
        return _moved(principal, case_id, to, None, reason, data or {}, scope)


def transitions_for(*, principal: Principal, case_id: UUID) -> tuple[AllowedTransition, ...]:
    """The steps that the caller's role may take from here, each with what still stands against it."""
    with atomic():
        case, relation = case_for(principal, case_id)
        return _steps(case, principal, relation)


def history(*, principal: Principal, case_id: UUID) -> tuple[HistoryEntry, ...]:
    """What happened to the case, oldest first."""
    with atomic():
        case, _ = case_for(principal, case_id)
        record(
            context="cases",
            action="case.read_history",
            patient_id=case.patient_id,
            object_type="case",
            object_id=case.id,
        )
        rows = list(StatusHistory.objects.filter(case=case).order_by("id"))
    return tuple(
        HistoryEntry(
            transition=r.transition, source=r.source, target=r.target, actor_role=r.actor_role, at=r.created_at
        )
        for r in rows
    )


def _moved(
    principal: Principal,
    case_id: UUID,
    to: str,
    expected_version: int | None,
    reason: str,
    data: Mapping[str, Any],
    scope: str,
) -> Case:
    case, relation = case_for(principal, case_id, lock=True, scope=scope)
    if expected_version is not None and case.version != expected_version:
        raise PreconditionFailed("The case changed in the meantime; read it again.")
    rule = _find(case, to)
    actors = actors_of(principal, case, relation)
    if actors.isdisjoint(rule.who):
        raise Forbidden("Your role does not take this step.", code="transition_forbidden")
    if case.on_hold and not rule.transition.stops_the_case:
        raise Conflict(f"The case is on hold: {case.hold_reason}.", code="case_on_hold")
    facts = CaseFacts(case, principal, data, reason)
    _require(rule, facts)
    _perform(case, rule, principal, sorted(actors & rule.who)[0], facts)
    return case


def _steps(case: Case, principal: Principal, relation: Relation) -> tuple[AllowedTransition, ...]:
    actors = actors_of(principal, case, relation)
    facts = CaseFacts(case, principal, {}, "")
    found = []
    for rule in leaving(State(case.state)):
        if actors.isdisjoint(rule.who):
            continue
        missing = tuple(unmet(rule.guards, facts))
        found.append(
            AllowedTransition(
                id=str(rule.transition),
                to=str(rule.target),
                unmet_guard=missing[0].guard if missing else None,
                satisfied_by=_advice(missing) if missing else None,
            )
        )
    return tuple(found)


def _find(case: Case, to: str) -> Rule:
    source = State(case.state)
    found = between(source, State(to)) if to in State.__members__ else named(to)
    if found is None or found.source is not source:
        raise Conflict(
            f"A case in {source} cannot go to {to}.",
            code="transition_unknown",
            extra={"state": case.state, "possible": sorted({str(rule.target) for rule in leaving(source)})},
        )
    return found


def _require(rule: Rule, facts: CaseFacts) -> None:
    missing = tuple(unmet(rule.guards, facts))
    if missing:
        raise Conflict(
            _advice(missing),
            code="case_guard_failed",
            extra={
                "transition": str(rule.transition),
                "guard": missing[0].guard,
                "satisfied_by": _advice(missing),
                # All at once, so that nobody meets them one by one.
                "errors": [{"pointer": "#", "code": one.guard, "detail": one.satisfied_by} for one in missing],
            },
        )


def _advice(missing: Iterable[Unmet]) -> str:
    return " ".join(one.satisfied_by for one in missing)


def _perform(case: Case, rule: Rule, principal: Principal, actor: Actor, facts: CaseFacts) -> None:
    case.state, case.state_since, case.version = str(rule.target), now(), case.version + 1
    apply_effects(case, rule.transition, principal, facts)
    tick(case, facts.circumstances.intervals)
    update_row(case)
    row = StatusHistory(case=case, transition=str(rule.transition), source=str(rule.source), target=case.state)
    row.actor_id, row.actor_role = principal.user_id, str(actor)
    if facts.reason:
        key = identity.data_key(subject_id=case.patient_id)
        row.reason_sealed = seal_text(key, place("statushistory", "reason", row.id), facts.reason)
    insert_rows([row])
    record(
        context="cases",
        action="case.move",
        patient_id=case.patient_id,
        object_type="case",
        object_id=case.id,
        detail={"transition": str(rule.transition), "from": str(rule.source), "to": case.state},
    )
    publish(
        CaseStatusChanged(
            aggregate_id=case.id,
            patient_id=case.patient_id,
            transition=rule.transition,
            from_state=rule.source,
            to_state=rule.target,
            actor_id=principal.user_id,
            assigned_user_id=case.assigned_user_id,
            moved_at=case.state_since,
        )
    )


def tick(case: Case, intervals: Sequence[Interval]) -> None:
    """Open or close the clock's interval to fit the case's state, and set the promised time.

    ``intervals`` are the case's, read under its lock.
    """
    running, at = service_clock.runs_in(State(case.state), on_hold=case.on_hold), now()
    open_one = any(one.ended_at is None for one in intervals)
    if running and not open_one:
        insert_rows([ClockInterval(case=case, started_at=at)])
        intervals = [*intervals, Interval(at, None)]
    elif not running and open_one:
        ClockInterval.objects.filter(case=case, ended_at=None).update(ended_at=at, updated_at=at)
        intervals = [Interval(one.started_at, one.ended_at or at) for one in intervals]
    case.promised_at = service_clock.promised_at(intervals, at, case.urgency)
