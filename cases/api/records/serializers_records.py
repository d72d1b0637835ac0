"""What the end points of record requests take and give."""

from rest_framework import serializers

from cases.domain.workflow.state_machines import RecordRequestState
from cases.services.records import RecordRequestDTO, TakenRecord
from config.kernel.api.dto_serializers import DTOSerializer
from config.kernel.api.strict_bodies import StrictSerializer

Data = StrictSerializer


class RecipientIn(Data):
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    organisation = serializers.CharField(max_length=200, required=False, allow_blank=True)
    email = serializers.EmailField()


class RecordRequestIn(Data):
    items = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=20, help_text="codes of the case's checklist"
    )
    recipient = RecipientIn(required=False, allow_null=True, help_text="without it, the treating clinician is asked")
    days = serializers.IntegerField(min_value=1, max_value=14, required=False, default=7)


class RecipientOut(Data):
    name = serializers.CharField()
    organisation = serializers.CharField()
    email = serializers.CharField()


class WantedOut(Data):
    code = serializers.CharField()
    title = serializers.CharField()


class RecordRequestOut(DTOSerializer[RecordRequestDTO]):
    state = serializers.ChoiceField([state.value for state in RecordRequestState])
    recipient = RecipientOut()
    items = WantedOut(many=True)


class RecordUploadIn(Data):
    file = serializers.FileField(allow_empty_file=True)


class TakenOut(DTOSerializer[TakenRecord]):
    pass
