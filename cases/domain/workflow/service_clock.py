"""The service clock: stored intervals, never a difference of dates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.domain.workflow.states import RUNNING, State

PROMISE = {"routine": timedelta(days=7), "soon": timedelta(days=3), "urgent": timedelta(days=1)}


@dataclass(frozen=True)
class Interval:
    """A time in which the clock ran; ``ended_at`` is ``None`` while it runs."""

    started_at: datetime
    ended_at: datetime | None


def runs_in(state: State, *, on_hold: bool) -> bool:
    """Whether the clock runs."""
    return state in RUNNING and not on_hold


def elapsed(intervals: Iterable[Interval], now: datetime) -> timedelta:
    """The sum of the intervals, the open one counted up to ``now``."""
    return sum(((i.ended_at or now) - i.started_at for i in intervals), timedelta())


def promised_at(intervals: Iterable[Interval], now: datetime, urgency: str) -> datetime | None:
    """When the opinion is due if the clock runs on from now; ``None`` before an urgency is set."""
    promise = PROMISE.get(urgency)
    return now + (promise - elapsed(intervals, now)) if promise else None


# At so many percent of the promise, who is told; empty: whose turn it is.
ESCALATIONS = {50: "", 80: "coordinator", 100: "medical_director"}
_STOPPED_BY = {
    State.DRAFT: "not_submitted",
    State.SUBMITTED: "intake",
    State.COLLECTING_RECORDS: "missing_records",
    State.CLARIFICATION: "open_question",
    State.AMENDING: "amendment",
    State.DELIVERED: "delivered",
    State.FOLLOW_UP: "delivered",
}


def stopped_by(state: State, *, on_hold: bool) -> str | None:
    """What stopped the clock: hold, not_submitted, intake, missing_records, open_question, amendment, delivered or
    ended; ``None`` while it runs."""
    if runs_in(state, on_hold=on_hold):
        return None
    return "hold" if on_hold else _STOPPED_BY.get(state, "ended")
