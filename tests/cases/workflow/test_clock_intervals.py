"""The clock's total is the sum of the running intervals, whatever the interleaving."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cases.domain.workflow.service_clock import PROMISE, Interval, elapsed, promised_at, runs_in
from cases.domain.workflow.states import State

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
steps = st.lists(st.tuples(st.sampled_from(State), st.booleans(), st.integers(0, 10**6)), max_size=30)


@given(steps)
def test_the_total_is_the_time_spent_in_running_states_without_a_hold(walk: list[tuple[State, bool, int]]) -> None:
    now, intervals, open_since, expected = START, [], None, timedelta()
    for state, on_hold, seconds in walk:
        running = runs_in(state, on_hold=on_hold)
        if running and open_since is None:
            open_since = now
        elif not running and open_since is not None:
            intervals.append(Interval(open_since, now))
            open_since = None
        now += timedelta(seconds=seconds)
        expected += timedelta(seconds=seconds if running else 0)
    if open_since is not None:
        intervals.append(Interval(open_since, None))
    assert elapsed(intervals, now) == expected


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from(sorted(PROMISE)))
def test_a_pause_moves_the_promise_by_exactly_its_length(worked: int, paused: int, urgency: str) -> None:
    stopped = START + timedelta(seconds=worked)
    before = promised_at([Interval(START, stopped)], stopped, urgency)
    after = promised_at([Interval(START, stopped)], stopped + timedelta(seconds=paused), urgency)
    assert before is not None
    assert after is not None
    assert after - before == timedelta(seconds=paused)


def test_the_promise_does_not_move_while_the_clock_runs() -> None:
    running = [Interval(START, None)]
    first = promised_at(running, START + timedelta(hours=1), "routine")
    later = promised_at(running, START + timedelta(days=9), "routine")
    assert first == later == START + timedelta(days=7)


def test_nothing_is_promised_before_an_urgency_is_set() -> None:
    assert promised_at([Interval(START, None)], START, "") is None
    assert promised_at([Interval(START, None)], START, "whenever") is None


def test_the_clock_stands_while_others_must_act_and_on_hold() -> None:
    for state in (State.SUBMITTED, State.COLLECTING_RECORDS, State.CLARIFICATION, State.DELIVERED, State.CLOSED):
        assert not runs_in(state, on_hold=False)
    for state in (State.TRIAGE, State.MATCHING, State.IN_REVIEW, State.READY_TO_SIGN, State.SIGNED):
        assert runs_in(state, on_hold=False)
        assert not runs_in(state, on_hold=True)
