"""Two at once: one run, one set of findings."""

from __future__ import annotations

import threading
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connections

from analysis.models import AnalysisRun, Job
from analysis.services.run_requests import queue_run

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "analysis"])


def in_threads(count: int, work: Any) -> list[Any]:
    """Run ``work`` in ``count`` threads that start together."""
    barrier, results = threading.Barrier(count), []

    def run() -> None:
        try:
            barrier.wait(timeout=300)
            results.append(work())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    return results


def test_simultaneous_requests_for_a_document_share_one_run() -> None:
    case_id, document_id, patient_id = uuid4(), uuid4(), uuid4()

    def ask() -> UUID:
        return queue_run(case_id=case_id, document_id=document_id, patient_id=patient_id, requested_by=patient_id).id

    found = in_threads(6, ask)
    assert len(found) == 6
    assert len(set(found)) == 1
    assert AnalysisRun.objects.count() == 1
    assert Job.objects.count() == 1


def test_a_new_run_may_begin_once_the_last_one_is_closed() -> None:
    case_id, document_id, patient_id = uuid4(), uuid4(), uuid4()
    ids = set()
    for _ in range(2):
        run = queue_run(case_id=case_id, document_id=document_id, patient_id=patient_id, requested_by=None)
        ids.add(run.id)
        AnalysisRun.objects.update(state="COMPLETED")
    assert len(ids) == 2
