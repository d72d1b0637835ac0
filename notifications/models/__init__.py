"""Tables of this context."""

from notifications.models.editions import Edition
from notifications.models.notices import Counter, Delivery, Notice, Preference, SocketTicket
from notifications.models.plumbing import AuditEntry, IdempotencyKey, InboxEntry, Job, OutboxEntry

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
