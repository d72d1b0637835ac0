"""A job is done once in effect, whatever happens to workers, messages and leases."""

import threading
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from celery.fixups.django import DjangoWorkerFixup
from django.db import connections
from structlog.testing import capture_logs

from cases.models import Job
from config.celery import app
from config.kernel import clock
from config.kernel.db import ContextDatabase
from config.kernel.due_work import drain
from config.kernel.jobs import JobRun, LeaseLost, enqueue, every, job, on_failure, registry
from config.kernel.jobs.dispatch_room import QueueRoom, queue_rooms
from config.kernel.jobs.run import run_dispatched, run_job
from config.kernel.jobs.sweep import dispatch_due, reclaim_expired
from config.kernel.observability.correlation import correlated
from config.kernel.observability.logs import _add_request
from config.kernel.privacy.retention import apply_rules
from config.kernel.valkey import valkey_client
from config.runtime.background.relay import Relay
from config.runtime.background.scheduler import tick

cases_db = ContextDatabase("cases")
pytestmark = pytest.mark.django_db(transaction=True)
ROOMY = {"interactive": QueueRoom(200, True)}


class Work:
    def __init__(self) -> None:
        self.done: list[UUID] = []
        self.dead: list[UUID] = []
        self.error: Exception | None = None
        self.complete_inside = False


@pytest.fixture
def work() -> Iterator[Work]:
    work = Work()

    @job("cases.sample_work", lease_seconds=5)
    def run(run: JobRun) -> None:
        if work.error:
            raise work.error
        with cases_db.atomic():
            work.done.append(run.subject_id)
            if work.complete_inside:
                run.complete()

    on_failure("cases.sample_work")(work.dead.append)
    yield work
    registry._kinds.pop("cases.sample_work")
    registry._failure_hooks.pop("cases.sample_work")
    registry._periodic.pop("cases.sample_work", None)


def _enqueue(**options: object) -> UUID:
    with cases_db.atomic():
        job_id = enqueue(context="cases", kind="cases.sample_work", subject_id=uuid4(), **options)  # type: ignore[arg-type]
    assert job_id
    return job_id


def _sql(statement: str) -> None:
    with connections["cases"].cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("inside", [True, False])
def test_a_job_runs_and_is_done(work: Work, inside: bool) -> None:
    work.complete_inside = inside
    job_id = _enqueue()
    assert run_job("cases", job_id)
    row = Job.objects.get(id=job_id)
    assert (row.state, row.tries, work.done) == ("DONE", 1, [row.subject_id])


def test_a_second_bell_for_the_same_job_does_nothing(work: Work) -> None:
    job_id = _enqueue()
    assert run_job("cases", job_id)
    assert not run_job("cases", job_id)
    assert len(work.done) == 1


def test_a_job_whose_time_has_not_come_is_left(work: Work) -> None:
    job_id = _enqueue(run_after=clock.now() + timedelta(hours=1))
    assert not run_job("cases", job_id)
    assert _dispatched() == []


def test_a_job_of_a_rolled_back_transaction_does_not_exist(work: Work) -> None:
    with pytest.raises(ZeroDivisionError), cases_db.atomic():
        enqueue(context="cases", kind="cases.sample_work", subject_id=uuid4())
        raise ZeroDivisionError
    assert Job.objects.count() == 0


def test_a_key_is_taken_once(work: Work) -> None:
    with cases_db.atomic():
        first = enqueue(context="cases", kind="cases.sample_work", subject_id=uuid4(), key="report:1")
        second = enqueue(context="cases", kind="cases.sample_work", subject_id=uuid4(), key="report:1")
    assert first is not None
    assert second is None


def test_eight_workers_that_hear_the_same_bell_do_the_work_once(work: Work) -> None:
    job_id = _enqueue()
    ran: list[bool] = []

    def hear() -> None:
        try:
            ran.append(run_job("cases", job_id))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=hear) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ran) == [False] * 7 + [True]
    assert len(work.done) == 1


def test_a_job_that_fails_three_times_is_dead_and_its_subject_is_told(work: Work) -> None:
    work.error = ValueError("a patient's name stands here")
    job_id = _enqueue()
    for _ in range(5):
        run_job("cases", job_id)
        _sql("UPDATE cases_job SET run_after = now()")
    row = Job.objects.get()
    assert (row.state, row.tries, row.last_error) == ("DEAD", 3, "ValueError")
    assert work.dead == [row.subject_id]


