"""Figures that are shown to everybody."""

from typing import ClassVar

from django.db import models

from config.kernel.db import Entity
from professionals.models.profiles import Professional


class Publication(Entity):
    """That a specialist agreed to show these figures, as they were then, and what a second person decided."""

    class State(models.TextChoices):
        PROPOSED = "PROPOSED"
        PUBLISHED = "PUBLISHED"
        REJECTED = "REJECTED"
        WITHDRAWN = "WITHDRAWN"

    professional = models.OneToOneField(Professional, on_delete=models.CASCADE, related_name="publication")
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    figures = models.JSONField()
    proposed_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(state="PUBLISHED") | models.Q(decided_by__isnull=False),
                name="professionals_published_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"publication {self.state}"
