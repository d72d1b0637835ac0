"""Text messages of which nobody told us the end: Twilio is asked, nothing is sent, and nothing is invented."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any
from unittest import mock
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from config.kernel import clock
from notifications.models import Delivery, DeliveryEvent, Suppression
from notifications.services.addresses.suppressions import address_hash
from notifications.services.sending import reconciliation
from notifications.services.sending.reconciliation import reconcile_sms
from tests.factories import make_account
from tests.factories.notifications import DeliveryFactory
from tests.notifications.provider_cases import NUMBER, use_azure, use_sns, use_twilio
from tests.notifications.provider_server import ProviderServer, answer

pytestmark = pytest.mark.django_db
SID, OTHER = "SM" + "a" * 32, "SM" + "d" * 32
SERVICE = "MG" + "c" * 32
RUN: Any = mock.Mock()


@pytest.fixture
def twilio(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[ProviderServer]:
    server = ProviderServer()
    use_twilio(settings, server.url)
    monkeypatch.setattr(reconciliation.identity, "verified_phones", lambda *, user_ids: dict.fromkeys(user_ids, NUMBER))
    yield server
    server.close()


def _text(state: str, *, ago: timedelta, provider_id: str = "", **more: Any) -> Delivery:
    at = clock.now() - ago
    return DeliveryFactory(
        channel="sms",
        state=state,
        provider="twilio",
        provider_id=provider_id,
        sending_at=at,
        uncertain_at=at if state == "UNCERTAIN" else None,
        address_hash=address_hash("sms", NUMBER),
        user_id=make_account("patient").id,
        **more,
    )


def _message(sid: str, status: str, at: datetime, **more: Any) -> dict[str, Any]:
    return {
        "sid": sid,
        "status": status,
        "to": NUMBER,
        "messaging_service_sid": SERVICE,
        "date_created": format_datetime(at),
        "error_code": None,
        **more,
    }


def _lists(server: ProviderServer, *messages: dict[str, Any]) -> None:
    server.says = answer(200, {"messages": list(messages), "next_page_uri": None, "page": 0, "page_size": 50})


def _told(delivery: Delivery) -> list[tuple[str, str]]:
    return list(DeliveryEvent.objects.filter(delivery=delivery).order_by("id").values_list("what", "reason"))


@pytest.mark.parametrize(
    ("status", "code", "state", "kept"),
    [
        ("delivered", None, "DELIVERED", []),
        ("undelivered", 30006, "BOUNCED", ["hard"]),
        ("undelivered", 21610, "BOUNCED", ["stop"]),
        ("sent", None, "SENT", []),
        ("queued", None, "SENT", []),
    ],
)
def test_one_that_was_sent_long_ago_is_asked_about_by_its_name(
    twilio: ProviderServer, status: str, code: int | None, state: str, kept: list[str]
) -> None:
    delivery = _text("SENT", ago=timedelta(hours=2), provider_id=SID)
    twilio.says = answer(200, _message(SID, status, clock.now(), error_code=code))
    reconcile_sms(RUN)
    delivery.refresh_from_db()
    assert delivery.state == state
    assert list(Suppression.objects.values_list("reason", flat=True)) == kept
    assert [urlsplit(path).path.rpartition("/")[2] for path, _, _ in twilio.taken] == [f"{SID}.json"]
    # Not again at once, and what a callback tells too counts once.
    reconcile_sms(RUN)
    assert len(twilio.taken) == 1
    assert NUMBER not in str(list(DeliveryEvent.objects.values()))


def test_an_uncertain_one_is_found_by_number_and_time(twilio: ProviderServer) -> None:
    delivery = _text("UNCERTAIN", ago=timedelta(minutes=20))
    known = _text("SENT", ago=timedelta(minutes=20), provider_id=OTHER)
    Delivery.objects.filter(id=known.id).update(user_id=delivery.user_id)
    at = delivery.sending_at
    assert at is not None
    _lists(
        twilio,
        _message(SID, "delivered", at + timedelta(seconds=2)),
        _message(OTHER, "delivered", at),
        _message("SM" + "e" * 32, "delivered", at - timedelta(hours=3)),
        _message("SM" + "f" * 32, "delivered", at, messaging_service_sid="MG" + "9" * 32),
    )
    reconcile_sms(RUN)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.provider_id) == ("DELIVERED", SID)
    assert parse_qs(urlsplit(twilio.taken[0][0]).query)["To"] == [NUMBER]


@pytest.mark.parametrize(("count", "why"), [(0, "not_at_provider"), (2, "unclear_at_provider")])
def test_what_cannot_be_told_stays_uncertain_says_so_and_is_asked_no_more(
    twilio: ProviderServer, count: int, why: str
) -> None:
    delivery = _text("UNCERTAIN", ago=timedelta(minutes=20))
    assert delivery.sending_at is not None
    _lists(twilio, *(_message(f"SM{number:032}", "delivered", delivery.sending_at) for number in range(count)))
    reconcile_sms(RUN)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason, _told(delivery)) == ("UNCERTAIN", why, [("uncertain", why)])
    with clock.shifted(timedelta(hours=7)):
        reconcile_sms(RUN)
    assert len(twilio.taken) == 1
    assert not any(method for method in twilio.taken if b"Body=" in method[2])


@pytest.mark.parametrize(
    ("state", "ago"),
    [
        ("UNCERTAIN", timedelta(minutes=5)),
        ("SENT", timedelta(minutes=30)),
        ("SENT", timedelta(days=4)),
        ("DELIVERED", timedelta(hours=2)),
    ],
)
def test_others_are_not_asked_about(twilio: ProviderServer, state: str, ago: timedelta) -> None:
    _text(state, ago=ago, provider_id=SID)
    reconcile_sms(RUN)
    assert twilio.taken == []


def test_a_number_that_is_another_one_by_now_is_not_asked_about(
    twilio: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = _text("UNCERTAIN", ago=timedelta(minutes=20))
    other: dict[UUID | None, str] = {delivery.user_id: "+4915199999999"}
    monkeypatch.setattr(reconciliation.identity, "verified_phones", lambda *, user_ids: other)
    reconcile_sms(RUN)
    assert twilio.taken == []


@pytest.mark.parametrize("status", [429, 500, 401])
def test_a_provider_that_is_away_is_asked_once_and_the_rest_wait(twilio: ProviderServer, status: int) -> None:
    for sid in (SID, OTHER):
        _text("SENT", ago=timedelta(hours=2), provider_id=sid)
    twilio.says = answer(status, {"message": NUMBER, "code": 20429})
    reconcile_sms(RUN)
    assert len(twilio.taken) == 1
    assert set(Delivery.objects.values_list("state", flat=True)) == {"SENT"}


@pytest.mark.parametrize("use", [use_sns, use_azure])
def test_providers_without_a_call_for_it_are_not_asked(settings: Any, use: Any) -> None:
    server = ProviderServer()
    use(settings, server.url)
    _text("UNCERTAIN", ago=timedelta(minutes=20))
    reconcile_sms(RUN)
    assert server.taken == []
    server.close()
