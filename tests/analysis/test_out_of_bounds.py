"""A text that the engine is never done with ends its run at the first try, with the reason; nobody else waits."""

from __future__ import annotations

from unittest import mock

import pytest

from analysis import services
from analysis.models import AnalysisRun, Job
from analysis.services import runs
from tests.analysis.working import run_jobs
from tests.analysis.world import World

pytestmark = pytest.mark.django_db


def endless(pages: object, subject: object = None) -> None:
    # What is made ready beforehand, outside of the child, is given no subject.
    while subject is not None:
        pass


def test_a_run_that_is_never_done_fails_at_once_and_says_why(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "LOOK_SECONDS", 1)
    monkeypatch.setattr(runs, "ENGINE_SECONDS", 1)
    asked = services.request_analysis(principal=world.specialist, document_id=world.document_id)
    job = Job.objects.get(kind="analysis.run")
    assert (job.queue, job.concurrency_key) == ("documents", f"patient:{world.patient.user_id}")
    with mock.patch.object(runs, "analyse", endless):
        run_jobs()
        job = Job.objects.get(kind="analysis.run")
        assert (job.state, job.tries, job.concurrency_key) == ("QUEUED", 0, "heavy"), "it goes on where nobody waits"
        run_jobs()
    run = AnalysisRun.objects.get(id=asked.id)
    job = Job.objects.get(kind="analysis.run")
    assert (run.state, run.reason, job.state, job.tries) == ("FAILED", "text_out_of_bounds", "DONE", 1)
