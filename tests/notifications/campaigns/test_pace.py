"""Turns come at the pace that was said, whoever gives them and when; lost time is not made up for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from notifications.domain.pace import MINUTE, next_turns

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def test_the_first_turns_are_those_of_the_next_minute() -> None:
    turns = next_turns(given_until=None, now=NOON, per_minute=60, limit=500)
    assert (turns.first, turns.step, turns.count) == (NOON, timedelta(seconds=1), 60)
    assert turns.at(59) == NOON + timedelta(seconds=59)
    assert turns.end == NOON + MINUTE


def test_what_was_given_is_not_given_again() -> None:
    turns = next_turns(
        given_until=NOON + timedelta(seconds=50), now=NOON + timedelta(seconds=20), per_minute=60, limit=9
    )
    assert turns.first == NOON + timedelta(seconds=50)
    assert turns.count == 9
    again = next_turns(given_until=NOON + MINUTE, now=NOON, per_minute=60, limit=500)
    assert again.count == 0


def test_after_an_hour_without_turns_it_goes_on_at_its_pace() -> None:
    turns = next_turns(given_until=NOON, now=NOON + timedelta(hours=1), per_minute=10, limit=500)
    assert (turns.first, turns.count) == (NOON + timedelta(hours=1), 10)


def test_nobody_has_a_turn_after_the_latest_start() -> None:
    latest = NOON + timedelta(seconds=10)
    turns = next_turns(given_until=None, now=NOON, per_minute=60, limit=500, latest=latest)
    assert turns.count == 10
    assert turns.at(turns.count - 1) < latest
    assert next_turns(given_until=None, now=latest, per_minute=60, limit=500, latest=latest).count == 0


@given(
    st.integers(1, 10_000),
    st.lists(st.tuples(st.integers(0, 100), st.integers(1, 500)), min_size=1, max_size=30),
)
def test_no_minute_holds_more_turns_than_were_said(per_minute: int, looks: list[tuple[int, int]]) -> None:
    now, until, given_turns = NOON, None, []
    for wait, limit in looks:
        now += timedelta(seconds=wait)
        turns = next_turns(given_until=until, now=now, per_minute=per_minute, limit=limit)
        assert turns.count <= limit
        given_turns += [turns.at(number) for number in range(turns.count)]
        until = turns.end if turns.count else until
        # A pause acts within a minute: nothing further away was ever given.
        assert all(at < now + MINUTE + turns.step for at in given_turns)
    assert given_turns == sorted(given_turns)
    for number, at in enumerate(given_turns):
        assert number < per_minute or at - given_turns[number - per_minute] >= MINUTE - timedelta(milliseconds=10)
