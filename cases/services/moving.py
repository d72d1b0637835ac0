"""Moving a case: the one place where a state changes.

The row is locked, the table consulted, the guards asked; then state, history, clock, audit and event are written
in one transaction. A second mover waits for the lock and then finds the new state.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from cases.db import atomic, now
from cases.domain import clock as service_clock
from cases.domain.clock import Interval
from cases.domain.guards import unmet
from cases.domain.states import Actor, State
from cases.domain.transitions import Transition, between, leaving, named
from cases.events import CaseStatusChanged
from cases.models import Case, ClockInterval, StatusHistory
from cases.queries.access import actors_of, case_for, relation_of
from cases.queries.contents import place
from cases.queries.proxies import MANAGE
from cases.services.dto import AllowedTransition, HistoryEntry, StepTaken
from cases.services.effects import apply_effects
from cases.services.facts import CaseFacts
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
    scope: str = MANAGE,
) -> str:
    """Take the case to state ``to`` (or by transition id ``to``); returns the new state.

    ``Conflict`` for a pair that is not in the table or a guard that does not hold (named, with what would satisfy
    it), ``Forbidden`` for a role that may not, ``PreconditionFailed`` when the case changed since it was read.
    ``scope`` is what a delegate of the patient needs for this step.
    """
    with atomic():
        return _moved(principal, case_id, to, expected_version, reason, data or {}, scope).state


def take_step(
    *,
    principal: Principal,
    case_id: UUID,
    to: str,
    expected_version: int | None = None,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> StepTaken:
    """As ``move``, and what the caller may do next, in the same transaction.

    Nothing, for who has no further part in the case: a specialist who gave it back.
    """
    with atomic():
        case = _moved(principal, case_id, to, expected_version, reason, data or {}, MANAGE)
        relation = relation_of(principal, case)
        return StepTaken(case.state, case.version, _steps(case, principal, relation) if relation else ())


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
    return tuple(HistoryEntry(r.transition, r.source, r.target, r.actor_role, r.created_at) for r in rows)


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
    transition = _find(case, to)
    actors = actors_of(principal, case, relation)
    if actors.isdisjoint(transition.who):
        raise Forbidden("Your role does not take this step.", code="transition_forbidden")
    if case.on_hold and not transition.id.startswith(("C-", "E-")):
        raise Conflict(f"The case is on hold: {case.hold_reason}.", code="case_on_hold")
    facts = CaseFacts(case, principal, data, reason)
    _require(transition, facts)
    _perform(case, transition, principal, sorted(actors & transition.who)[0], facts)
    return case


def _steps(case: Case, principal: Principal, relation: str) -> tuple[AllowedTransition, ...]:
    actors = actors_of(principal, case, relation)
    facts = CaseFacts(case, principal, {}, "")
    found = []
    for transition in leaving(State(case.state)):
        if actors.isdisjoint(transition.who):
            continue
        missing = unmet(transition.guards, facts)
        found.append(
            AllowedTransition(
                transition.id,
                str(transition.target),
                missing.guard if missing else None,
                missing.satisfied_by if missing else None,
            )
        )
    return tuple(found)


def _find(case: Case, to: str) -> Transition:
    by_id = named(to)
    if by_id is not None and by_id.source == case.state:
        return by_id
    target = State(to) if to in State.__members__ else None
    found = between(State(case.state), target) if target else None
    if found is None:
        raise Conflict(
            f"A case in {case.state} cannot go to {to}.",
            code="transition_unknown",
            extra={"state": case.state, "possible": sorted({str(t.target) for t in leaving(State(case.state))})},
        )
    return found


def _require(transition: Transition, facts: CaseFacts) -> None:
    missing = unmet(transition.guards, facts)
    if missing is not None:
        raise Conflict(
            missing.satisfied_by,
            code="case_guard_failed",
            extra={"transition": transition.id, "guard": missing.guard, "satisfied_by": missing.satisfied_by},
        )


def _perform(case: Case, transition: Transition, principal: Principal, actor: Actor, facts: CaseFacts) -> None:
    source = case.state
    case.state, case.state_since, case.version = str(transition.target), now(), case.version + 1
    apply_effects(case, transition, principal, facts)
    tick(case, facts.circumstances.intervals)
    update_row(case)
    row = StatusHistory(case=case, transition=transition.id, source=source, target=case.state)
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
        detail={"transition": transition.id, "from": source, "to": case.state},
    )
    publish(
        CaseStatusChanged(
            aggregate_id=case.id,
            patient_id=case.patient_id,
            transition=transition.id,
            from_state=source,
            to_state=case.state,
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
