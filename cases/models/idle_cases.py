"""Cases that lie still."""

from typing import ClassVar

from django.db import models

from cases.models.case import Case
from config.kernel.db import Entity


class IdleReminder(Entity):
    """The patient was told that a case waits for them; a case ends by itself only after two of these."""

    on_erasure: ClassVar[str] = "delete"
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="idle_reminders")
    number = models.PositiveSmallIntegerField()
    still_since = models.DateTimeField()

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "still_since", "number"], name="cases_idle_reminder_once")
        ]

    def __str__(self) -> str:
        return f"reminder {self.number}"
