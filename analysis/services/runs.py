"""Carrying a run out: read, judge, ask the providers, store. The effect and the job's end share a transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from analysis.db import atomic, now
from analysis.domain.doubts import with_doubts
from analysis.domain.engine import VERSION, Outcome, analyse
from analysis.domain.spans import SourcePage
from analysis.domain.state_machines import OPEN_RUNS, RunState
from analysis.events import RunCompleted, RunStarted
from analysis.models import AnalysisRun
from analysis.services import case_records
from analysis.services.finding_rows import store
from analysis.services.knowledge_editions import knowledge_in_force
from analysis.services.provider_calls import Consultation, consult
from analysis.services.result_dates import with_dates
from config.kernel.bounded_work import OutOfBounds, in_child
from config.kernel.db.states import advance
from config.kernel.outbox import publish
from identity import services as identity

#: Of processor time, for one document: at first, and where nobody waits for it.
LOOK_SECONDS, ENGINE_SECONDS = 3, 60


def execute(*, run_id: UUID, complete: Callable[[], None], later: Callable[[], None] | None = None) -> None:
    """Carry out a queued run; ``complete`` ends its job. A run that is closed already stays as it is.

    With ``later``, which puts the job off to where nobody waits for it, the engine has three seconds.
    """
    run = _begin(run_id)
    if run is None:
        return
    if not case_records.ai_allowed(patient_id=run.patient_id):
        finish(run_id=run_id, state=RunState.BLOCKED, reason="consent_withdrawn", complete=complete)
        return
    source = case_records.source_of(document_id=run.document_id)
    if not source.readable:
        finish(run_id=run_id, state=RunState.ABSTAINED, reason="low_quality_input", complete=complete)
        return
    try:
        outcome, added = _judged(run, source, LOOK_SECONDS if later else ENGINE_SECONDS)
    except OutOfBounds:
        if later:
            later()
            return
        # It would take as long again: no second try.
        finish(run_id=run_id, state=RunState.FAILED, reason="text_out_of_bounds", complete=complete)
        return
    # Consent may have been taken back while the engines were at work.
    if not case_records.ai_allowed(patient_id=run.patient_id):
        finish(run_id=run_id, state=RunState.BLOCKED, reason="consent_withdrawn", complete=complete)
        return
    # Those of models too: they were shown one reading.
    told = with_doubts(with_dates(added.findings, source), source.pages)
    _store(run, outcome, replace(added, findings=told), source.reader_version, complete)


def _judged(run: AnalysisRun, source: case_records.Source, seconds: int) -> tuple[Outcome, Consultation]:
    """What the engine and the providers say; raises ``OutOfBounds`` for a text that takes too long."""
    with knowledge_in_force():
        # What the engine remembers of the knowledge is made here once, and known to every child.
        analyse((SourcePage(run.document_id, 1, "-a"),))
        outcome = in_child(seconds, analyse, source.pages, case_records.subject_of(patient_id=run.patient_id))
    return outcome, consult(
        run_id=run.id,
        pages=source.pages,
        copy=source.masked,
        partial=source.partial,
        local=outcome.findings,
        identifiers=lambda: case_records.identifiers_of(case_id=run.case_id),
        release=outcome.knowledge_release,
    )


def finish(*, run_id: UUID, state: RunState, reason: str, complete: Callable[[], None] | None = None) -> None:
    """Close an open run without findings: ABSTAINED, BLOCKED or FAILED, with the reason as a code."""
    with atomic():
        run = AnalysisRun.objects.select_for_update().filter(id=run_id, state__in=OPEN_RUNS).first()
        if run is not None:
            _close(run, state, reason, findings=0)
        if complete:
            complete()


def block_queued(*, patient_id: UUID) -> int:
    """Stop the runs that wait, because the patient no longer agrees; returns how many."""
    with atomic():
        waiting = AnalysisRun.objects.select_for_update().filter(patient_id=patient_id, state=RunState.QUEUED)
        runs = list(waiting)
        for run in runs:
            _close(run, RunState.BLOCKED, "consent_withdrawn", findings=0)
    return len(runs)


def _begin(run_id: UUID) -> AnalysisRun | None:
    with atomic():
        run = AnalysisRun.objects.select_for_update().filter(id=run_id, state__in=OPEN_RUNS).first()
        if run is not None and run.state == RunState.QUEUED:
            advance(run, RunState.RUNNING, started_at=now())
            publish(
                RunStarted(
                    aggregate_id=run.case_id, run_id=run.id, document_id=run.document_id, patient_id=run.patient_id
                )
            )
    return run


def _store(
    run: AnalysisRun, outcome: Outcome, added: Consultation, reader_version: int, complete: Callable[[], None]
) -> None:
    key = identity.data_key(subject_id=run.patient_id)
    with atomic():
        locked = AnalysisRun.objects.select_for_update().filter(id=run.id, state__in=OPEN_RUNS).first()
        if locked is not None:
            stored = store(locked, added.findings, key, noted=_is_newer(locked, reader_version))
            _close(
                locked,
                RunState.COMPLETED if stored else RunState.ABSTAINED,
                "" if stored else outcome.abstained,
                findings=stored,
                knowledge_release=outcome.knowledge_release,
                reader_version=reader_version,
                degraded=added.degraded,
                dropped_claims=added.dropped,
            )
        complete()


def _is_newer(run: AnalysisRun, reader_version: int) -> bool:
    """Whether reader or engine are newer than those of the document's last run that came to an end."""
    ended = (RunState.COMPLETED, RunState.ABSTAINED)
    before = AnalysisRun.objects.filter(document_id=run.document_id, state__in=ended).order_by("-id").first()
    return before is not None and (before.engine_version, before.reader_version) != (VERSION, reader_version)


def _close(run: AnalysisRun, state: RunState, reason: str, *, findings: int, **found: Any) -> None:
    advance(run, state, reason=reason, finished_at=now(), engine_version=VERSION, **found)
    publish(
        RunCompleted(
            aggregate_id=run.case_id,
            run_id=run.id,
            document_id=run.document_id,
            patient_id=run.patient_id,
            outcome=state,
            findings=findings,
            again=run.again,
        )
    )
