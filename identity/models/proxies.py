"""Who may act for a patient."""

from typing import ClassVar

from django.db import models

from config.kernel.db import Entity
from config.kernel.db.states import StateField
from identity.domain.state_machines import PROXY, ProxyState
from identity.models.accounts import User

_ACTIVE = models.Q(state=ProxyState.ACTIVE.value)


class Proxy(Entity):
    """A patient's permission for a caregiver, or a minor's guardian: some scopes, until an end, revoked at any time.

    It is offered to an address, of which only a keyed hash is kept, and taken by the account that holds the address.
    """

    patient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="proxies_given")
    delegate = models.ForeignKey(User, on_delete=models.PROTECT, related_name="proxies_held", null=True)
    address_hash = models.BinaryField()
    case_id = models.UUIDField(null=True)
    guardian = models.BooleanField(default=False)
    relationship = models.CharField(max_length=20)
    scopes = models.CharField(max_length=60)
    state = StateField(PROXY, max_length=8)
    ends_at = models.DateTimeField()
    confirmed_by = models.UUIDField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta(Entity.Meta):
        verbose_name_plural = "proxies"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["delegate"], condition=_ACTIVE, name="identity_proxy_active"),
            models.Index(fields=["address_hash"], name="identity_proxy_address"),
        ]

    def __str__(self) -> str:
        return f"proxy {self.id}"
