"""The small machines: the tables as the specification has them, and no row takes a step that is not in its table."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import models

from cases.domain.workflow import state_machines
from cases.domain.workflow.state_machines import DocumentState, OfferState, OpinionState
from cases.models import Offer
from config.kernel import clock
from config.kernel.db.states import advance, advance_all
from config.kernel.errors import Conflict
from config.kernel.state_machine import StateMachine
from tests.cases.support import Story
from tests.factories.cases import (
    ArchiveFactory,
    AssignmentFactory,
    ClarificationFactory,
    OfferFactory,
    OpinionFactory,
    RecordRequestFactory,
    ReportRecheckFactory,
    RereadingFactory,
)
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
            "PROCESSED": "ACCEPTED MISMATCHED REJECTED WITHDRAWN",
            "MISMATCHED": "ACCEPTED REJECTED WITHDRAWN",
            "ACCEPTED": "REJECTED WITHDRAWN",
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
    "ReportRecheck": ("OPEN", {"OPEN": "STANDS AMENDED"}),
    "Rereading": ("WAITING", {"WAITING": "DONE ASKED KEPT DROPPED", "ASKED": "UPHELD REFUSED DROPPED"}),
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


MADE: dict[str, Callable[[Story], models.Model]] = {
    "Offer": lambda story: OfferFactory.build(case_id=story.id),
    "Assignment": lambda story: AssignmentFactory.build(case_id=story.id),
    "Opinion": lambda story: OpinionFactory.build(case_id=story.id),
    "Document": lambda story: story.put_document(),
    "Clarification": lambda story: ClarificationFactory.build(case_id=story.id),
    "RecordRequest": lambda story: RecordRequestFactory.build(case_id=story.id),
    "Archive": lambda story: ArchiveFactory.build(case_id=story.id),
    "ReportRecheck": lambda story: ReportRecheckFactory.build(case_id=story.id),
    "Rereading": lambda story: RereadingFactory.build(
        document=story.put_document(), patient_id=story.patient.user_id, state="WAITING"
    ),
}


@pytest.mark.parametrize("name", SPECIFIED)
def test_a_row_takes_every_step_of_its_table_and_no_other(name: str, story: Story) -> None:
    takes_every_step_and_no_other(MADE[name](story), SPECIFIED[name])


def test_of_two_who_read_the_same_row_the_second_is_refused_and_writes_nothing(story: Story) -> None:
    row = OfferFactory(case_id=story.id)
    first, second = Offer.objects.get(pk=row.pk), Offer.objects.get(pk=row.pk)
    advance(first, OfferState.ACCEPTED, answered_at=clock.now())
    with pytest.raises(Conflict):
        advance(second, OfferState.DECLINED, answered_at=None)
    assert second.state == "OFFERED"
    assert Offer.objects.get(pk=row.pk).state == "ACCEPTED"
    assert Offer.objects.get(pk=row.pk).answered_at == first.answered_at


def test_a_row_that_is_gone_takes_no_step(story: Story) -> None:
    row = OfferFactory(case_id=story.id)
    Offer.objects.filter(pk=row.pk).delete()
    with pytest.raises(Conflict):
        advance(row, OfferState.ACCEPTED)


def test_a_table_without_a_machine_is_none_of_its_business(story: Story) -> None:
    with pytest.raises(TypeError, match="no machine"):
        advance_all(type(story.row).objects.all(), OfferState.ACCEPTED)
