"""Who may act for a patient."""

from typing import ClassVar

from django.db import models

from config.kernel.db import Entity
from identity.models.accounts import User


class Proxy(Entity):
    """A patient's permission for a caregiver, or a minor's guardian: some scopes, until an end, revoked at any time.

    It is offered to an address, of which only a keyed hash is kept, and taken by the account that holds the address.
    """

    class State(models.TextChoices):
        ATTESTED = "ATTESTED"
        OFFERED = "OFFERED"
        ACTIVE = "ACTIVE"
        DECLINED = "DECLINED"
        REVOKED = "REVOKED"

    patient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="proxies_given")
    delegate = models.ForeignKey(User, on_delete=models.PROTECT, related_name="proxies_held", null=True)
    address_hash = models.BinaryField()
    case_id = models.UUIDField(null=True)
    guardian = models.BooleanField(default=False)
    relationship = models.CharField(max_length=20)
    scopes = models.CharField(max_length=60)
    state = models.CharField(max_length=8, choices=State, default=State.OFFERED)
    ends_at = models.DateTimeField()
    confirmed_by = models.UUIDField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta(Entity.Meta):
        verbose_name_plural = "proxies"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["delegate"], condition=models.Q(state="ACTIVE"), name="identity_proxy_active"),
            models.Index(fields=["address_hash"], name="identity_proxy_address"),
        ]

    def __str__(self) -> str:
        return f"proxy {self.id}"
