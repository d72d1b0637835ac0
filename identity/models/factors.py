"""Second factors: authenticator apps, recovery codes, passkeys and the challenges that passkeys answer."""

from typing import ClassVar

from django.db import models

from config.kernel.db import Entity
from identity.models.accounts import User


class TotpSecret(Entity):
    """An authenticator app. The secret is sealed with the person's data key; ``last_step`` makes a code work once."""

    sealed_for: ClassVar[str] = "user_id"
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="totp_secrets")
    secret_sealed = models.BinaryField()
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(confirmed_at__isnull=False), name="identity_totp_one_confirmed"
            )
        ]

    def __str__(self) -> str:
        return f"authenticator app {self.id}"


class RecoveryCode(Entity):
    """One of ten codes for the day the second factor is lost; 125 random bits, so SHA-256 suffices."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    code_hash = models.BinaryField()
    used_at = models.DateTimeField(null=True)

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "code_hash"], name="identity_recovery_code_once")
        ]

    def __str__(self) -> str:
        return f"recovery code {self.id}"


class Passkey(Entity):
    """A WebAuthn credential: a public key, and how often the authenticator says it has signed."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=60)
    credential_id = models.BinaryField(unique=True)
    # authenticator data's attested credential (AAGUID, credential id, COSE public key), as WebAuthn lays it out
    credential_data = models.BinaryField()
    sign_count = models.BigIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"passkey {self.id}"


class PasskeyChallenge(Entity):
    """A challenge that was handed out: answered once, within five minutes, for one purpose."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="passkey_challenges")
    purpose = models.CharField(max_length=16)
    state = models.JSONField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.purpose} challenge {self.id}"


class MailRequest(Entity):
    """Somebody asked for a link: kept, sealed, until a job has looked whether the address has an account."""

    not_personal: ClassVar[str] = "an address that asked for a link, sealed by the master key, deleted after a week"
    sealed_for: ClassVar[str] = "master"
    purpose = models.CharField(max_length=10)
    address_sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.purpose} request {self.id}"


class RecoveryCase(Entity):
    """An administrator asks to remove somebody's lost second factor; a second one approves, within a day."""

    sealed_for: ClassVar[str] = "user_id"
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_cases")
    opened_by = models.UUIDField()
    reason_sealed = models.BinaryField()
    expires_at = models.DateTimeField()
    approved_by = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"recovery case {self.id}"
