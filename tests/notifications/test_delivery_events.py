"""What providers report comes in any order, late, early and again: it counts once, and ends in one state."""

from __future__ import annotations

import random
from itertools import permutations
from uuid import uuid4

import pytest
from django.db import DatabaseError, connections

from notifications.db import atomic
from notifications.domain.categories import ChannelName
from notifications.domain.delivery_reports import REPORTS, Happening
from notifications.domain.state_machines import DeliveryState
from notifications.models import Delivery, DeliveryEvent, OutboxEntry, Suppression
from notifications.services.addresses.suppressions import address_hash
from notifications.services.delivery_events import provider_said, record
from tests.factories.notifications import DeliveryFactory, NoticeFactory

pytestmark = pytest.mark.django_db
H = Happening
ADDRESS = "maria@example.org"
# Of several reports the highest holds: it bounced after all, or it arrived, or it left.
RANK = [H.DEFERRED, H.SENT, H.DELIVERED, H.UNDELIVERED, H.BOUNCED, H.COMPLAINED, H.STOPPED, H.GONE]
ENDS = {H.SENT: "SENT", H.DELIVERED: "DELIVERED"}


def _sent(state=DeliveryState.SENDING, channel=ChannelName.EMAIL):
    notice = NoticeFactory()
    return DeliveryFactory(
        notice=notice,
        user_id=notice.user_id,
        channel=channel,
        state=state,
        provider="esp",
        provider_id=str(uuid4()),
        address_hash=address_hash(channel, ADDRESS),
    )


def _said(delivery, what, number=0, **more):
    key = f"{delivery.provider_id}:{what}:{number}"
    return provider_said(
        provider="esp", provider_id=delivery.provider_id, what=what, source_key=key, reason=f"esp_{what}", **more
    )


def _ends(heard):
    highest = max(heard, key=RANK.index)
    return ENDS.get(highest, "SENDING" if highest is H.DEFERRED else "BOUNCED")


@pytest.mark.parametrize(
    "heard",
    [
        (H.SENT, H.DELIVERED),
        (H.SENT, H.DELIVERED, H.COMPLAINED),
        (H.DEFERRED, H.SENT, H.DELIVERED, H.BOUNCED),
        (H.SENT, H.UNDELIVERED, H.STOPPED),
    ],
)
def test_every_order_of_reports_ends_in_one_state(heard):
    for order in permutations(heard):
        delivery = _sent()
        for what in order:
            assert _said(delivery, what)
        delivery.refresh_from_db()
        assert delivery.state == _ends(heard), order
        assert delivery.events.count() == len(heard)


def test_reports_that_come_again_and_again_in_any_order_count_once():
    chance = random.Random(14)
    for _ in range(40):
        delivery, heard = _sent(), chance.sample(sorted(REPORTS), chance.randint(1, 5))
        again = heard * 3
        chance.shuffle(again)
        for what in again:
            assert _said(delivery, what)
        delivery.refresh_from_db()
        assert delivery.state == _ends(heard), again
        assert sorted(delivery.events.values_list("what", flat=True)) == sorted(heard)


@pytest.mark.parametrize("state", [DeliveryState.SENDING, DeliveryState.UNCERTAIN, DeliveryState.SENT])
def test_a_report_of_arrival_is_taken_wherever_the_message_stands(state):
    delivery = _sent(state)
    assert _said(delivery, H.DELIVERED)
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DELIVERED
    assert delivery.delivered_at is not None


def test_a_report_without_the_providers_name_is_taken_by_ours():
    """It may overtake our own record of what the provider answered."""
    delivery = _sent()
    Delivery.objects.update(provider="", provider_id="")
    assert _said(delivery, H.DELIVERED) is False
    assert not DeliveryEvent.objects.exists()
    assert _said(delivery, H.DELIVERED, delivery_id=delivery.id)
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DELIVERED


@pytest.mark.parametrize(
    ("what", "reason"),
    [(H.BOUNCED, "hard"), (H.COMPLAINED, "complaint"), (H.STOPPED, "stop"), (H.GONE, "gone"), (H.UNDELIVERED, None)],
)
def test_what_is_wrong_with_an_address_suppresses_it_and_a_message_that_failed_does_not(what, reason):
    delivery = _sent()
    _said(delivery, what)
    _said(delivery, what)
    assert list(Suppression.objects.values_list("reason", flat=True)) == ([reason] if reason else [])
    # Told once, so that whoever must be reached is tried by another channel.
    assert OutboxEntry.objects.filter(name="notifications.delivery.failed.v1").count() == 1


def test_of_several_reasons_against_an_address_the_strongest_stays_in_every_order():
    for order in permutations((H.GONE, H.BOUNCED, H.COMPLAINED, H.STOPPED)):
        Suppression.objects.all().delete()
        for what in order:
            _said(_sent(), what)
        assert Suppression.objects.get().reason == "stop", order


def test_no_address_stands_in_what_is_kept():
    delivery = _sent()
    _said(delivery, H.BOUNCED)
    rows = [list(model.objects.values()) for model in (Delivery, DeliveryEvent, Suppression, OutboxEntry)]
    assert ADDRESS not in repr(rows)
    assert "example" not in repr(rows)


def test_what_no_provider_tells_is_an_error_of_ours():
    with pytest.raises(ValueError, match="nothing that a provider tells"):
        _said(_sent(), H.SKIPPED)


def test_our_own_lines_are_added_each_time():
    delivery = _sent()
    with atomic():
        assert record(delivery, H.SENDING)
        assert record(delivery, H.SENDING)
    assert delivery.events.count() == 2


def test_the_programs_role_adds_to_the_timeline_and_never_changes_it():
    delivery = _sent()
    with connections["notifications"].cursor() as cursor, atomic():
        cursor.execute("SET LOCAL ROLE sop_notifications")
        assert record(delivery, H.SENDING)
        with pytest.raises(DatabaseError, match="permission denied"), atomic():
            DeliveryEvent.objects.update(reason="rewritten")
        cursor.execute("RESET ROLE")
    assert delivery.events.get().reason == ""
