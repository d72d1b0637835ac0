"""What a specialist keeps for themselves of the dashboard."""

from typing import ClassVar

from django.db import models

from config.kernel.db import Entity


class SavedView(Entity):
    """A named filter of one specialist's worklist; ``chosen`` holds codes only."""

    personal_to: ClassVar[tuple[str, ...]] = ("user_id",)
    user_id = models.UUIDField()
    name = models.CharField(max_length=40)
    chosen = models.JSONField(default=dict)

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user_id", "name"], name="professionals_view_name")
        ]

    def __str__(self) -> str:
        return f"view {self.id}"
