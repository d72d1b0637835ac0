"""Abstract bases of the contexts' models."""

from typing import ClassVar

from django.db import models

from config.kernel import clock
from config.kernel.db.identifiers import uuid7


class Entity(models.Model):
    """A row with a time-ordered random id and its instants."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
        ordering: ClassVar[list[str]] = ["-id"]


class VersionedEntity(Entity):
    """An entity edited under optimistic locking: ``version`` is its ETag."""

    version = models.PositiveIntegerField(default=1)

    class Meta(Entity.Meta):
        abstract = True
