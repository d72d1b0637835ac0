"""What the end points after delivery take and give."""

from typing import Any

from rest_framework import serializers

Data = serializers.Serializer[Any]
TEXT = 10_000


class FollowUpIn(Data):
    question = serializers.CharField(max_length=TEXT)


class AddendumIn(Data):
    answer = serializers.CharField(max_length=TEXT)


class FollowUpOut(Data):
    id = serializers.UUIDField()
    case_id = serializers.UUIDField()
    question = serializers.CharField()
    answer = serializers.CharField(allow_null=True)
    asked_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)


class FollowUpsOut(Data):
    questions = FollowUpOut(many=True)
    left = serializers.IntegerField(help_text="how many may still be asked")
    allowed = serializers.IntegerField(help_text="how many may be asked in all")


class OutcomeIn(Data):
    followed = serializers.ChoiceField(["YES", "PARTLY", "NO"])
    why = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    final_diagnosis = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    held = serializers.ChoiceField(
        ["CONFIRMED", "CHANGED", "UNKNOWN"], default="UNKNOWN", help_text="what later findings said of the diagnosis"
    )


class OutcomeOut(Data):
    day = serializers.IntegerField()
    due_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)
    followed = serializers.ChoiceField(["YES", "PARTLY", "NO"], allow_null=True)
    why = serializers.CharField()
    final_diagnosis = serializers.CharField()
    held = serializers.ChoiceField(["CONFIRMED", "CHANGED", "UNKNOWN"])


class ServiceRatingIn(Data):
    score = serializers.IntegerField(min_value=1, max_value=5)
    comment = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class ServiceRatingOut(Data):
    case_id = serializers.UUIDField()
    score = serializers.IntegerField()
