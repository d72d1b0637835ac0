"""Keys of programs."""

from typing import ClassVar

from django.db import models

from config.kernel.db import Entity


class ServiceKey(Entity):
    """A program's key: named scopes, an owner, an end, networks it may come from. Its secret is kept as a hash."""

    personal_to: ClassVar[tuple[str, ...]] = ("owner_id",)
    name = models.CharField(max_length=80)
    hint = models.CharField(max_length=8)
    secret_hash = models.BinaryField(unique=True)
    scopes = models.JSONField()
    networks = models.JSONField()
    owner_id = models.UUIDField()
    created_by = models.UUIDField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"key {self.hint}…"
