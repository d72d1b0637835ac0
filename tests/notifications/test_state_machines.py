"""The machine of this context, written out a second time by hand."""

from __future__ import annotations

import pytest

from notifications.models import Delivery
from tests.factories.notifications import DeliveryFactory
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


def test_there_is_one_machine_and_it_is_the_specified_one() -> None:
    assert set(machines_of("notifications")) == {"Delivery"}
    is_as_specified(Delivery, DELIVERY)


def test_a_delivery_takes_every_step_of_its_table_and_no_other() -> None:
    takes_every_step_and_no_other(DeliveryFactory(), DELIVERY)
