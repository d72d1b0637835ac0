"""After delivery: follow-up questions, what became of the advice, how the service was; and reminders of a promise."""

from typing import ClassVar

from django.db import models

from cases.models.case import Case
from config.kernel.db import Entity


class FollowUpQuestion(Entity):
    """A question about the delivered opinion, and its addendum, the answer; open while ``answered_at`` is empty."""

    sealed_for: ClassVar[str] = "case__patient_id"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="follow_up_questions")
    asked_by = models.UUIDField()
    question_sealed = models.BinaryField()
    answered_by = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer_sealed = models.BinaryField(null=True)

    class Meta(Entity.Meta):
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["case", "id"], name="cases_follow_up_case"),
            models.Index(fields=["-id"], condition=models.Q(answered_at=None), name="cases_follow_up_open"),
        ]

    def __str__(self) -> str:
        return f"follow-up question {self.id}"


class Outcome(Entity):
    """What became of the advice ``day`` days after the first delivery; the patient is asked once and may answer."""

    class Followed(models.TextChoices):
        YES = "YES"
        PARTLY = "PARTLY"
        NO = "NO"

    sealed_for: ClassVar[str] = "case__patient_id"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="outcomes")
    day = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    followed = models.CharField(max_length=6, choices=Followed, blank=True)
    answer_sealed = models.BinaryField(null=True)

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "day"], name="cases_outcome_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"], condition=models.Q(reminded_at=None, answered_at=None), name="cases_outcome_due"
            ),
            models.Index(fields=["day", "-id"], name="cases_outcome_day"),
        ]

    def __str__(self) -> str:
        return f"outcome after {self.day} days"


class ServiceRating(Entity):
    """How the patient found the service, 1 to 5: apart from the medical content, and once a case."""

    sealed_for: ClassVar[str] = "case__patient_id"

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="rating")
    score = models.PositiveSmallIntegerField()
    comment_sealed = models.BinaryField(null=True)

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(score__range=(1, 5)), name="cases_rating_score")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["score", "-id"], name="cases_rating_by_score")]

    def __str__(self) -> str:
        return f"rating {self.score}"


class Escalation(Entity):
    """That so many percent of a case's promised time were used, and somebody was told: once each."""

    on_erasure: ClassVar[str] = "tombstone"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="escalations")
    percent = models.PositiveSmallIntegerField()

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "percent"], name="cases_escalation_once")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["percent", "-id"], name="cases_escalation_by")]

    def __str__(self) -> str:
        return f"{self.percent} %"
