"""The sample job that tests enqueue, as its function and what becomes of it."""

from collections.abc import Iterator

import pytest

from config.kernel.jobs import JobRun, job, on_failure, registry
from tests.kernel.job_work import Work, cases_db


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
