"""Tables of this context."""

from cases.models.plumbing import AuditEntry, IdempotencyKey, InboxEntry, Job, OutboxEntry

__all__ = ["AuditEntry", "IdempotencyKey", "InboxEntry", "Job", "OutboxEntry"]
