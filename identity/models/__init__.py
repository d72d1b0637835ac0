"""Tables of this context."""

from identity.models.accounts import Consent, DataKeyRecord, DestroyedKey, RoleGrant, User
from identity.models.factors import MailRequest, Passkey, PasskeyChallenge, RecoveryCase, RecoveryCode, TotpSecret
from identity.models.plumbing import AuditEntry, IdempotencyKey, InboxEntry, Job, OutboxEntry
from identity.models.sessions import EmailChange, EmailToken, RefreshToken, Session

__all__ = [
    "AuditEntry",
    "Consent",
    "DataKeyRecord",
    "DestroyedKey",
    "EmailChange",
    "EmailToken",
    "IdempotencyKey",
    "InboxEntry",
    "Job",
    "MailRequest",
    "OutboxEntry",
    "Passkey",
    "PasskeyChallenge",
    "RecoveryCase",
    "RecoveryCode",
    "RefreshToken",
    "RoleGrant",
    "Session",
    "TotpSecret",
    "User",
]
