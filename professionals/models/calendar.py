"""The calendar of a specialist."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from config.kernel.db import Entity
from config.kernel.labels import label
from professionals.models.profiles import Professional


class _Between(Func):
    function = "tstzrange"


class CalendarEntry(Entity):
    """A time that is taken: ``away`` or ``booked``. The database refuses two that overlap."""

    professional = models.ForeignKey(Professional, on_delete=models.CASCADE, related_name="calendar")
    kind = models.CharField(max_length=10)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta(Entity.Meta):
        verbose_name_plural = "calendar entries"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="professionals_calendar_order"),
            ExclusionConstraint(
                name="professionals_no_double_booking",
                expressions=[
                    (_Between("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                    ("professional", RangeOperators.EQUAL),
                ],
            ),
        ]

    def __str__(self) -> str:
        return label(self.kind)
