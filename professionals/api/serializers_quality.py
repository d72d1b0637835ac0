"""What reviews and figures take and give."""

from rest_framework import serializers

from config.kernel.api.dto_serializers import DTOSerializer
from config.kernel.api.strict_bodies import StrictSerializer
from professionals.services import ReviewDTO
from professionals.services.quality import STATEMENTS

Data = StrictSerializer


class ServiceReviewIn(Data):
    case_id = serializers.UUIDField()
    score = serializers.IntegerField(min_value=1, max_value=5)
    statements = serializers.ListField(child=serializers.ChoiceField(STATEMENTS), max_length=8, required=False)


class GivenOut(Data):
    id = serializers.UUIDField()


class ServiceReviewOut(DTOSerializer[ReviewDTO]):
    pass


class ModerationIn(Data):
    publish = serializers.BooleanField()
