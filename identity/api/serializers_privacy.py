"""What the end points of privacy rights take and give."""

from rest_framework import serializers

from config.kernel.api.dto_serializers import DTOSerializer
from identity.api.serializers import Data
from identity.domain.rectification import ABOUT
from identity.domain.state_machines import RectificationState
from identity.services import RectificationDTO


class RectificationIn(Data):
    about = serializers.ChoiceField(ABOUT)
    wrong = serializers.CharField(max_length=4000)
    right = serializers.CharField(max_length=4000)


class RectificationAnswerIn(Data):
    accept = serializers.BooleanField()
    answer = serializers.CharField(max_length=4000)


class RectificationOut(DTOSerializer[RectificationDTO]):
    about = serializers.ChoiceField(ABOUT)
    state = serializers.ChoiceField([state.value for state in RectificationState])
