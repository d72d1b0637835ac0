"""What the end points after delivery take and give."""

from rest_framework import serializers

from cases.services.followup import FollowUpDTO, FollowUpsDTO, OutcomeDTO, RatingDTO
from config.kernel.api.dto_serializers import DTOSerializer
from config.kernel.api.strict_bodies import StrictSerializer, when

Data = StrictSerializer
TEXT = 10_000


class FollowUpIn(Data):
    question = serializers.CharField(max_length=TEXT)


class AddendumIn(Data):
    answer = serializers.CharField(max_length=TEXT)


class FollowUpOut(DTOSerializer[FollowUpDTO]):
    pass


class FollowUpsOut(DTOSerializer[FollowUpsDTO]):
    questions = FollowUpOut(many=True)

    class Meta:
        help_texts = {"left": "how many may still be asked", "allowed": "how many may be asked in all"}


class OutcomeIn(Data):
    rule = when("followed", ("PARTLY", "NO"), "why")
    followed = serializers.ChoiceField(["YES", "PARTLY", "NO"])
    why = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    final_diagnosis = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    held = serializers.ChoiceField(
        ["CONFIRMED", "CHANGED", "UNKNOWN"], default="UNKNOWN", help_text="what later findings said of the diagnosis"
    )


class OutcomeOut(DTOSerializer[OutcomeDTO]):
    followed = serializers.ChoiceField(["YES", "PARTLY", "NO"], allow_null=True)
    held = serializers.ChoiceField(["CONFIRMED", "CHANGED", "UNKNOWN"])


class ServiceRatingIn(Data):
    score = serializers.IntegerField(min_value=1, max_value=5)
    comment = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class ServiceRatingOut(DTOSerializer[RatingDTO]):
    pass
