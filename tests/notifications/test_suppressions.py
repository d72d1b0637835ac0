"""Addresses that nothing is sent to are kept as keyed hashes, and come back when their owner proves them anew."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from config.kernel import clock
from identity.events import EmailChanged, EmailVerified, ErasureRequested, PasswordChanged
from notifications.db import atomic
from notifications.domain.categories import ChannelName
from notifications.domain.deciding import SuppressionReason
from notifications.models import Suppression
from notifications.services.addresses import suppressions
from tests.factories import make_account
from tests.notifications.support import deliver

pytestmark = pytest.mark.django_db
R = SuppressionReason
EMAIL = ChannelName.EMAIL


def _suppress(address="maria@example.org", reason=R.HARD, channel=EMAIL, **more):
    with atomic():
        suppressions.suppress(channel=channel, address=address, reason=reason, **more)


def _against(address="maria@example.org", channel=EMAIL):
    hashed = suppressions.address_hash(channel, address)
    return suppressions.suppressed(channel=channel, hashes=[hashed]).get(hashed, (None, None))[0]


def test_an_address_is_known_however_it_is_written_and_by_its_channel_alone():
    _suppress(" Maria@Example.org ")
    assert _against() is R.HARD
    assert _against("other@example.org") is None
    assert _against(channel=ChannelName.SMS) is None


def test_a_hash_is_nothing_that_others_can_try_addresses_against(settings):
    before = suppressions.address_hash(EMAIL, "maria@example.org")
    settings.BLIND_INDEX_KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
    assert suppressions.address_hash(EMAIL, "maria@example.org") != before


def test_a_time_that_is_over_ends_a_suppression():
    until = clock.now() + timedelta(hours=1)
    _suppress(until=until)
    assert _against() is R.HARD
    with clock.frozen(until):
        assert _against() is None


def test_the_longest_time_holds_and_for_ever_is_longer_than_any():
    near, far = (clock.now() + timedelta(hours=hours) for hours in (1, 5))
    for until, holds in ((far, far), (near, far), (None, None), (near, None)):
        _suppress(until=until)
        assert Suppression.objects.get().until == holds


def test_whoever_proves_an_address_anew_is_written_to_again_unless_staff_said_no():
    for reason, lifted in ((R.HARD, True), (R.COMPLAINT, True), (R.MANUAL, False)):
        Suppression.objects.all().delete()
        _suppress(reason=reason)
        suppressions.lift(channel=EMAIL, address="MARIA@example.org")
        assert (_against() is None) is lifted


def test_a_second_reason_keeps_whose_address_it_is():
    user = uuid4()
    _suppress(user_id=user)
    _suppress(reason=R.COMPLAINT)
    row = Suppression.objects.get()
    assert (row.user_id, row.reason) == (user, "complaint")


@pytest.mark.parametrize(
    "proof",
    [
        lambda account: EmailVerified(aggregate_id=account.id),
        lambda account: PasswordChanged(aggregate_id=account.id, reset=True),
        lambda account: EmailChanged(aggregate_id=account.id, request_id=uuid4()),
    ],
)
def test_a_link_that_was_read_in_the_mailbox_proves_it_anew(proof):
    account = make_account("patient")
    _suppress(account.email)
    deliver(PasswordChanged(aggregate_id=account.id))
    assert _against(account.email) is R.HARD, "a password that was changed by its owner proves no mailbox"
    deliver(proof(account))
    assert _against(account.email) is None


def test_what_is_kept_about_an_address_goes_with_its_person():
    account = make_account("patient")
    _suppress(account.email, user_id=account.id)
    deliver(ErasureRequested(aggregate_id=account.id))
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("first", [R.MANUAL, R.COMPLAINT, R.HARD])
@pytest.mark.parametrize("known", [True, False])
def test_what_a_stronger_reason_covered_holds_on_when_that_is_taken_back(first, known):
    _suppress(reason=first)
    if not known:
        # Written by the former release.
        Suppression.objects.update(reasons={})
    _suppress(reason=R.STOP)
    assert _against() is R.STOP
    assert suppressions.lift(channel=EMAIL, address="maria@example.org", reasons=[R.STOP]) == 1
    assert _against() is first
    assert suppressions.lift(channel=EMAIL, address="maria@example.org", reasons=[R.STOP]) == 0
    assert suppressions.lift(channel=EMAIL, address="maria@example.org", reasons=[first]) == 1
    assert not Suppression.objects.exists()


def test_each_reason_keeps_its_own_time():
    near, far = (clock.now() + timedelta(hours=hours) for hours in (1, 5))
    _suppress(reason=R.MANUAL, until=near)
    _suppress(reason=R.HARD)
    _suppress(reason=R.MANUAL, until=far)
    assert Suppression.objects.get().until is None
    suppressions.lift(channel=EMAIL, address="maria@example.org", reasons=[R.HARD])
    row = Suppression.objects.get()
    assert (row.reason, row.until) == (R.MANUAL, far)
    _suppress(reason=R.STOP)
    with clock.frozen(far):
        suppressions.lift(channel=EMAIL, address="maria@example.org", reasons=[R.STOP])
    assert not Suppression.objects.exists(), "its own time was over"


def test_the_same_reason_for_ever_stays_for_ever():
    _suppress(reason=R.MANUAL)
    _suppress(reason=R.MANUAL, until=clock.now() + timedelta(hours=1))
    _suppress(reason=R.STOP)
    suppressions.lift(channel=EMAIL, address="maria@example.org", reasons=[R.STOP])
    assert Suppression.objects.get().until is None


def test_who_proves_an_address_takes_nothing_back_that_staff_decided(db):
    account = make_account("patient")
    for reason in (R.MANUAL, R.COMPLAINT):
        _suppress(account.email, reason)
    with atomic():
        assert suppressions.lift_proven(user_id=account.id) == 1
    assert _against(account.email) is R.MANUAL