def test_a_job_whose_worker_died_is_taken_again_and_not_for_ever(work: Work) -> None:
    job_id = _enqueue()
    for attempt in range(3):
        _sql(
            "UPDATE cases_job SET state = 'RUNNING', tries = tries + 1, leased_by = gen_random_uuid(),"
            " lease_until = now() - interval '1 second'"
        )
        assert reclaim_expired("cases") == 1
        assert Job.objects.get(id=job_id).state == ("QUEUED" if attempt < 2 else "DEAD")
    assert len(work.dead) == 1


def test_a_lease_that_still_runs_is_not_taken(work: Work) -> None:
    _enqueue()
    _sql("UPDATE cases_job SET state = 'RUNNING', lease_until = now() + interval '1 minute'")
    assert reclaim_expired("cases") == 0


def test_a_worker_that_lost_its_lease_cannot_complete(work: Work) -> None:
    job_id = _enqueue()
    late = JobRun("cases", job_id, "cases.sample_work", uuid4(), 1, uuid4())
    with pytest.raises(LeaseLost):
        late.complete()
    assert Job.objects.get().state == "QUEUED"


def test_a_bell_that_fails_is_rung_again_next_time(work: Work) -> None:
    _enqueue()
    _enqueue()

    def broken(context: str, job_id: UUID, queue: str) -> None:
        raise ConnectionError

    assert dispatch_due("cases", broken, ROOMY) == {}
    assert len(_dispatched()) == 2
    assert _dispatched() == []
    _sql("UPDATE cases_job SET dispatched_at = now() - interval '1 minute'")
    assert len(_dispatched()) == 2


def test_three_schedulers_start_a_periodic_job_once_a_window(work: Work) -> None:
    every("cases.sample_work", seconds=60)
    instant = clock.now().replace(second=0, microsecond=0)
    for moment in (instant, instant + timedelta(seconds=59), instant + timedelta(seconds=60)):
        for _ in range(3):
            tick(moment)
    assert Job.objects.filter(kind="cases.sample_work").count() == 2


def test_draining_runs_what_jobs_enqueue(work: Work) -> None:
    _enqueue()
    _enqueue()
    assert drain("cases") == 2
    assert len(work.done) == 2


def test_old_finished_jobs_are_forgotten_and_dead_ones_are_kept(work: Work) -> None:
    drain("cases")
    _enqueue()
    drain("cases")
    _sql("UPDATE cases_job SET finished_at = now() - interval '40 days'")
    _enqueue()
    _sql("UPDATE cases_job SET state = 'DEAD' WHERE state = 'QUEUED'")
    assert apply_rules("cases")["cases.jobs"] == 1
    assert Job.objects.get().state == "DEAD"


def _dispatched(rooms: Mapping[str, QueueRoom] | None = None) -> list[UUID]:
    heard: list[UUID] = []
    dispatch_due("cases", lambda _context, job_id, _queue: heard.append(job_id), rooms or ROOMY)
    return heard


def test_under_a_key_one_job_runs_at_a_time_and_the_longest_due_first(work: Work) -> None:
    moment = clock.now()
    second, first, other, free = (
        _enqueue(concurrency_key=concurrency_key, run_after=moment - timedelta(minutes=minutes))
        for concurrency_key, minutes in (("a", 1), ("a", 2), ("b", 1), ("", 1))
    )
    assert set(_dispatched()) == {first, other, free}
    assert _dispatched() == []
    _sql(f"UPDATE cases_job SET state = 'RUNNING', lease_until = now() + interval '1 minute' WHERE id = '{first}'")
    assert not run_job("cases", second), "its concurrency key is busy"
    assert run_job("cases", other)
    assert run_job("cases", free)
    _sql(f"UPDATE cases_job SET state = 'DONE' WHERE id = '{first}'")
    assert _dispatched() == [second]
    assert run_job("cases", second)


def _runs(job_id: UUID) -> None:
    _sql(
        "UPDATE cases_job SET state = 'RUNNING', dispatched_at = now(), lease_until = now() + interval '1 minute'"
        f" WHERE id = '{job_id}'"
    )


def test_whoever_has_a_process_gets_no_second_while_somebody_waits_who_has_none(work: Work) -> None:
    many, one = uuid4(), uuid4()
    scan, letter = (
        _enqueue(concurrency_key="heavy:0", share_of=many),
        _enqueue(concurrency_key="look:many", share_of=many),
    )
    others = _enqueue(concurrency_key="look:one", share_of=one)
    _runs(scan)
    assert not run_job("cases", letter)
    assert _dispatched() == [others]
    assert run_job("cases", others)
    assert _dispatched() == [letter], "nobody waits any more, and its message is sent"
    assert run_job("cases", letter)


