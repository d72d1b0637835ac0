"""Tables of this context."""

from identity.models.accounts import Consent, DataKeyRecord, DestroyedKey, RoleGrant, User
from identity.models.plumbing import AuditEntry, IdempotencyKey, InboxEntry, Job, OutboxEntry
from identity.models.sessions import EmailToken, RecoveryCode, RefreshToken, Session

__all__ = [
    "AuditEntry",
    "Consent",
    "DataKeyRecord",
    "DestroyedKey",
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
