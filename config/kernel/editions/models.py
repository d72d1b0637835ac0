"""The row of one version."""

from typing import ClassVar

from django.db import models

from config.kernel.db.models import VersionedEntity
from config.kernel.db.states import StateField
from config.kernel.editions.states import EDITION, EditionState
from config.kernel.labels import label

_DRAFT, _PUBLISHED = models.Q(state=EditionState.DRAFT.value), models.Q(state=EditionState.PUBLISHED.value)


class AbstractEdition(VersionedEntity):
    """One version of one piece of content. The database lets nobody change or delete what was published (``guard``)."""

    not_personal: ClassVar[str] = "what staff write for everybody"

    kind = models.CharField(max_length=20)
    code = models.CharField(max_length=80)
    number = models.PositiveIntegerField()
    state = StateField(EDITION, max_length=10)
    body = models.JSONField()
    note = models.CharField(max_length=300, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    writers = models.JSONField(default=list)
    written_at = models.DateTimeField()
    published_by = models.UUIDField(null=True)
    published_at = models.DateTimeField(null=True)
    retired_by = models.UUIDField(null=True)
    retired_at = models.DateTimeField(null=True)
    retired_because = models.CharField(max_length=300, blank=True)

    class Meta(VersionedEntity.Meta):
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "code", "number"], name="%(app_label)s_edition_once"),
            models.UniqueConstraint(fields=["kind", "code"], condition=_DRAFT, name="%(app_label)s_edition_one_draft"),
            models.UniqueConstraint(
                fields=["kind", "code"], condition=_PUBLISHED, name="%(app_label)s_edition_one_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{label(self.kind)} {label(self.code)} {self.number}"
