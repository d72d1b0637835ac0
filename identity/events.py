"""PUBLIC: what identity tells the others. Ids only; a link's secret is fetched when the mail is sent."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from config.kernel.events import Event, event


@event("identity.account.registered.v1")
@dataclass(frozen=True, kw_only=True)
class AccountRegistered(Event):
    """A new account; ``aggregate_id`` is the user's id. ``verified`` accounts need no confirmation mail."""

    verified: bool = False


@event("identity.registration.repeated.v1")
@dataclass(frozen=True, kw_only=True)
class RegistrationRepeated(Event):
    """Somebody tried to register the address of this user: its owner is told, the caller is not."""


@event("identity.email.verified.v1")
@dataclass(frozen=True, kw_only=True)
class EmailVerified(Event):
    """The user's address is confirmed."""


@event("identity.password_reset.requested.v1")
@dataclass(frozen=True, kw_only=True)
class PasswordResetRequested(Event):
    """The user asked for a reset link."""


@event("identity.second_factor.changed.v1")
@dataclass(frozen=True, kw_only=True)
class SecondFactorChanged(Event):
    """A second factor was set up, used for recovery, or removed."""

    codes: ClassVar[frozenset[str]] = frozenset({"change"})
    change: str


@event("identity.sign_in.attacked.v1")
@dataclass(frozen=True, kw_only=True)
class SignInAttacked(Event):
    """Wrong passwords were given for the user until no more are taken for now; told at most once a day."""


@event("identity.password.changed.v1")
@dataclass(frozen=True, kw_only=True)
class PasswordChanged(Event):
    """The user's password was changed, or set anew by a link (``reset``)."""

    reset: bool = False


@event("identity.verification.requested.v1")
@dataclass(frozen=True, kw_only=True)
class VerificationRequested(Event):
    """The user asked for the link that confirms the address once more."""


@event("identity.email_change.requested.v1")
@dataclass(frozen=True, kw_only=True)
class EmailChangeRequested(Event):
    """The user wants another address; ``request_id`` names the request, which holds the address, sealed."""

    request_id: UUID


@event("identity.phone_verification.requested.v1")
@dataclass(frozen=True, kw_only=True)
class PhoneVerificationRequested(Event):
    """The user wants a number proved; ``request_id`` names the request, which holds the number, sealed."""

    request_id: UUID


@event("identity.phone.confirmed.v1")
@dataclass(frozen=True, kw_only=True)
class PhoneConfirmed(Event):
    """The user proved a number: text messages may go there."""


@event("identity.email.changed.v1")
@dataclass(frozen=True, kw_only=True)
class EmailChanged(Event):
    """The user's address is another one now; ``request_id`` still knows the old one, sealed."""

    request_id: UUID


@event("identity.sessions.ended.v1")
@dataclass(frozen=True, kw_only=True)
class SessionsEnded(Event):
    """Sessions of the user ended; ``reason`` names what ended them: logout, reuse, password, role, administrator…"""

    codes: ClassVar[frozenset[str]] = frozenset({"reason"})
    reason: str
    session_ids: tuple[str, ...] = ()


@event("identity.signed_in.new_device.v1")
@dataclass(frozen=True, kw_only=True)
class SignedInFromNewDevice(Event):
    """The user signed in from a device that they had not signed in from before."""


@event("identity.role.changed.v1")
@dataclass(frozen=True, kw_only=True)
class RoleChanged(Event):
    """The user gained or lost a role."""

    codes: ClassVar[frozenset[str]] = frozenset({"role"})
    role: str
    granted: bool


@event("identity.consent.granted.v1")
@dataclass(frozen=True, kw_only=True)
class ConsentGranted(Event):
    """The patient (``aggregate_id``) agreed to one purpose."""

    codes: ClassVar[frozenset[str]] = frozenset({"purpose"})
    purpose: str


@event("identity.consent.withdrawn.v1")
@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(Event):
    """The patient took one purpose back: runs, offers and reads that rest on it stop."""

    codes: ClassVar[frozenset[str]] = frozenset({"purpose"})
    purpose: str


@event("identity.keys.destroyed.v1")
@dataclass(frozen=True, kw_only=True)
class DataKeysDestroyed(Event):
    """The person's (``aggregate_id``) data keys are gone: what is left of them elsewhere can and must go too."""


@event("identity.proxy.offered.v1")
@dataclass(frozen=True, kw_only=True)
class ProxyOffered(Event):
    """The patient (``aggregate_id``) asks ``user_id`` to act for them."""

    proxy_id: UUID
    user_id: UUID


@event("identity.proxy.accepted.v1")
@dataclass(frozen=True, kw_only=True)
class ProxyAccepted(Event):
    """``user_id`` may act for the patient from now on."""

    proxy_id: UUID
    user_id: UUID


@event("identity.proxy.ended.v1")
@dataclass(frozen=True, kw_only=True)
class ProxyEnded(Event):
    """``user_id`` may no longer act for the patient."""

    proxy_id: UUID
    user_id: UUID


@event("identity.patient_merge.proposed.v1")
@dataclass(frozen=True, kw_only=True)
class PatientMergeProposed(Event):
    """Staff believe that two accounts are one patient's (``aggregate_id`` would remain)."""

    alias_id: UUID
    merge_id: UUID


@event("identity.patient.merged.v1")
@dataclass(frozen=True, kw_only=True)
class PatientsMerged(Event):
    """``aggregate_id`` reaches the records of ``alias_id``, which is closed; rows and keys stay where they are."""

    alias_id: UUID
    merge_id: UUID


@event("identity.patient.separated.v1")
@dataclass(frozen=True, kw_only=True)
class PatientsSeparated(Event):
    """They were two people: what ``aggregate_id`` could reach of ``alias_id`` has ended."""

    alias_id: UUID
    merge_id: UUID


@event("identity.erasure.requested.v1")
@dataclass(frozen=True, kw_only=True)
class ErasureRequested(Event):
    """Take out what you hold of the user; answer by ``<context>.erasure.completed.v1``. May come again."""


@event("identity.erasure.completed.v1")
@dataclass(frozen=True, kw_only=True)
class ErasureCompleted(Event):
    """Every context has answered, and the user's keys are destroyed."""


@event("identity.rectification.answered.v1")
@dataclass(frozen=True, kw_only=True)
class RectificationAnswered(Event):
    """The person's (``aggregate_id``) claim that something is wrong has its answer."""

    claim_id: UUID
