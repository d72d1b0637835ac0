"""What the end points of privacy rights take and give."""

from rest_framework import serializers

from identity.api.serializers import Data
from identity.domain.rectification import ABOUT


class RectificationIn(Data):
    about = serializers.ChoiceField(ABOUT)
    wrong = serializers.CharField(max_length=4000)
    right = serializers.CharField(max_length=4000)


class RectificationAnswerIn(Data):
    accept = serializers.BooleanField()
    answer = serializers.CharField(max_length=4000)


class RectificationOut(Data):
    id = serializers.UUIDField()
    user_id = serializers.UUIDField()
    about = serializers.ChoiceField(ABOUT)
    wrong = serializers.CharField()
    right = serializers.CharField()
    state = serializers.ChoiceField(["OPEN", "ACCEPTED", "REFUSED"])
    answer = serializers.CharField(allow_blank=True)
    requested_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
