"""What reviews and figures take and give."""

from typing import Any

from rest_framework import serializers

from professionals.services.quality import STATEMENTS

Data = serializers.Serializer[Any]


class ServiceReviewIn(Data):
    case_id = serializers.UUIDField()
    score = serializers.IntegerField(min_value=1, max_value=5)
    statements = serializers.ListField(child=serializers.ChoiceField(STATEMENTS), max_length=8, required=False)


class GivenOut(Data):
    id = serializers.UUIDField()


class ServiceReviewOut(Data):
    score = serializers.IntegerField()
    statements = serializers.ListField(child=serializers.CharField())
    month = serializers.CharField()


class ModerationIn(Data):
    publish = serializers.BooleanField()


class StatisticsOut(Data):
    computed_at = serializers.DateTimeField(allow_null=True)
    signed = serializers.IntegerField()
    turnaround_days = serializers.FloatField(allow_null=True)
    peer_agreement = serializers.FloatField(allow_null=True)
    amendments = serializers.IntegerField()
    service_score = serializers.FloatField(allow_null=True)
    brier = serializers.FloatField(allow_null=True, help_text="unknown while outcomes are not told by events")
