"""Credentials beside licences, and the notices of ends: each once."""

from typing import ClassVar

from django.db import models

from config.kernel.db import Entity
from config.kernel.labels import label
from professionals.models.profiles import Licence, Professional


class Credential(Entity):
    """What stands beside licences: board certification, education, insurance, reference, sanction."""

    professional = models.ForeignKey(Professional, on_delete=models.CASCADE, related_name="credentials")
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    body = models.CharField(max_length=200)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    checked_on = models.DateField(null=True)
    evidence = models.CharField(max_length=500, blank=True)
    recorded_by = models.UUIDField()

    def __str__(self) -> str:
        return label(self.kind)


class ExpiryNotice(Entity):
    """That somebody was told of an end, ``days`` before it: never twice."""

    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, related_name="notices")
    ends_on = models.DateField()
    days = models.PositiveSmallIntegerField()

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["licence", "ends_on", "days"], name="professionals_notice_once")
        ]

    def __str__(self) -> str:
        return f"{self.days} days"
