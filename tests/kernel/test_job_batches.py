"""Many small jobs taken at once: each ends by itself, and what kills a batch is tried again one by one."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from django.db import connections

from cases.models import Job
from config.kernel import clock
from config.kernel.db import ContextDatabase
from config.kernel.jobs import JobRun, enqueue, job, registry
from config.kernel.jobs.claims import claim, kept_alive
from config.kernel.jobs.execution import run_job
from config.kernel.jobs.sweep import reclaim_expired
from tests.platform.waiting import until

cases_db = ContextDatabase("cases")
pytestmark = pytest.mark.django_db(transaction=True)


def _sql(statement: str) -> None:
    with connections["cases"].cursor() as cursor:
        cursor.execute(statement)


class Batches:
    """A kind of which up to 4 jobs are taken at once; what it is told of a job's subject happens to the job."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.fates: dict[UUID, str] = {}
        self.dies = False

    def __call__(self, runs: Sequence[JobRun]) -> None:
        self.sizes.append(len(runs))
        if self.dies and len(runs) > 1:
            raise MemoryError
        for run in runs:
            with run.on_its_own():
                self._one(run, self.fates.get(run.subject_id, "left"))

    def _one(self, run: JobRun, fate: str) -> None:
        if fate == "fails":
            raise ValueError("no")
        if fate == "waits":
            run.wait(after_seconds=3600)
        elif fate == "done":
            with cases_db.atomic():
                run.complete()
        elif fate == "lost":
            _sql(f"UPDATE cases_job SET leased_by = gen_random_uuid() WHERE id = '{run.job_id}'")
            run.complete()


@pytest.fixture
def batches() -> Iterator[Batches]:
    made = Batches()
    job("cases.sample_batch", lease_seconds=5, batch=4)(made)
    yield made
    registry._kinds.pop("cases.sample_batch")


def _enqueue_batch(*fates: str, batches: Batches) -> list[UUID]:
    found = []
    for fate in fates:
        subject = uuid4()
        batches.fates[subject] = fate
        with cases_db.atomic():
            found.append(enqueue(context="cases", kind="cases.sample_batch", subject_id=subject))
    return [job_id for job_id in found if job_id]


def test_a_batch_is_claimed_at_once_and_each_job_ends_as_it_ends(batches: Batches) -> None:
    ids = _enqueue_batch("done", "fails", "waits", "left", "done", batches=batches)
    assert run_job("cases", ids[0])
    assert batches.sizes == [4]
    rows = {row.id: row for row in Job.objects.all()}
    found = [(rows[job_id].state, rows[job_id].tries) for job_id in ids]
    assert found == [("DONE", 1), ("QUEUED", 1), ("QUEUED", 0), ("DONE", 1), ("QUEUED", 0)]
    assert rows[ids[1]].last_error == "ValueError"
    _sql("UPDATE cases_job SET run_after = now()")
    assert run_job("cases", ids[1])
    assert batches.sizes == [4, 1], "what failed is tried alone"
    assert run_job("cases", ids[2])
    assert batches.sizes == [4, 1, 2], "what waited is not"


def test_a_batch_that_dies_is_tried_again_one_by_one(batches: Batches) -> None:
    batches.dies = True
    ids = _enqueue_batch("done", "done", "fails", batches=batches)
    assert run_job("cases", ids[0])
    assert {(row.state, row.tries, row.last_error) for row in Job.objects.all()} == {("QUEUED", 1, "MemoryError")}
    _sql("UPDATE cases_job SET run_after = now()")
    for job_id in ids:
        run_job("cases", job_id)
    assert batches.sizes == [3, 1, 1, 1]
    assert [Job.objects.get(id=job_id).state for job_id in ids] == ["DONE", "DONE", "QUEUED"]


def test_a_batch_whose_worker_was_killed_is_tried_again_one_by_one(batches: Batches) -> None:
    ids = _enqueue_batch("done", "done", "done", batches=batches)
    _sql(
        "UPDATE cases_job SET state = 'RUNNING', tries = 1, leased_by = gen_random_uuid(),"
        " lease_until = now() - interval '1 second'"
    )
    assert reclaim_expired("cases") == 3
    for job_id in ids:
        run_job("cases", job_id)
    assert batches.sizes == [1, 1, 1]


def test_a_lease_lost_in_a_batch_takes_no_other_job_along(batches: Batches) -> None:
    ids = _enqueue_batch("lost", "done", batches=batches)
    run_job("cases", ids[0])
    assert [Job.objects.get(id=job_id).state for job_id in ids] == ["RUNNING", "DONE"]


def test_two_workers_never_share_a_job_of_their_batches(batches: Batches) -> None:
    ids = _enqueue_batch(*["done"] * 12, batches=batches)
    seen: list[UUID] = []
    batches._one = lambda run, fate: seen.append(run.job_id)  # type: ignore[method-assign]

    def hear(job_id: UUID) -> None:
        try:
            run_job("cases", job_id)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=hear, args=(job_id,)) for job_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == sorted(ids)


def test_the_leases_of_a_batch_are_renewed_together(batches: Batches) -> None:
    ids = _enqueue_batch("done", "done", "done", batches=batches)
    kind = replace(registry.kind_of("cases.sample_batch"), lease_seconds=1)
    runs = claim("cases", ids[0])
    _sql("UPDATE cases_job SET lease_until = now() - interval '1 second'")
    with kept_alive(runs, kind):
        until(lambda: Job.objects.filter(lease_until__gt=clock.now()).count() == 3, "all are renewed")
    assert {run.lease_token for run in runs} == {row.leased_by for row in Job.objects.all()}
