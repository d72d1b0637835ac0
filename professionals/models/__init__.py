"""Tables of this context."""

from professionals.models.parties import Affiliation, Organisation, PublishedRule
from professionals.models.plumbing import AuditEntry, IdempotencyKey, InboxEntry, Job, OutboxEntry
from professionals.models.profiles import Licence, Professional, VerificationDecision

__all__ = [
    "Affiliation",
    "AuditEntry",
    "IdempotencyKey",
    "InboxEntry",
    "Job",
    "Licence",
    "Organisation",
    "OutboxEntry",
    "Professional",
    "PublishedRule",
    "VerificationDecision",
]
