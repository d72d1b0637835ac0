"""What identity hands out: frozen, plain."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class AccountDTO:
    """One account with its opened profile. ``sex`` is a FHIR administrative gender, or ``None`` if not given."""

    id: UUID
    email: str
    full_name: str
    date_of_birth: date | None
    sex: str | None
    phone: str
    country: str
    region: str
    locale: str
    time_zone: str
    roles: frozenset[str]
    email_verified: bool
    active: bool
    mfa_enabled: bool
    version: int


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """A successful sign-in: an access token, its lifetime in seconds, and a refresh token to be kept secret.

    ``device_token`` is what the device keeps to be known again; empty when it need not change.
    """

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_in: int
    session_id: UUID
    device_token: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class SecondFactorNeeded:
    """The password was right. ``pending_token`` opens the second step and nothing else, for five minutes."""

    pending_token: str = field(repr=False)
    enrolment_required: bool


@dataclass(frozen=True, kw_only=True)
class EmailChangeDTO:
    """A wish for another address: the old one and the new one."""

    old: str = field(repr=False)
    new: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class PasskeyDTO:
    """One passkey of a user."""

    id: UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class PasskeyOptions:
    """What a browser hands to its authenticator, and the id of the challenge to answer with."""

    challenge_id: UUID
    options: Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class TotpEnrolment:
    """A new TOTP secret (base32), its otpauth address, and that address as a QR code (SVG)."""

    secret: str = field(repr=False)
    otpauth_url: str = field(repr=False)
    qr_svg: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class SecondFactors:
    """What somebody has set up, without any secret."""

    authenticator_app: bool
    passkeys: int
    recovery_codes_left: int


@dataclass(frozen=True, kw_only=True)
class ConsentDTO:
    """One purpose: the wording agreed to, and since when; ``granted_at`` is ``None`` when it is not."""

    purpose: str
    text_version: str
    text: str
    granted_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class SessionDTO:
    """One open session of a user; ``network`` is the coarse network of its sign-in (IPv4 /24, IPv6 /48), no place."""

    id: UUID
    device: str
    network: str
    created_at: datetime
    last_used_at: datetime
    current: bool


@dataclass(frozen=True, kw_only=True)
class KeysDestroyed:
    """The end of a person's data keys: how many versions there were, and when they were destroyed."""

    subject_id: UUID
    versions: int
    destroyed_at: datetime


@dataclass(frozen=True, kw_only=True)
class PersonDTO:
    """An account as somebody may see it: to staff, ``email`` is masked and ``full_name`` is ``None``."""

    id: UUID
    email: str
    full_name: str | None
    country: str
    region: str
    locale: str
    roles: frozenset[str]
    email_verified: bool
    mfa_enabled: bool
    active: bool


@dataclass(frozen=True, kw_only=True)
class RoleChangeDTO:
    """The wish to give a role (``granted``) or take it; ``state`` is open, approved, refused or expired."""

    id: UUID
    user_id: UUID
    role: str
    granted: bool
    reason: str
    requested_by: UUID
    decided_by: UUID | None
    state: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class ServiceKeyDTO:
    """A program's key without its secret; ``hint`` is how the secret begins."""

    id: UUID
    name: str
    hint: str
    scopes: tuple[str, ...]
    networks: tuple[str, ...]
    owner_id: UUID
    expires_at: datetime
    last_used_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class NewServiceKey:
    """A key just made, with the secret that is not shown again."""

    key: ServiceKeyDTO
    secret: str = field(repr=False)
