"""What the end points of questionnaires, answers and the checklist take and give."""

from rest_framework import serializers

from cases.services.intake import CONDITIONS, ChecklistDTO, ChecklistItemDTO, IntakeDTO, QuestionnaireDTO, RedFlagDTO
from config.kernel.api.dto_serializers import DTOSerializer
from config.kernel.api.strict_bodies import StrictSerializer

Data = StrictSerializer


class QuestionnaireRowOut(DTOSerializer[QuestionnaireDTO]):
    class Meta:
        fields = ("code", "version", "title", "sha256")


class QuestionnaireOut(DTOSerializer[QuestionnaireDTO]):
    pass


class IntakeIn(Data):
    answers = serializers.DictField(required=False, default=dict, help_text="{linkId: value}; null takes one back")
    condition = serializers.ChoiceField(["", *CONDITIONS], required=False)
    complete = serializers.BooleanField(required=False, default=False)


class PinnedOut(Data):
    code = serializers.CharField()
    version = serializers.CharField()
    sha256 = serializers.CharField()


class RedFlagOut(DTOSerializer[RedFlagDTO]):
    pass


class IntakeOut(DTOSerializer[IntakeDTO]):
    questionnaires = PinnedOut(many=True)
    red_flags = RedFlagOut(many=True)


class AcknowledgeIn(Data):
    advice_version = serializers.CharField(max_length=20)


class RecordItemOut(DTOSerializer[ChecklistItemDTO]):
    state = serializers.ChoiceField(["present", "missing", "waived"])


class CaseChecklistOut(DTOSerializer[ChecklistDTO]):
    matters_most = RecordItemOut(allow_null=True)
    items = RecordItemOut(many=True)


class RecordDocumentIn(Data):
    document_id = serializers.UUIDField()


class WaiveIn(Data):
    code = serializers.CharField(max_length=40)
    reason = serializers.CharField(max_length=300)
