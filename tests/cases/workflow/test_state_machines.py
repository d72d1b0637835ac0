"""The small machines: the tables as the specification has them, and no row takes a step that is not in its table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import models

from cases.domain.workflow import state_machines
from cases.domain.workflow.state_machines import DocumentState, OfferState, OpinionState
from cases.models import Archive, Assignment, Clarification, Offer, Opinion, RecordRequest
from config.kernel import clock
from config.kernel.db.states import advance, advance_all
from config.kernel.errors import Conflict
from config.kernel.state_machine import StateMachine
from tests.cases.support import Story
from tests.state_machines import is_as_specified, machines_of, takes_every_step_and_no_other

pytestmark = pytest.mark.django_db
# Written out a second time by hand: where each begins, and whither it may go.
SPECIFIED = {
    "Offer": ("OFFERED", {"OFFERED": "ACCEPTED DECLINED EXPIRED WITHDRAWN"}),
    "Assignment": ("ACTIVE", {"ACTIVE": "COMPLETED RELEASED REVOKED"}),
    "Opinion": (
        "DRAFT",
        {
            "DRAFT": "SUBMITTED APPROVED",
            "SUBMITTED": "CHANGES_REQUESTED APPROVED",
            "CHANGES_REQUESTED": "SUBMITTED APPROVED",
            "APPROVED": "SIGNED CHANGES_REQUESTED",
            "SIGNED": "SUPERSEDED",
        },
    ),
    "Document": (
        "QUARANTINED",
        {
            "QUARANTINED": "PROCESSED MISMATCHED ACCEPTED REJECTED WITHDRAWN",
            "PROCESSED": "ACCEPTED REJECTED WITHDRAWN",
            "MISMATCHED": "ACCEPTED REJECTED WITHDRAWN",
            "ACCEPTED": "WITHDRAWN",
            "REJECTED": "WITHDRAWN",
        },
    ),
    "Clarification": ("OPEN", {"OPEN": "ANSWERED EXPIRED"}),
    "RecordRequest": (
        "OPEN",
        {
            "OPEN": "RECEIVED UNDELIVERABLE LAPSED CANCELLED",
            "RECEIVED": "CANCELLED",
            "UNDELIVERABLE": "CANCELLED",
            "LAPSED": "CANCELLED",
        },
    ),
    "Archive": ("RECEIVED", {"RECEIVED": "UNPACKED REFUSED"}),
}
MACHINES = machines_of("cases")


def test_every_machine_is_specified() -> None:
    assert set(MACHINES) == set(SPECIFIED)


@pytest.mark.parametrize("name", SPECIFIED)
def test_a_machine_is_the_specified_one(name: str) -> None:
    is_as_specified(MACHINES[name], SPECIFIED[name])


def test_a_signed_opinion_is_never_changed_only_superseded() -> None:
    assert state_machines.OPINION.targets(OpinionState.SIGNED) == {OpinionState.SUPERSEDED}
    assert state_machines.OPINION.sources(OpinionState.SIGNED) == (OpinionState.APPROVED,)


def test_a_refused_document_never_becomes_readable() -> None:
    assert state_machines.DOCUMENT.targets(DocumentState.REJECTED) == {DocumentState.WITHDRAWN}
    assert state_machines.DOCUMENT.targets(DocumentState.WITHDRAWN) == frozenset()


def test_a_state_that_nothing_leads_to_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing leads to WITHDRAWN"):
        StateMachine(OfferState.OFFERED, {OfferState.OFFERED: set(OfferState) - {OfferState.WITHDRAWN}})


@pytest.fixture
def story() -> Story:
    return Story()


def _offer(story: Story) -> Offer:
    at = clock.now() + timedelta(days=1)
    return Offer(case_id=story.id, professional_id=uuid4(), user_id=uuid4(), offered_by=uuid4(), expires_at=at)


MADE: dict[str, Callable[[Story], models.Model]] = {
    "Offer": _offer,
    "Assignment": lambda story: Assignment(
        case_id=story.id, professional_id=uuid4(), user_id=uuid4(), coi_attestation={}, legal_rule="R1"
    ),
    "Opinion": lambda story: Opinion(
        case_id=story.id, author_id=uuid4(), professional_id=uuid4(), content_sealed=b"sealed"
    ),
    "Document": lambda story: story.put_document(),
    "Clarification": lambda story: Clarification(
        case_id=story.id, asked_by=uuid4(), question_sealed=b"sealed", due_at=clock.now()
    ),
    "RecordRequest": lambda story: RecordRequest(
        case_id=story.id, requested_by=uuid4(), recipient_sealed=b"", items_sealed=b"", due_at=clock.now()
    ),
    "Archive": lambda story: Archive(case_id=story.id, patient_id=uuid4(), uploaded_by=uuid4(), size=1),
}


@pytest.mark.parametrize("name", SPECIFIED)
def test_a_row_takes_every_step_of_its_table_and_no_other(name: str, story: Story) -> None:
    takes_every_step_and_no_other(MADE[name](story), SPECIFIED[name])


def test_of_two_who_read_the_same_row_the_second_is_refused_and_writes_nothing(story: Story) -> None:
    row = _offer(story)
    row.save()
    first, second = Offer.objects.get(pk=row.pk), Offer.objects.get(pk=row.pk)
    advance(first, OfferState.ACCEPTED, answered_at=clock.now())
    with pytest.raises(Conflict):
        advance(second, OfferState.DECLINED, answered_at=None)
    assert second.state == "OFFERED"
    assert Offer.objects.get(pk=row.pk).state == "ACCEPTED"
    assert Offer.objects.get(pk=row.pk).answered_at == first.answered_at


def test_a_row_that_is_gone_takes_no_step(story: Story) -> None:
    row = _offer(story)
    row.save()
    Offer.objects.filter(pk=row.pk).delete()
    with pytest.raises(Conflict):
        advance(row, OfferState.ACCEPTED)


def test_a_table_without_a_machine_is_none_of_its_business(story: Story) -> None:
    with pytest.raises(TypeError, match="no machine"):
        advance_all(type(story.row).objects.all(), OfferState.ACCEPTED)