def test_a_message_that_came_before_the_others_waited_is_sent_again(work: Work) -> None:
    many = uuid4()
    scan, letter = (
        _enqueue(concurrency_key="heavy:0", share_of=many),
        _enqueue(concurrency_key="look:many", share_of=many),
    )
    assert set(_dispatched()) == {scan, letter}
    others = _enqueue(concurrency_key="look:one", share_of=uuid4())
    assert _dispatched() == [others]
    _runs(scan)
    assert not run_job("cases", letter)
    assert run_job("cases", others)
    assert _dispatched() == [letter]


def test_nobody_waits_for_those_who_have_a_process_or_a_busy_lane_or_another_queue(work: Work) -> None:
    many, one = uuid4(), uuid4()
    first, second = (
        _enqueue(concurrency_key="heavy:0", share_of=many),
        _enqueue(concurrency_key="look:many", share_of=many),
    )
    theirs = _enqueue(concurrency_key="look:one", share_of=one)
    _enqueue(concurrency_key="heavy:one", share_of=one)
    _enqueue(concurrency_key="heavy:0", share_of=uuid4())
    _enqueue(concurrency_key="heavy:bulk", share_of=uuid4(), queue="bulk")
    _enqueue(concurrency_key="heavy:later", share_of=uuid4(), run_after=clock.now() + timedelta(hours=1))
    _runs(first)
    _runs(theirs)
    assert second in _dispatched()
    assert run_job("cases", second)


def test_of_many_claims_at_once_one_person_gets_one_process_while_another_waits(work: Work) -> None:
    many, begun, ends = uuid4(), threading.Barrier(5), threading.Event()

    @job("cases.sample_work", lease_seconds=5)
    def run(run: JobRun) -> None:
        work.done.append(run.subject_id)
        ends.wait(30)

    jobs = [_enqueue(concurrency_key=f"concurrency_key:{number}", share_of=many) for number in range(5)]
    _enqueue(concurrency_key="look:one", share_of=uuid4())
    ran: list[bool] = []

    def claim_one(job_id: UUID) -> None:
        try:
            begun.wait(30)
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
    first = _enqueue(concurrency_key="a")
    _enqueue(concurrency_key="a")
    assert _dispatched() == [first]
    _sql("UPDATE cases_job SET dispatched_at = dispatched_at - interval '1 minute' WHERE dispatched_at IS NOT NULL")
    assert _dispatched() == [first]


def test_a_job_that_waits_for_its_next_try_does_not_hold_its_lane(work: Work) -> None:
    work.error = ValueError("no")
    first, second = _enqueue(concurrency_key="a"), _enqueue(concurrency_key="a")
    run_job("cases", first)
    assert _dispatched() == [second]


def test_the_end_of_a_job_is_told_to_those_who_dispatch_the_next_of_its_key(work: Work) -> None:
    with psycopg.connect(**_place(), autocommit=True) as listener:
        listener.execute("LISTEN sop_jobs")
        alone, first = _enqueue(), _enqueue(concurrency_key="a")
        list(listener.notifies(timeout=0.5, stop_after=2))
        run_job("cases", alone)
        assert list(listener.notifies(timeout=0.2)) == []
        run_job("cases", first)
        assert [notice.payload for notice in listener.notifies(timeout=5, stop_after=1)] == ["cases"]


def test_a_job_handed_over_begins_again_in_the_other_lane_with_all_its_tries(work: Work) -> None:
    job_id = _enqueue(concurrency_key="a")

    @job("cases.sample_work", lease_seconds=5)
    def run(run: JobRun) -> None:
        if run.concurrency_key == "a":
            run.hand_over("b")

    assert run_job("cases", job_id)
    row = Job.objects.get(id=job_id)
    assert (row.state, row.concurrency_key, row.tries, row.leased_by) == ("QUEUED", "b", 0, None)
    assert _dispatched() == [job_id]
    assert run_job("cases", job_id)
    assert Job.objects.get(id=job_id).state == "DONE"
    with pytest.raises(LeaseLost):
        JobRun("cases", job_id, "cases.sample_work", uuid4(), 1, uuid4()).hand_over("a")


