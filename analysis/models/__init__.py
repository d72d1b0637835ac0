"""Tables of this context."""

from analysis.models.plumbing import AuditEntry, IdempotencyKey, InboxEntry, Job, OutboxEntry

__all__ = ["AuditEntry", "IdempotencyKey", "InboxEntry", "Job", "OutboxEntry"]
