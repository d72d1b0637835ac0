"""Tables of this context."""

from notifications.models.plumbing import AuditEntry, IdempotencyKey, InboxEntry, Job, OutboxEntry

__all__ = ["AuditEntry", "IdempotencyKey", "InboxEntry", "Job", "OutboxEntry"]
