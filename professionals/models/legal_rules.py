"""The published versions of legal rules."""

from typing import ClassVar

from django.db import models

from config.kernel.db import Entity


class PublishedRule(Entity):
    """One version of a legal rule that staff published; never changed but for the instant at which it was withdrawn."""

    not_personal: ClassVar[str] = "what the law of a place asks for"
    rule = models.CharField(max_length=60)
    version = models.CharField(max_length=19)
    place = models.CharField(max_length=6)
    mode = models.CharField(max_length=20)
    specialty = models.CharField(max_length=40)
    needs = models.CharField(max_length=20)
    valid_from = models.DateField()
    source = models.CharField(max_length=500)
    published_by = models.UUIDField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["rule", "version"], name="professionals_rule_version")
        ]

    def __str__(self) -> str:
        return f"{self.rule}/{self.version}"
