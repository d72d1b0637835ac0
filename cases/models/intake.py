"""What a patient is asked and has answered, and the red flags that the answers raised."""

from typing import ClassVar

from django.db import models

from cases.models.case import Case
from config.kernel.db import Entity, VersionedEntity


class Questionnaire(Entity):
    """One version of one questionnaire, as its file was when it was loaded; a row never changes."""

    not_personal: ClassVar[str] = "what everybody is asked"
    code = models.CharField(max_length=20)
    revision = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    definition = models.JSONField()

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["code", "revision"], name="cases_questionnaire_once")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.revision}"


class Intake(VersionedEntity):
    """The answers of a case, as far as they go, pinned to the versions of the questionnaires they were given for."""

    sealed_for: ClassVar[str] = "case__patient_id"
    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="intake")
    general = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="+")
    specific = models.ForeignKey(Questionnaire, null=True, on_delete=models.PROTECT, related_name="+")
    answers_sealed = models.BinaryField()
    completed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"intake {self.id}"


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

    def __str__(self) -> str:
        return f"red flag {self.id}"
