"""What a patient is asked and has answered."""

from typing import ClassVar

from django.db import models

from cases.models.case import Case
from config.kernel.db import Entity, VersionedEntity
from config.kernel.labels import label


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
        return f"{label(self.code)} {self.revision}"


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
