"""A job is done once in effect, whatever happens to workers, messages and leases."""

import threading
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from celery.fixups.django import DjangoWorkerFixup
from django.db import connections
from structlog.testing import capture_logs

from cases.models import Job
from config.celery import app
from config.kernel import clock
from config.kernel.due_work import drain
from config.kernel.jobs import JobRun, LeaseLost, enqueue, every, job, registry
from config.kernel.jobs.dispatch_room import QueueRoom, queue_rooms
from config.kernel.jobs.execution import run_dispatched, run_job
from config.kernel.jobs.sweep import dispatch_due, reclaim_expired
from config.kernel.observability.correlation import correlated
from config.kernel.observability.logs import _add_request
from config.kernel.privacy.retention import apply_rules
from config.kernel.valkey import valkey_client
from config.runtime.background.relay import Relay
from config.runtime.background.scheduler import tick
from tests.kernel.job_work import ROOMY, Work, cases_db, dispatched, enqueue_sample, sql

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("inside", [True, False])
def test_a_job_runs_and_is_done(work: Work, inside: bool) -> None:
    work.complete_inside = inside
    job_id = enqueue_sample()
    assert run_job("cases", job_id)
    row = Job.objects.get(id=job_id)
    assert (row.state, row.tries, work.done) == ("DONE", 1, [row.subject_id])


def test_a_second_bell_for_the_same_job_does_nothing(work: Work) -> None:
    job_id = enqueue_sample()
    assert run_job("cases", job_id)
    assert not run_job("cases", job_id)
    assert len(work.done) == 1


def test_a_job_whose_time_has_not_come_is_left(work: Work) -> None:
    job_id = enqueue_sample(run_after=clock.now() + timedelta(hours=1))
    assert not run_job("cases", job_id)
    assert dispatched() == []


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
    job_id = enqueue_sample()
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
    job_id = enqueue_sample()
    for _ in range(5):
        run_job("cases", job_id)
        sql("UPDATE cases_job SET run_after = now()")
    row = Job.objects.get()
    assert (row.state, row.tries, row.last_error) == ("DEAD", 3, "ValueError")
    assert work.dead == [row.subject_id]


def test_a_job_whose_worker_died_is_taken_again_and_not_for_ever(work: Work) -> None:
    job_id = enqueue_sample()
    for attempt in range(3):
        sql(
            "UPDATE cases_job SET state = 'RUNNING', tries = tries + 1, leased_by = gen_random_uuid(),"
            " lease_until = now() - interval '1 second'"
        )
        assert reclaim_expired("cases") == 1
        assert Job.objects.get(id=job_id).state == ("QUEUED" if attempt < 2 else "DEAD")
    assert len(work.dead) == 1


def test_a_lease_that_still_runs_is_not_taken(work: Work) -> None:
    enqueue_sample()
    sql("UPDATE cases_job SET state = 'RUNNING', lease_until = now() + interval '1 minute'")
    assert reclaim_expired("cases") == 0


def test_a_worker_that_lost_its_lease_cannot_complete(work: Work) -> None:
    job_id = enqueue_sample()
    late = JobRun("cases", job_id, "cases.sample_work", uuid4(), 1, uuid4())
    with pytest.raises(LeaseLost):
        late.complete()
    assert Job.objects.get().state == "QUEUED"


def test_a_bell_that_fails_is_rung_again_next_time(work: Work) -> None:
    enqueue_sample()
    enqueue_sample()

    def broken(context: str, job_id: UUID, queue: str) -> None:
        raise ConnectionError

    assert dispatch_due("cases", broken, ROOMY) == {}
    assert len(dispatched()) == 2
    assert dispatched() == []
    sql("UPDATE cases_job SET dispatched_at = now() - interval '1 minute'")
    assert len(dispatched()) == 2


def test_three_schedulers_start_a_periodic_job_once_a_window(work: Work) -> None:
    every("cases.sample_work", seconds=60)
    instant = clock.now().replace(second=0, microsecond=0)
    for moment in (instant, instant + timedelta(seconds=59), instant + timedelta(seconds=60)):
        for _ in range(3):
            tick(moment)
    assert Job.objects.filter(kind="cases.sample_work").count() == 2


