"""Tables of this context."""

from professionals.models.plumbing import AuditEntry, IdempotencyKey, InboxEntry, Job, OutboxEntry
from professionals.models.profiles import Licence, Professional, VerificationDecision

__all__ = [
    "AuditEntry",
    "IdempotencyKey",
    "InboxEntry",
    "Job",
    "Licence",
    "OutboxEntry",
    "Professional",
    "VerificationDecision",
]
