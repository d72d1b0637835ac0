"""The machines of this context, written out a second time by hand."""

from __future__ import annotations

import pytest

from notifications.models import Campaign, Delivery, Escalation, HookDelivery, SendRequest
from tests.factories.notifications import (
    CampaignFactory,
    DeliveryFactory,
    EscalationFactory,
    HookDeliveryFactory,
    SendRequestFactory,
)
from tests.state_machines import Specified, is_as_specified, machines_of, takes_every_step_and_no_other

pytestmark = pytest.mark.django_db
DELIVERY: Specified = (
    "QUEUED",
    {
        "HELD": "QUEUED HELD SKIPPED FOLDED CANCELLED",
        "QUEUED": "SENDING QUEUED HELD SKIPPED FOLDED CANCELLED FAILED UNCERTAIN",
        "SENDING": "SENT QUEUED FAILED UNCERTAIN DELIVERED BOUNCED",
        "SENT": "DELIVERED BOUNCED",
        "UNCERTAIN": "SENDING QUEUED UNCERTAIN SENT DELIVERED BOUNCED",
        "DELIVERED": "BOUNCED",
        "FAILED": "SENDING QUEUED SKIPPED FAILED",
    },
)


CAMPAIGN: Specified = (
    "DRAFT",
    {
        "DRAFT": "SUBMITTED CANCELLED",
        "SUBMITTED": "SCHEDULED CANCELLED",
        "SCHEDULED": "RUNNING CANCELLED",
        "RUNNING": "PAUSED FINISHED CANCELLED",
        "PAUSED": "RUNNING CANCELLED",
    },
)
ESCALATION: Specified = (
    "WATCHED",
    {"WATCHED": "READ UNREACHED CLOSED", "UNREACHED": "CLAIMED READ", "CLAIMED": "UNREACHED READ CLOSED"},
)
HOOK_DELIVERY: Specified = (
    "QUEUED",
    {"QUEUED": "QUEUED DELIVERED FAILED", "DELIVERED": "QUEUED", "FAILED": "QUEUED"},
)
SEND_REQUEST: Specified = ("SCHEDULED", {"SCHEDULED": "SENT CANCELLED", "SENT": "CANCELLED"})


def test_the_machines_are_the_specified_ones() -> None:
    assert set(machines_of("notifications")) == {"Campaign", "Delivery", "Escalation", "HookDelivery", "SendRequest"}
    is_as_specified(Delivery, DELIVERY)
    is_as_specified(Campaign, CAMPAIGN)
    is_as_specified(SendRequest, SEND_REQUEST)
    is_as_specified(Escalation, ESCALATION)
    is_as_specified(HookDelivery, HOOK_DELIVERY)


def test_an_event_for_a_webhook_takes_every_step_of_its_table_and_no_other() -> None:
    takes_every_step_and_no_other(HookDeliveryFactory(), HOOK_DELIVERY)


def test_an_escalation_takes_every_step_of_its_table_and_no_other() -> None:
    takes_every_step_and_no_other(EscalationFactory(), ESCALATION)


def test_a_delivery_takes_every_step_of_its_table_and_no_other() -> None:
    takes_every_step_and_no_other(DeliveryFactory(), DELIVERY)


def test_a_campaign_takes_every_step_of_its_table_and_no_other() -> None:
    takes_every_step_and_no_other(CampaignFactory(approved=True), CAMPAIGN)


def test_a_message_that_was_asked_for_takes_every_step_of_its_table_and_no_other() -> None:
    takes_every_step_and_no_other(SendRequestFactory(), SEND_REQUEST)
