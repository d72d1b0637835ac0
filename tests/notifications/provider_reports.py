"""Reports of providers as they come in, and what is left of them."""

from __future__ import annotations

import base64
from typing import Any

from django.db import connections
from django.test import Client

from config.kernel.crypto import blind_index
from notifications.models import Delivery
from tests.factories.notifications import DeliveryFactory

URL, TOKEN, SID = "https://x.example/api/v1/callbacks/twilio", "secret-of-twilio", "SM" + "a" * 32
NUMBER, MAILBOX = "+4915112345678", "maria.keller@clinic.example"
BASIC = "Basic " + base64.b64encode(b"hooks:opensesame").decode()


def sent(channel: str, provider: str, provider_id: str) -> Delivery:
    return DeliveryFactory(
        channel=channel,
        provider=provider,
        provider_id=provider_id,
        state="SENT",
        address_hash=blind_index("a", provider_id),
    )


def post(path: str, body: bytes, kind: str = "application/x-www-form-urlencoded", **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Client().generic("POST", f"/api/v1/callbacks/{path}", body, content_type=kind, headers=named)


def state(delivery: Delivery) -> str:
    delivery.refresh_from_db()
    return str(delivery.state)


def nothing_kept() -> bool:
    with connections["notifications"].cursor() as cursor:
        cursor.execute("SELECT row_to_json(d)::text FROM notifications_delivery d")
        rows = cursor.fetchall()
        cursor.execute("SELECT row_to_json(e)::text FROM notifications_deliveryevent e")
        text = str(rows + cursor.fetchall())
    return not any(secret in text for secret in (NUMBER, "15112345678", MAILBOX, "maria"))
