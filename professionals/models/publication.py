"""Figures that are shown to everybody."""

from typing import ClassVar

from django.db import models

from config.kernel.db import Entity
from config.kernel.db.states import StateField
from config.kernel.labels import lowered
from professionals.domain.publication_machines import PUBLICATION, PublicationState
from professionals.models.profiles import Professional


class Publication(Entity):
    """That a specialist agreed to show these figures, as they were then, and what a second person decided."""

    professional = models.OneToOneField(Professional, on_delete=models.CASCADE, related_name="publication")
    state = StateField(PUBLICATION, max_length=10)
    figures = models.JSONField()
    proposed_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(state=PublicationState.PUBLISHED.value) | models.Q(decided_by__isnull=False),
                name="professionals_published_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"publication {lowered(self.state)}"
