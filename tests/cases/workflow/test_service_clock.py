"""The service clock: stored intervals, one promise that everybody sees, and who hears when it runs out."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections
from hypothesis import given, settings
from hypothesis import strategies as some

from cases.domain.workflow.service_clock import Interval, elapsed, stopped_by
from cases.domain.workflow.states import RUNNING, State
from cases.models import Case, ClockInterval, Escalation, OutboxEntry
from cases.services import casefile, opinion, workflow
from cases.services.workflow.escalations import keep_promises
from config.kernel import clock
from tests.cases.support import Story, by
from tests.factories import make_person

START = datetime(2026, 3, 1, tzinfo=UTC)


def look(days: float) -> None:
    with clock.shifted(timedelta(days=days)):
        keep_promises(None)  # type: ignore[arg-type]  # it reads nothing of its run


def told() -> list[tuple[int, str, str | None]]:
    rows = OutboxEntry.objects.filter(name="cases.promise.runs_out.v1").order_by("position")
    return [(row.payload["percent"], row.payload["role"], row.payload["user_id"]) for row in rows]


@pytest.mark.django_db
class TestEscalation:
    def test_specialist_coordinator_and_director_hear_of_it_each_once(self) -> None:
        story = Story().in_review()
        for days in (3.4, 3.6, 3.7, 5.5, 5.7, 6.9, 7.1, 9):
            look(days)
        assert told() == [
            (50, "specialist", str(story.author.user_id)), (80, "coordinator", None), (100, "medical_director", None),
        ]  # fmt: skip

    def test_nobody_hears_before_the_half(self) -> None:
        Story().in_review()
        look(3.4)
        assert told() == []

    def test_a_clock_that_stands_tells_nobody(self) -> None:
        story = Story().in_review()
        with by(story.author):
            opinion.ask(principal=story.author, case_id=story.id, question="When?")
        look(30)
        assert told() == []

    def test_a_case_on_hold_tells_nobody(self) -> None:
        story, who = Story().in_review(), make_person("coordinator")
        with by(who):
            workflow.hold_case(principal=who, case_id=story.id, reason="wait")
        look(30)
        assert told() == []

    def test_lateness_comes_from_the_intervals_and_not_from_when_the_row_was_touched(self) -> None:
        story = Story().in_review()
        with clock.shifted(timedelta(days=8)):
            row = story.row
            row.save()  # updated_at is new; the promise is as broken as before
            keep_promises(None)  # type: ignore[arg-type]
        assert [percent for percent, _, _ in told()] == [50, 80, 100]

    def test_time_that_stood_still_does_not_count(self) -> None:
        story = Story().in_review()
        with by(story.author):
            asked = opinion.ask(principal=story.author, case_id=story.id, question="When?")
        with clock.shifted(timedelta(days=6)), by(story.patient):
            opinion.answer(principal=story.patient, case_id=story.id, clarification_id=asked.id, text="In May.")
        look(9)
        assert told() == []
        look(10)
        assert [percent for percent, _, _ in told()] == [50]

    def test_in_matching_the_coordinators_are_reminded(self) -> None:
        Story().in_matching()
        look(4)
        assert told() == [(50, "coordinator", None)]


@pytest.mark.django_db(transaction=True)
def test_four_schedulers_at_once_tell_once() -> None:
    story = Story().in_review()
    Case.objects.filter(id=story.id).update(promised_at=clock.now() - timedelta(days=1))
    ClockInterval.objects.filter(case=story.id).update(started_at=clock.now() - timedelta(days=8))
    barrier = Barrier(4)

    def run() -> None:
        barrier.wait(timeout=300)
        keep_promises(None)  # type: ignore[arg-type]
        connections.close_all()

    threads = [Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Escalation.objects.filter(case=story.id).count() == 3
    assert [percent for percent, _, _ in told()] == [50, 80, 100]


@pytest.mark.django_db
def test_patient_specialist_and_staff_see_the_same_clock_to_the_second() -> None:
    story = Story().in_review()
    people = [story.patient, story.author, make_person("coordinator"), make_person("medical_director")]
    with clock.frozen(clock.now() + timedelta(days=2, seconds=13)):
        pages = []
        for who in people:
            with by(who):
                pages.append(casefile.case_page(principal=who, case_id=story.id))
    seen = {(p["clock_seconds"], p["promised_at"], p["turn"], p["clock_running"], p["clock_stopped_by"]) for p in pages}
    assert len(seen) == 1


@given(
    some.lists(some.tuples(some.integers(0, 10**6), some.booleans()), max_size=30),
    some.integers(0, 10**6),
)
@settings(max_examples=200, deadline=None)
def test_the_total_is_the_sum_of_the_times_it_ran(steps: list[tuple[int, bool]], rest: int) -> None:
    at, ran, intervals, begun = START, 0, [], None
    for seconds, runs in [*steps, (rest, False)]:
        if begun is not None:
            ran += seconds
        at += timedelta(seconds=seconds)
        if runs and begun is None:
            begun = at
        elif not runs and begun is not None:
            intervals.append(Interval(begun, at))
            begun = None
    assert elapsed(intervals, at + timedelta(days=9)) == timedelta(seconds=ran)


@pytest.mark.parametrize("state", list(State))
def test_every_case_says_what_stopped_its_clock(state) -> None:
    assert (stopped_by(state, on_hold=False) is None) == (state in RUNNING)
    assert stopped_by(state, on_hold=True) == "hold"