def test_no_more_bells_are_rung_than_there_is_room_and_none_again_while_some_wait(work: Work) -> None:
    for _ in range(9):
        _enqueue()
    _enqueue(queue="bulk")
    assert len(_dispatched({"interactive": QueueRoom(2, True), "bulk": QueueRoom(0, False)})) == 2
    _sql("UPDATE cases_job SET dispatched_at = dispatched_at - interval '1 minute' WHERE dispatched_at IS NOT NULL")
    waiting = {"interactive": QueueRoom(4, False)}
    first = set(_dispatched(waiting))
    assert len(first) == 4
    assert len(set(_dispatched(waiting)) - first) == 3, "the two of the first round are not dispatched again"
    assert _dispatched(waiting) == []
    assert len(_dispatched(ROOMY)) == 2, "none waits, so those two were missed"


def test_a_worker_goes_on_with_what_is_due_in_its_queue(work: Work) -> None:
    jobs = [_enqueue() for _ in range(5)]
    later = [
        _enqueue(run_after=clock.now() + timedelta(hours=1)),
        _enqueue(queue="bulk"),
        _enqueue(concurrency_key="a"),
    ]
    run_dispatched("cases", jobs[3], "interactive")
    assert set(Job.objects.filter(state="DONE").values_list("id", flat=True)) == set(jobs)
    assert set(Job.objects.filter(state="QUEUED").values_list("id", flat=True)) == set(later)


def test_a_bell_for_what_is_done_already_still_serves_its_queue(work: Work) -> None:
    first, _ = _enqueue(), _enqueue()
    run_job("cases", first)
    run_dispatched("cases", first, "interactive")
    assert Job.objects.filter(state="DONE").count() == 2


def test_the_broker_never_holds_more_messages_than_twice_the_processes(work: Work, settings: Any) -> None:
    settings.JOB_PROCESSES = {"interactive": 1, "bulk": 2}
    client = valkey_client(settings.CELERY_BROKER_URL, 2.0)
    client.delete("interactive", "bulk")
    for queue in ("interactive", "bulk") * 20:
        _enqueue(queue=queue)
    relay = Relay()
    try:
        for _ in range(4):
            relay.turn()
            assert (client.llen("interactive"), client.llen("bulk")) == (2, 4)
            _sql(
                "UPDATE cases_job SET dispatched_at = dispatched_at - interval '1 hour' WHERE dispatched_at IS NOT NULL"
            )
        client.lpop("bulk", 4)
        relay.turn()
        assert (client.llen("interactive"), client.llen("bulk")) == (2, 4)
    finally:
        relay.reset()
        client.delete("interactive", "bulk")


def test_a_broker_that_does_not_answer_leaves_jobs_due(work: Work, settings: Any) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    _enqueue()
    assert queue_rooms() == {}


def test_every_queue_of_a_job_has_processes(settings: Any) -> None:
    assert {kind.queue for kind in registry._kinds.values()} <= set(settings.JOB_PROCESSES)


def test_a_worker_keeps_its_connection_from_task_to_task() -> None:
    fixup = DjangoWorkerFixup(app)
    with connections["cases"].cursor() as cursor:
        before = cursor.execute("SELECT pg_backend_pid()").fetchone()
    for _ in range(50):
        fixup.on_task_prerun(sender=app.tasks["config.run_job"])
        fixup.on_task_postrun(sender=app.tasks["config.run_job"])
    with connections["cases"].cursor() as cursor:
        assert cursor.execute("SELECT pg_backend_pid()").fetchone() == before


def test_a_job_says_how_it_ended_with_the_id_of_the_request(work: Work) -> None:
    with correlated("0123456789abcdef"):
        _enqueue()
        work.error = ValueError("a patient's name stands here")
        failing = _enqueue()
    work.error = None
    with capture_logs(processors=[_add_request]) as lines:
        run_job("cases", Job.objects.exclude(id=failing).get().id)
        work.error = ValueError("a patient's name stands here")
        run_job("cases", failing)
    told = [(line["event"], line["kind"], line["request_id"], line["seconds"] >= 0) for line in lines]
    assert told == [
        ("job_done", "cases.sample_work", "0123456789abcdef", True),
        ("job_failed", "cases.sample_work", "0123456789abcdef", True),
    ]


def _place() -> dict[str, object]:
    parameters = connections["cases"].get_connection_params()
    return {name: parameters[name] for name in ("host", "port", "dbname", "user", "password") if name in parameters}
