"""Answers that must not wait, and the advice that was shown."""

from typing import ClassVar

from django.db import models

from cases.models.case import Case
from config.kernel.db import Entity


class RedFlag(Entity):
    """Answers that must not wait: which rule, the very wording shown, and when the patient said to have read it.

    Never deleted when the answer changes: what was said once, a nurse looks at.
    """

    sealed_for: ClassVar[str] = "case__patient_id"
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="red_flags")
    rule_sealed = models.BinaryField()
    rule_hash = models.BinaryField(max_length=32)
    advice = models.CharField(max_length=20)
    advice_version = models.CharField(max_length=20)
    advice_sha256 = models.CharField(max_length=64)
    language = models.CharField(max_length=5)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.UUIDField(null=True)

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "rule_hash"], name="cases_red_flag_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["advice", "-id"], name="cases_red_flag_advice"),
            models.Index(fields=["-id"], condition=models.Q(acknowledged_at=None), name="cases_red_flag_unread"),
        ]

    def __str__(self) -> str:
        return f"red flag {self.id}"
