"""Second factors: authenticator apps, recovery codes, passkeys and the challenges that passkeys answer.

Apps and recovery codes are devices of django-otp, so that its ``match_token`` finds, locks and asks them.
"""

from typing import ClassVar

from django.db import models
from django_otp.models import Device, DeviceManager

from config.kernel import clock
from config.kernel.crypto import Place, open_bytes
from config.kernel.db import Entity
from config.kernel.labels import label
from config.kernel.ports import DATA_KEY
from identity.domain.recovery_code_hash import code_hash
from identity.domain.totp import looks_like_code, matching_step, plain_code
from identity.models.accounts import User


class FactorManager(DeviceManager):
    """django-otp's manager under a name of ours: it has no types, and a manager without one has none."""


class FactorDevice(Entity, Device):
    """A device of django-otp as a row of ours. Ask it by ``django_otp.match_token``, which locks it first."""

    objects = FactorManager()

    class Meta(Entity.Meta):
        abstract = True

    @property
    def persistent_id(self) -> str:
        """As django-otp looks it up: it takes ids for numbers."""
        return f"{self.model_label()}/{self.pk.int}"


class TotpSecret(FactorDevice):
    """An authenticator app. The secret is sealed with the person's data key; ``last_step`` makes a code work once."""

    sealed_for: ClassVar[str] = "user_id"
    secret_sealed = models.BinaryField()
    last_step = models.BigIntegerField(default=0)

    class Meta(FactorDevice.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(confirmed=True), name="identity_totp_one_confirmed"
            )
        ]

    def __str__(self) -> str:
        return f"authenticator app {self.id}"

    @property
    def secret_place(self) -> Place:
        """Where the sealed secret lives."""
        return Place("identity_totpsecret", "secret", self.id)

    def verify_token(self, token: str) -> bool:
        """Whether ``token`` is a code of now or of a neighbouring step, later than all that were taken. Takes it."""
        token = plain_code(token)
        if not looks_like_code(token):
            return False
        secret = open_bytes(DATA_KEY.ask(subject_id=self.user_id), self.secret_place, self.secret_sealed)
        step = matching_step(secret, token, at=clock.now(), after=self.last_step)
        if step is None:
            return False
        # Refused by the database too, should anybody ask without the lock.
        return TotpSecret.objects.filter(id=self.id, last_step__lt=step).update(last_step=step) == 1


class RecoveryDevice(FactorDevice):
    """The list of recovery codes that somebody holds."""

    class Meta(FactorDevice.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user"], name="identity_recovery_one_list")
        ]

    def __str__(self) -> str:
        return f"recovery codes {self.id}"

    def verify_token(self, token: str) -> bool:
        """Whether ``token`` is an unused code of the list. Uses it up, in one statement."""
        return self.codes.filter(code_hash=code_hash(token), used_at=None).update(used_at=clock.now()) == 1


class RecoveryCode(Entity):
    """One of ten codes for the day the second factor is lost; 125 random bits, so SHA-256 suffices."""

    device = models.ForeignKey(RecoveryDevice, on_delete=models.CASCADE, related_name="codes")
    code_hash = models.BinaryField()
    used_at = models.DateTimeField(null=True)

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["device", "code_hash"], name="identity_recovery_code_once")
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
        return f"{label(self.purpose)} challenge {self.id}"


class MailRequest(Entity):
    """Somebody asked for a link: kept, sealed, until a job has looked whether the address has an account."""

    not_personal: ClassVar[str] = "an address that asked for a link, sealed by the master key, deleted after a week"
    sealed_for: ClassVar[str] = "master"
    purpose = models.CharField(max_length=10)
    address_sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"{label(self.purpose)} request {self.id}"


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
