"""Resend's reports: signed as Svix signs, and nothing else is taken."""

from __future__ import annotations

import base64
import time
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from django.test import Client
from standardwebhooks.webhooks import Webhook

from notifications.models import DeliveryEvent
from tests.notifications.provider_reports import MAILBOX, nothing_kept, post, sent, state

pytestmark = pytest.mark.django_db


class TestResend:
    """Signed as Svix signs: Standard Webhooks under other names of headers."""

    SECRET = "whsec_" + base64.b64encode(b"s" * 24).decode()

    @pytest.fixture(autouse=True)
    def _keyed(self, settings: Any) -> None:
        settings.ANYMAIL = {"RESEND_SIGNING_SECRET": self.SECRET}

    def _told(self, body: bytes, *, secret: str = SECRET, at: float | None = None, **changes: str) -> Any:
        stamp = datetime.fromtimestamp(at or time.time(), tz=UTC)
        headers = {
            "Svix-Id": "msg_1",
            "Svix-Timestamp": str(int(stamp.timestamp())),
            "Svix-Signature": Webhook(secret).sign("msg_1", stamp, body.decode()),
        }
        return Client().generic(
            "POST", "/api/v1/callbacks/email/resend", body, content_type="application/json", headers=headers | changes
        )

    @pytest.fixture
    def body(self) -> bytes:
        data = {"email_id": "rs-1", "to": [MAILBOX], "created_at": "2026-11-30T12:00:00Z", "bounce": {"message": "x"}}
        return orjson.dumps({"type": "email.delivered", "created_at": "2026-11-30T12:00:01Z", "data": data})

    def test_what_it_reports_is_taken_once(self, body):
        mail = sent("email", "resend", "rs-1")
        for _ in range(2):
            assert self._told(body).status_code == 204
        assert state(mail) == "DELIVERED"
        assert DeliveryEvent.objects.filter(delivery=mail).count() == 1
        assert nothing_kept()

    def test_nothing_else_is(self, body, settings):
        mail = sent("email", "resend", "rs-1")
        other = "whsec_" + base64.b64encode(b"t" * 24).decode()
        answers = [
            self._told(body, secret=other),
            self._told(body, at=time.time() - 600),
            self._told(body, **{"Svix-Signature": "v1,AAAA"}),
            self._told(body, **{"Svix-Signature": "nonsense"}),
            self._told(body, **{"Svix-Id": "msg_2"}),
            self._told(body, **{"Svix-Timestamp": "soon"}),
            post("email/resend", body, "application/json"),
        ]
        settings.ANYMAIL = {}
        answers.append(self._told(body))
        assert [one.status_code for one in answers] == [403] * len(answers)
        assert state(mail) == "SENT"
