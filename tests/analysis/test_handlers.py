"""What analysis does with others' news, delivered by the real dispatch."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from analysis import handlers
from analysis.models import AnalysisRun, Job
from cases.events import DocumentRead
from config.kernel.outbox import dispatch
from identity.events import ConsentWithdrawn
from tests.analysis.world import World, make_world

pytestmark = pytest.mark.django_db


def read(world: World, *, state: str = "ACCEPTED", event_id: UUID | None = None) -> None:
    event = DocumentRead(
        aggregate_id=world.case_id,
        document_id=world.document_id,
        patient_id=world.patient.user_id,
        verdict="complete",
        state=state,
    )
    handlers.document_read(event=event, event_id=event_id or uuid4())


def test_an_accepted_document_is_analysed_at_once(world: World) -> None:
    read(world)
    run = AnalysisRun.objects.get()
    assert (run.document_id, run.state, run.requested_by) == (world.document_id, "QUEUED", None)
    assert Job.objects.get().subject_id == run.id


@pytest.mark.parametrize("state", ["QUARANTINED", "REJECTED", "MISMATCHED"])
def test_a_document_in_another_state_waits(world: World, state: str) -> None:
    read(world, state=state)
    assert not AnalysisRun.objects.exists()


def test_without_consent_a_read_document_is_left_alone(db: Any) -> None:
    read(make_world(consents=("service",)))
    assert not AnalysisRun.objects.exists()


def test_the_same_news_twice_queues_one_run(world: World) -> None:
    event_id = uuid4()
    read(world, event_id=event_id)
    AnalysisRun.objects.update(state="COMPLETED")
    read(world, event_id=event_id)
    assert AnalysisRun.objects.count() == 1


def test_withdrawing_another_consent_blocks_nothing(world: World) -> None:
    read(world)
    handlers.consent_withdrawn.effect(ConsentWithdrawn(aggregate_id=world.patient.user_id, purpose="research"))
    assert AnalysisRun.objects.get().state == "QUEUED"


def test_withdrawal_blocks_this_patients_runs_only(world: World) -> None:
    other = make_world()
    read(world)
    read(other)
    handlers.consent_withdrawn.effect(ConsentWithdrawn(aggregate_id=world.patient.user_id, purpose="ai_processing"))
    states = dict(AnalysisRun.objects.values_list("patient_id", "state"))
    assert states == {world.patient.user_id: "BLOCKED", other.patient.user_id: "QUEUED"}


def test_the_handlers_hang_on_the_signals_that_the_relay_sends() -> None:
    assert dispatch.relay_once
    for event in (DocumentRead, ConsentWithdrawn):
        assert any("analysis.handlers" in str(receiver[0][0]) for receiver in event.signal.receivers)
