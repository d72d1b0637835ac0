"""Tables of this context."""

from notifications.models.base_tables import AuditEntry, IdempotencyKey, InboxEntry, Job, OutboxEntry
from notifications.models.editions import Edition
from notifications.models.notices import Counter, Delivery, Notice, Preference, SocketTicket

__all__ = [
    "AuditEntry",
    "Counter",
    "Delivery",
    "Edition",
    "IdempotencyKey",
    "InboxEntry",
    "Job",
    "Notice",
    "OutboxEntry",
    "Preference",
    "SocketTicket",
]
