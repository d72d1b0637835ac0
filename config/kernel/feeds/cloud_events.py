"""Rows as CloudEvents 1.0, the form in which they leave."""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

import orjson
from django.utils.crypto import salted_hmac

from config.kernel.feeds.payloads import leaving, unidentified
from config.kernel.outbox.rows import OutboxRow

ANALYTICS, AUDIT = "analytics", "audit"


@dataclass(frozen=True, kw_only=True)
class CloudEvent:
    """One event on its way out. ``topic`` is the context, ``audit`` or ``analytics``; ``subject`` orders delivery."""

    topic: str
    id: str
    type: str
    subject: str
    time: datetime
    correlation_id: str
    data: dict[str, Any]

    def attributes(self) -> dict[str, str]:
        """The context attributes, by their names in the specification."""
        told = {
            "specversion": "1.0",
            "id": self.id,
            "type": self.type,
            "source": f"/sop/{self.topic}",
            "subject": self.subject,
            "time": self.time.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        }
        return told | ({"correlationid": self.correlation_id} if self.correlation_id else {})

    def body(self) -> bytes:
        """The data alone (binary mode)."""
        return orjson.dumps(self.data)

    def structured(self) -> bytes:
        """The whole event in one JSON document (structured mode)."""
        return orjson.dumps(self.attributes() | {"datacontenttype": "application/json", "data": self.data})


def event_of_row(row: OutboxRow) -> CloudEvent:
    """An event of the outbox, with its ids and states."""
    return CloudEvent(
        topic=row.name.partition(".")[0],
        id=str(row.event_id),
        type=row.name,
        subject=str(row.aggregate_id),
        time=row.created_at,
        correlation_id=row.correlation_id,
        data=leaving(row.name, row.payload),
    )


def analytics_of_row(row: OutboxRow) -> CloudEvent:
    """The same without any identifier: pseudonyms of its own, and the hour instead of the instant.

    With the event's id, its correlation id or its exact time, whoever has both topics could join them again.
    """
    return CloudEvent(
        topic=ANALYTICS,
        id=_pseudonym("event", row.event_id),
        type=row.name,
        subject=_pseudonym("subject", row.aggregate_id),
        time=row.created_at.replace(minute=0, second=0, microsecond=0),
        correlation_id="",
        data=unidentified(row.name, row.payload),
    )


def audit_event(context: str, row: tuple[Any, ...]) -> CloudEvent:
    """A sealed audit row: who did what with which object, and its link; no address and no detail."""
    entry_id, at, request_id, object_id, entry_hash, *told = row
    data = dict(zip(AUDIT_FIELDS, told, strict=True)) | {"id": entry_id, "object_id": object_id, "context": context}
    return CloudEvent(
        topic=AUDIT,
        id=str(entry_id),
        type=f"{context}.audit.sealed.v1",
        # The chain is one: its rows stay in order.
        subject=context,
        time=at,
        correlation_id=request_id,
        data=data | {"entry_hash": bytes(entry_hash).hex()},
    )


AUDIT_FIELDS = ("sequence", "action", "outcome", "purpose", "actor_kind", "actor_id", "patient_id", "object_type")


def _pseudonym(kind: str, value: UUID) -> str:
    """Keyed: without the platform's secret nobody finds the id, or tells that two feeds speak of one."""
    return hmac.digest(_pseudonym_key(kind), value.bytes, "sha256").hex()[:32]


@cache
def _pseudonym_key(kind: str) -> bytes:
    return salted_hmac("feeds.analytics", kind, algorithm="sha256").digest()
