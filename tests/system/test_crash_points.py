"""Killed -9 at each statement, commit and file write of an upload, a reading, a step and a report: nothing is lost."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.db import connections

from analysis.models import AnalysisRun, Finding
from analysis.models import Job as AnalysisJob
from cases.adapters.reading import READER_VERSION
from cases.adapters.storage import document_storage
from cases.models import (
    Assignment,
    AuditEntry,
    ClockInterval,
    Document,
    DocumentPage,
    Job,
    OutboxEntry,
    Report,
    Rereading,
    RetiredFile,
    StatusHistory,
)
from cases.services import assignment, documents
from cases.services.storage.file_resealing import discard_retired
from cases.services.workflow import Transition
from config.kernel import clock
from config.kernel.due_work import drain
from config.kernel.errors import Conflict
from config.kernel.jobs.execution import run_job
from config.kernel.jobs.sweep import reclaim_expired
from notifications.models import Notice
from tests.cases.support import CLEAR, Story, by
from tests.corpora.files.in_process import read_again_here
from tests.system.crashing import killed_at
from tests.system.test_rereading import READER

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
# SOP_CRASHES=1 tries every place (a minute); the suite takes every so-many-th.
STRIDE = int(os.environ.get("SOP_CRASHES", "4"))
LETTER = "Patient: Maria Keller\nDate of birth: 17.04.1961\nAll is well.\n"


def places(work: Callable[[], Any], folder: Path, first: int = 1, stride: int = STRIDE) -> Iterator[str]:
    """Kill the work at one place after the other; the caller mends and looks between them."""
    number = first
    while (name := killed_at(number, work, folder)) is not None:
        yield f"place {number}, {name}"
        number += stride


def recover() -> None:
    """What the platform does by itself: leases end, the sweeper feeds jobs again, the relay sends what waits."""
    for context in ("cases", "notifications", "analysis"):
        with connections[context].cursor() as cursor:
            cursor.execute(
                f"UPDATE \"{context}_job\" SET lease_until = clock_timestamp() - interval '1 second'"
                " WHERE state = 'RUNNING'"
            )
        reclaim_expired(context)
    drain()


def stored() -> set[str]:
    kinds = ("original", "page", "thumbnail", "report", "reportfhir")
    return {key for kind in kinds for key in document_storage().keys(kind)}


def named() -> set[str]:
    return {
        *Document.objects.values_list("storage_key", flat=True),
        *DocumentPage.objects.exclude(image_key="").values_list("image_key", flat=True),
        *DocumentPage.objects.exclude(thumbnail_key="").values_list("thumbnail_key", flat=True),
        *Report.objects.values_list("pdf_key", flat=True),
        *Report.objects.values_list("fhir_key", flat=True),
    }


def sweep_files() -> None:
    with clock.frozen(clock.now() + timedelta(days=1, minutes=1)):
        discard_retired(None)  # type: ignore[arg-type]  # the job asks nothing of its run


def test_an_upload_that_is_sent_again_is_there_once_and_leaves_no_file(tmp_path: Path) -> None:
    story = Story()
    source = tmp_path / "letter.txt"

    def upload() -> None:
        documents.upload_document(
            principal=story.patient, case_id=story.id, name="letter.txt", declared_type="text/plain", source=source
        )

    tried = 0
    source.write_text(f"{LETTER}0\n")
    with by(story.patient):
        for place in places(upload, tmp_path):
            with suppress(Conflict):
                upload()
            tried += 1
            assert Document.objects.filter(case=story.id).count() == tried, place
            source.write_text(f"{LETTER}{tried}\n")
    assert tried >= 10 // STRIDE + 1
    # The last one was not killed.
    assert Document.objects.filter(case=story.id).count() == tried + 1
    ids = set(Document.objects.values_list("id", flat=True))
    assert set(Job.objects.filter(kind="cases.read_document").values_list("subject_id", flat=True)) == ids
    assert Job.objects.filter(kind="cases.read_document").count() == len(ids)
    assert OutboxEntry.objects.filter(name="cases.document.uploaded.v1").count() == len(ids)
    assert AuditEntry.objects.filter(action="document.upload").count() == len(ids)
    assert named() <= stored(), "a row without its file"
    sweep_files()
    assert named() == stored(), "a file without its row"
    assert not RetiredFile.objects.exists()


def test_a_reading_that_is_cut_off_is_done_again_and_leaves_one_set_of_pages(tmp_path: Path) -> None:
    story, number = Story(), iter(range(1_000))
    job: list[Any] = []

    def queued() -> None:
        story.add_document(f"{LETTER}{next(number)}\n", tmp_path)
        job[:] = [Job.objects.filter(kind="cases.read_document", state="QUEUED").latest("created_at").id]

    queued()
    for place in places(lambda: run_job("cases", job[0]), tmp_path, stride=STRIDE + 3):
        recover()
        document = Document.objects.latest("created_at")
        assert document.state == "ACCEPTED", place
        assert DocumentPage.objects.filter(document=document).count() == document.page_count == 1, place
        assert Job.objects.get(id=job[0]).state == "DONE", place
        queued()
    recover()
    read = Document.objects.count()
    assert OutboxEntry.objects.filter(name="cases.document.read.v1").count() == read
    assert AuditEntry.objects.filter(action="document.process").count() == read
    sweep_files()
    assert named() == stored()


@pytest.mark.parametrize("part", ["cases", "analysis"])
def test_a_document_that_is_read_again_loses_and_doubles_nothing_when_it_is_cut_off(part: str, tmp_path: Path) -> None:
    story, jobs = Story(), list[Any]()
    story.add_document(f"{LETTER}Potassium 4.1 mmol/l (3.5 - 5.1)\n", tmp_path)
    drain()
    document = Document.objects.get()
    findings = list(Finding.objects.order_by("id").values_list("id", "decision", "superseded"))
    assert findings

    def begin() -> None:
        """As if the next reader came: the document is outdated once more."""
        Document.objects.update(reader_version=0)
        Rereading.objects.all().delete()
        documents.queue_rereadings()
        if part == "analysis":
            drain("cases")
        jobs.append(_newest_job(part))

    with mock.patch(READER, side_effect=read_again_here):
        begin()
        for place in places(lambda: run_job(part, jobs[-1]), tmp_path, stride=STRIDE**2):
            recover()
            document.refresh_from_db()
            assert (document.state, document.reader_version) == ("ACCEPTED", READER_VERSION), place
            assert Rereading.objects.get().state == "DONE", place
            assert DocumentPage.objects.filter(document=document).count() == 1, place
            assert list(Finding.objects.order_by("id").values_list("id", "decision", "superseded")) == findings, place
            begin()
        recover()
    rounds = len(jobs)
    assert AuditEntry.objects.filter(action="document.reread").count() == rounds
    assert OutboxEntry.objects.filter(name="cases.document.reread.v1").count() == rounds
    assert AnalysisRun.objects.filter(again=True, state="COMPLETED").count() == rounds
    sweep_files()
    assert named() == stored()


def _newest_job(part: str) -> Any:
    if part == "cases":
        return Job.objects.filter(kind="cases.reread_document").latest("created_at").id
    return AnalysisJob.objects.filter(kind="analysis.run").latest("created_at").id


@pytest.mark.parametrize("step", ["submit", "accept"])
def test_a_step_that_is_cut_off_is_taken_wholly_or_not_at_all(step: str, tmp_path: Path) -> None:
    transition = {"submit": Transition.SUBMIT, "accept": Transition.ACCEPT_OFFER}[step]
    stories: list[Story] = []

    def begin() -> None:
        stories.append(Story() if step == "submit" else Story().offered())

    def work() -> None:
        story = stories[-1]
        if step == "submit":
            story.move(story.patient, "SUBMITTED")
            return
        with by(story.author):
            assignment.accept_offer(principal=story.author, case_id=story.id, coi_attestation=CLEAR)

    begin()
    for place in places(work, tmp_path, stride=STRIDE + 2):
        story = stories[-1]
        taken = StatusHistory.objects.filter(case=story.id, transition=transition).count()
        assert (story.state in ("SUBMITTED", "IN_REVIEW")) is bool(taken), place
        if not taken:
            work()
        begin()
    for story in stories:
        assert StatusHistory.objects.filter(case=story.id, transition=transition).count() == 1
        moves = AuditEntry.objects.filter(object_id=story.id, action="case.move", detail__transition=transition)
        assert moves.count() == 1
        told = OutboxEntry.objects.filter(aggregate_id=story.id, name="cases.case.status_changed.v1")
        assert [entry.payload["transition"] for entry in told].count(transition) == 1
        assert ClockInterval.objects.filter(case=story.id, ended_at=None).count() <= 1
        if step == "accept":
            assert Assignment.objects.filter(case=story.id, state="ACTIVE").count() == 1
    drain()
    received = Notice.objects.filter(kind={"submit": "case_received", "accept": "specialist_found"}[step])
    assert received.count() == len(stories)


def test_a_report_whose_building_is_cut_off_is_built_once_and_delivered(tmp_path: Path) -> None:
    stories: list[Story] = []

    def begin() -> Any:
        stories.append(Story().signed())
        return Job.objects.filter(kind="cases.build_report", state="QUEUED").latest("created_at").id

    job = [begin()]
    for place in places(lambda: run_job("cases", job[0]), tmp_path, stride=STRIDE * 2):
        recover()
        assert stories[-1].state == "DELIVERED", place
        job[:] = [begin()]
    recover()
    for story in stories:
        assert Report.objects.filter(case=story.id).count() == 1
        assert OutboxEntry.objects.filter(aggregate_id=story.id, name="cases.report.ready.v1").count() == 1
        assert Notice.objects.filter(subject_id=story.id, kind="report_ready").count() == 1
    sweep_files()
    assert named() == stored()
