"""A job is done once in effect, whatever happens to workers, bells and leases."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connections

from cases.models import Job
from config.kernel import clock
from config.kernel.db import ContextDatabase
from config.kernel.jobs import JobRun, LeaseLost, enqueue, every, job, on_dead, registry
from config.kernel.jobs.run import run_job
from config.kernel.jobs.sweeping import retake_lost, ring_bells
from config.kernel.privacy.retention import apply_rules
from config.kernel.processes.scheduler import tick
from config.kernel.testing import drain

cases_db = ContextDatabase("cases")
pytestmark = pytest.mark.django_db(transaction=True)


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

    on_dead("cases.sample_work")(work.dead.append)
    yield work
    registry._kinds.pop("cases.sample_work")
    registry._dead_hooks.pop("cases.sample_work")
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
    assert ring_bells("cases", lambda *a: None) == 0


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
        assert retake_lost("cases") == 1
        assert Job.objects.get(id=job_id).state == ("QUEUED" if attempt < 2 else "DEAD")
    assert len(work.dead) == 1


def test_a_lease_that_still_runs_is_not_taken(work: Work) -> None:
    _enqueue()
    _sql("UPDATE cases_job SET state = 'RUNNING', lease_until = now() + interval '1 minute'")
    assert retake_lost("cases") == 0


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

    assert ring_bells("cases", broken) == 0
    heard: list[UUID] = []
    assert ring_bells("cases", lambda c, j, q: heard.append(j)) == 2
    assert ring_bells("cases", lambda c, j, q: heard.append(j)) == 0
    _sql("UPDATE cases_job SET rung_at = now() - interval '1 minute'")
    assert ring_bells("cases", lambda c, j, q: heard.append(j)) == 2


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