def test_draining_runs_what_jobs_enqueue(work: Work) -> None:
    enqueue_sample()
    enqueue_sample()
    assert drain("cases") == 2
    assert len(work.done) == 2


def test_old_finished_jobs_are_forgotten_and_dead_ones_are_kept(work: Work) -> None:
    drain("cases")
    enqueue_sample()
    drain("cases")
    sql("UPDATE cases_job SET finished_at = now() - interval '40 days'")
    enqueue_sample()
    sql("UPDATE cases_job SET state = 'DEAD' WHERE state = 'QUEUED'")
    assert apply_rules("cases")["cases.jobs"] == 1
    assert Job.objects.get().state == "DEAD"


def test_a_job_handed_over_begins_again_in_the_other_lane_with_all_its_tries(work: Work) -> None:
    job_id = enqueue_sample(concurrency_key="a")

    @job("cases.sample_work", lease_seconds=5)
    def run(run: JobRun) -> None:
        if run.concurrency_key == "a":
            run.hand_over("b")

    assert run_job("cases", job_id)
    row = Job.objects.get(id=job_id)
    assert (row.state, row.concurrency_key, row.tries, row.leased_by) == ("QUEUED", "b", 0, None)
    assert dispatched() == [job_id]
    assert run_job("cases", job_id)
    assert Job.objects.get(id=job_id).state == "DONE"
    with pytest.raises(LeaseLost):
        JobRun("cases", job_id, "cases.sample_work", uuid4(), 1, uuid4()).hand_over("a")


def test_no_more_bells_are_rung_than_there_is_room_and_none_again_while_some_wait(work: Work) -> None:
    for _ in range(9):
        enqueue_sample()
    enqueue_sample(queue="bulk")
    assert len(dispatched({"interactive": QueueRoom(2, True), "bulk": QueueRoom(0, False)})) == 2
    sql("UPDATE cases_job SET dispatched_at = dispatched_at - interval '1 minute' WHERE dispatched_at IS NOT NULL")
    waiting = {"interactive": QueueRoom(4, False)}
    first = set(dispatched(waiting))
    assert len(first) == 4
    assert len(set(dispatched(waiting)) - first) == 3, "the two of the first round are not dispatched again"
    assert dispatched(waiting) == []
    assert len(dispatched(ROOMY)) == 2, "none waits, so those two were missed"


def test_a_worker_goes_on_with_what_is_due_in_its_queue(work: Work) -> None:
    jobs = [enqueue_sample() for _ in range(5)]
    later = [
        enqueue_sample(run_after=clock.now() + timedelta(hours=1)),
        enqueue_sample(queue="bulk"),
        enqueue_sample(concurrency_key="a"),
    ]
    run_dispatched("cases", jobs[3], "interactive")
    assert set(Job.objects.filter(state="DONE").values_list("id", flat=True)) == set(jobs)
    assert set(Job.objects.filter(state="QUEUED").values_list("id", flat=True)) == set(later)


def test_a_bell_for_what_is_done_already_still_serves_its_queue(work: Work) -> None:
    first, _ = enqueue_sample(), enqueue_sample()
    run_job("cases", first)
    run_dispatched("cases", first, "interactive")
    assert Job.objects.filter(state="DONE").count() == 2


def test_the_broker_never_holds_more_messages_than_twice_the_processes(work: Work, settings: Any) -> None:
    settings.JOB_PROCESSES = {"interactive": 1, "bulk": 2}
    client = valkey_client(settings.CELERY_BROKER_URL, 2.0)
    client.delete("interactive", "bulk")
    for queue in ("interactive", "bulk") * 20:
        enqueue_sample(queue=queue)
    relay = Relay()
    try:
        for _ in range(4):
            relay.turn()
            assert (client.llen("interactive"), client.llen("bulk")) == (2, 4)
            sql(
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
    enqueue_sample()
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
        enqueue_sample()
        work.error = ValueError("a patient's name stands here")
        failing = enqueue_sample()
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
