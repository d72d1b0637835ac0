"""Which job runs next: one of a key at a time, and nobody gets a second process while somebody waits."""

import threading
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connections

from config.kernel import clock
from config.kernel.jobs import JobRun, job
from config.kernel.jobs.execution import run_job
from tests.kernel.job_work import Work, dispatched, enqueue_sample, place, sql

pytestmark = pytest.mark.django_db(transaction=True)


def test_under_a_key_one_job_runs_at_a_time_and_the_longest_due_first(work: Work) -> None:
    moment = clock.now()
    second, first, other, free = (
        enqueue_sample(concurrency_key=concurrency_key, run_after=moment - timedelta(minutes=minutes))
        for concurrency_key, minutes in (("a", 1), ("a", 2), ("b", 1), ("", 1))
    )
    assert set(dispatched()) == {first, other, free}
    assert dispatched() == []
    sql(f"UPDATE cases_job SET state = 'RUNNING', lease_until = now() + interval '1 minute' WHERE id = '{first}'")
    assert not run_job("cases", second), "its concurrency key is busy"
    assert run_job("cases", other)
    assert run_job("cases", free)
    sql(f"UPDATE cases_job SET state = 'DONE' WHERE id = '{first}'")
    assert dispatched() == [second]
    assert run_job("cases", second)


def _runs(job_id: UUID) -> None:
    sql(
        "UPDATE cases_job SET state = 'RUNNING', dispatched_at = now(), lease_until = now() + interval '1 minute'"
        f" WHERE id = '{job_id}'"
    )


def test_whoever_has_a_process_gets_no_second_while_somebody_waits_who_has_none(work: Work) -> None:
    many, one = uuid4(), uuid4()
    scan, letter = (
        enqueue_sample(concurrency_key="heavy:0", share_of=many),
        enqueue_sample(concurrency_key="look:many", share_of=many),
    )
    others = enqueue_sample(concurrency_key="look:one", share_of=one)
    _runs(scan)
    assert not run_job("cases", letter)
    assert dispatched() == [others]
    assert run_job("cases", others)
    assert dispatched() == [letter], "nobody waits any more, and its message is sent"
    assert run_job("cases", letter)


def test_a_message_that_came_before_the_others_waited_is_sent_again(work: Work) -> None:
    many = uuid4()
    scan, letter = (
        enqueue_sample(concurrency_key="heavy:0", share_of=many),
        enqueue_sample(concurrency_key="look:many", share_of=many),
    )
    assert set(dispatched()) == {scan, letter}
    others = enqueue_sample(concurrency_key="look:one", share_of=uuid4())
    assert dispatched() == [others]
    _runs(scan)
    assert not run_job("cases", letter)
    assert run_job("cases", others)
    assert dispatched() == [letter]


def test_nobody_waits_for_those_who_have_a_process_or_a_busy_lane_or_another_queue(work: Work) -> None:
    many, one = uuid4(), uuid4()
    first, second = (
        enqueue_sample(concurrency_key="heavy:0", share_of=many),
        enqueue_sample(concurrency_key="look:many", share_of=many),
    )
    theirs = enqueue_sample(concurrency_key="look:one", share_of=one)
    enqueue_sample(concurrency_key="heavy:one", share_of=one)
    enqueue_sample(concurrency_key="heavy:0", share_of=uuid4())
    enqueue_sample(concurrency_key="heavy:bulk", share_of=uuid4(), queue="bulk")
    enqueue_sample(concurrency_key="heavy:later", share_of=uuid4(), run_after=clock.now() + timedelta(hours=1))
    _runs(first)
    _runs(theirs)
    assert second in dispatched()
    assert run_job("cases", second)


def test_of_many_claims_at_once_one_person_gets_one_process_while_another_waits(work: Work) -> None:
    many, begun, ends = uuid4(), threading.Barrier(5), threading.Event()

    @job("cases.sample_work", lease_seconds=600)
    def run(run: JobRun) -> None:
        work.done.append(run.subject_id)
        ends.wait(600)

    jobs = [enqueue_sample(concurrency_key=f"concurrency_key:{number}", share_of=many) for number in range(5)]
    enqueue_sample(concurrency_key="look:one", share_of=uuid4())
    ran: list[bool] = []

    def claim_one(job_id: UUID) -> None:
        try:
            begun.wait(600)
            ran.append(run_job("cases", job_id))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=claim_one, args=(job_id,)) for job_id in jobs]
    for thread in threads:
        thread.start()
    while len(work.done) + len(ran) < len(jobs) and any(thread.is_alive() for thread in threads):
        threading.Event().wait(0.01)
    ends.set()
    for thread in threads:
        thread.join()
    assert sorted(ran) == [False] * 4 + [True]
    assert len(work.done) == 1


def test_a_message_under_a_key_that_nobody_read_is_sent_again_for_the_same_job(work: Work) -> None:
    first = enqueue_sample(concurrency_key="a")
    enqueue_sample(concurrency_key="a")
    assert dispatched() == [first]
    sql("UPDATE cases_job SET dispatched_at = dispatched_at - interval '1 minute' WHERE dispatched_at IS NOT NULL")
    assert dispatched() == [first]


def test_a_job_that_waits_for_its_next_try_does_not_hold_its_lane(work: Work) -> None:
    work.error = ValueError("no")
    first, second = enqueue_sample(concurrency_key="a"), enqueue_sample(concurrency_key="a")
    run_job("cases", first)
    assert dispatched() == [second]


def test_the_end_of_a_job_is_told_to_those_who_dispatch_the_next_of_its_key(work: Work) -> None:
    with psycopg.connect(**place(), autocommit=True) as listener:
        listener.execute("LISTEN sop_jobs")
        alone, first = enqueue_sample(), enqueue_sample(concurrency_key="a")
        list(listener.notifies(timeout=600, stop_after=2))
        run_job("cases", alone)
        assert list(listener.notifies(timeout=0.2)) == []
        run_job("cases", first)
        assert [notice.payload for notice in listener.notifies(timeout=600, stop_after=1)] == ["cases"]
