"""Tables of this context."""

from identity.models.accounts import Consent, DataKeyRecord, RoleGrant, User
from identity.models.plumbing import AuditEntry, IdempotencyKey, InboxEntry, Job, OutboxEntry
from identity.models.sessions import EmailToken, RecoveryCode, RefreshToken, Session

__all__ = [
    "AuditEntry",
    "Consent",
    "DataKeyRecord",
    "EmailToken",
    "IdempotencyKey",
    "InboxEntry",
    "Job",
    "OutboxEntry",
    "RecoveryCode",
    "RefreshToken",
    "RoleGrant",
    "Session",
    "User",
]
