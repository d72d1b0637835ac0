"""Tables of this context."""

from identity.models.accounts import Consent, DataKeyRecord, DestroyedKey, RoleGrant, User
from identity.models.base_tables import AuditEntry, FeedCursor, IdempotencyKey, InboxEntry, Job, OutboxEntry
from identity.models.factors import (
    MailRequest,
    Passkey,
    PasskeyChallenge,
    RecoveryCase,
    RecoveryCode,
    RecoveryDevice,
    TotpSecret,
)
from identity.models.merges import PatientMerge
from identity.models.phones import PhoneVerification
from identity.models.privacy import Erasure, Export, LegalHold, Rectification
from identity.models.proxies import Proxy
from identity.models.role_changes import RoleChange
from identity.models.service_keys import ServiceKey
from identity.models.sessions import EmailChange, EmailToken, KnownDevice, RefreshToken, Session

__all__ = [
    "AuditEntry",
    "Consent",
    "DataKeyRecord",
    "DestroyedKey",
    "EmailChange",
    "EmailToken",
    "Erasure",
    "Export",
    "FeedCursor",
    "IdempotencyKey",
    "InboxEntry",
    "Job",
    "KnownDevice",
    "LegalHold",
    "MailRequest",
    "OutboxEntry",
    "Passkey",
    "PasskeyChallenge",
    "PatientMerge",
    "PhoneVerification",
    "Proxy",
    "RecoveryCase",
    "RecoveryCode",
    "RecoveryDevice",
    "Rectification",
    "RefreshToken",
    "RoleChange",
    "RoleGrant",
    "ServiceKey",
    "Session",
    "TotpSecret",
    "User",
]
