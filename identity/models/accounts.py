"""Accounts, their roles, and the data keys that seal what is stored about a person."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from config.kernel import clock
from config.kernel.auth import ROLE_NAMES
from config.kernel.db import Entity, uuid7
from config.kernel.labels import label


class UserManager(BaseUserManager["User"]):
    """Looks accounts up by their normalised address."""

    def confirmed(self) -> models.QuerySet["User"]:
        """Accounts whose address its owner has confirmed. All others open nothing: they are registrations that wait."""
        return self.filter(email_verified_at__isnull=False)

    def waiting(self) -> models.QuerySet["User"]:
        """Registrations that wait for their address to be confirmed, newest first."""
        return self.filter(email_verified_at=None, is_active=True).order_by("-created_at")

    def get_by_natural_key(self, username: str | None) -> "User":
        """The account of an address, however it is capitalised."""
        return self.confirmed().get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """An account. Name, birth date, sex and phone are sealed with the person's own data key.

    An address belongs to whoever confirms it: any number of registrations may wait for one address, and one account
    holds it. So nobody can keep an address from its owner, or put anything into the account that the owner will have.
    """

    on_erasure: ClassVar[str] = "tombstone"
    blank_on_erasure: ClassVar[dict[str, object]] = {"country": "", "region": "", "time_zone": "UTC"}
    personal_to: ClassVar[tuple[str, ...]] = ("id",)
    sealed_for: ClassVar[str] = "id"
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(max_length=254)
    profile_sealed = models.BinaryField()
    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=3, blank=True)
    locale = models.CharField(max_length=5, default="en")
    time_zone = models.CharField(max_length=64, default="UTC")
    # The first proof of the mailbox: nothing of an account is older (``identity.services.accounts.confirmation``).
    email_verified_at = models.DateTimeField(null=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    session_version = models.PositiveIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["email"],
                condition=models.Q(email_verified_at__isnull=False),
                name="identity_user_one_confirmed_address",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["email"], name="identity_user_address"),
            models.Index(fields=["country", "-id"], name="identity_user_country"),
            # What is rare of what staff filter by.
            models.Index(fields=["-id"], condition=models.Q(is_staff=True), name="identity_user_staff"),
            models.Index(fields=["-id"], condition=models.Q(is_active=False), name="identity_user_inactive"),
        ]

    def __str__(self) -> str:
        """Masked: this text stands in logs and admin lists."""
        return masked(self.email)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Django's admin asks this; what a role may do there is decided by each page's own policy."""
        return self.is_active and self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        """As ``has_perm``."""
        return self.is_active and self.is_staff


def masked(email: str) -> str:
    """``m…@example.org``: enough to recognise an address one knows."""
    local, _, domain = email.partition("@")
    return f"{local[:1]}…@{domain}"


class RoleGrant(Entity):
    """A role that a user holds."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_grants")
    role = models.CharField(max_length=24)
    granted_by = models.UUIDField(null=True)

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "role"], name="identity_role_once")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["role", "-id"], name="identity_role_of_many")]

    def __str__(self) -> str:
        return f"{label(self.role, ROLE_NAMES)} of {self.user_id}"


class DataKeyRecord(Entity):
    """One version of a person's data key, wrapped by the master key. Destroying it shreds what it sealed.

    ``shared``: the key is this row's secret XOR the share that lies outside the database under the row's id.
    """

    on_erasure: ClassVar[str] = "keep"
    sealed_for: ClassVar[str] = "master"
    sealed_fields: ClassVar[tuple[str, ...]] = ("wrapped",)
    subject_id = models.UUIDField()
    number = models.PositiveIntegerField()
    wrapped = models.BinaryField()
    shared = models.BooleanField(default=False)

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["subject_id", "number"], name="identity_data_key_once")
        ]

    def __str__(self) -> str:
        return f"key {self.number} of {self.subject_id}"


class DestroyedKey(Entity):
    """The tombstone of a person's keys: no new one is made. ``shares_left`` are still to be overwritten."""

    on_erasure: ClassVar[str] = "keep"
    subject_id = models.UUIDField(unique=True)
    versions = models.PositiveIntegerField()
    shares_left = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"keys of {self.subject_id}, destroyed"


class Consent(Entity):
    """A patient's agreement to one purpose, to the wording of a version, until withdrawn."""

    on_erasure: ClassVar[str] = "keep"
    patient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=20)
    text_version = models.CharField(max_length=20)
    text_sha256 = models.CharField(max_length=64)
    granted_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["patient", "purpose"],
                condition=models.Q(withdrawn_at=None),
                name="identity_consent_one_active",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["purpose", "-id"], name="identity_consent_purpose")
        ]

    def __str__(self) -> str:
        return f"{label(self.purpose)}, text {self.text_version}"
