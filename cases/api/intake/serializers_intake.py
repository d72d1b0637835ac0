"""What the end points of questionnaires, answers and the checklist take and give."""

from typing import Any

from rest_framework import serializers

from cases.services.intake import CONDITIONS

Data = serializers.Serializer[Any]


class QuestionnaireRowOut(Data):
    code = serializers.CharField()
    version = serializers.CharField()
    title = serializers.CharField()
    sha256 = serializers.CharField()


class QuestionnaireOut(QuestionnaireRowOut):
    definition = serializers.DictField()


class IntakeIn(Data):
    answers = serializers.DictField(required=False, default=dict, help_text="{linkId: value}; null takes one back")
    condition = serializers.ChoiceField(["", *CONDITIONS], required=False)
    complete = serializers.BooleanField(required=False, default=False)


class PinnedOut(Data):
    code = serializers.CharField()
    version = serializers.CharField()
    sha256 = serializers.CharField()


class RedFlagOut(Data):
    id = serializers.UUIDField()
    rule = serializers.CharField()
    advice = serializers.CharField()
    advice_version = serializers.CharField()
    text = serializers.CharField()
    raised_at = serializers.DateTimeField()
    acknowledged_at = serializers.DateTimeField(allow_null=True)


class IntakeOut(Data):
    case_id = serializers.UUIDField()
    version = serializers.IntegerField()
    condition = serializers.CharField()
    questionnaires = PinnedOut(many=True)
    answers = serializers.DictField()
    asked = serializers.ListField(child=serializers.CharField())
    missing = serializers.ListField(child=serializers.CharField())
    red_flags = RedFlagOut(many=True)
    interrupted = serializers.BooleanField()
    completed_at = serializers.DateTimeField(allow_null=True)


class AcknowledgeIn(Data):
    advice_version = serializers.CharField(max_length=20)


class RecordItemOut(Data):
    code = serializers.CharField()
    title = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]  # a field named required, which DRF keeps apart
    importance = serializers.IntegerField()
    state = serializers.ChoiceField(["present", "missing", "waived"])
    why = serializers.CharField()
    could_change = serializers.CharField()
    waived_by = serializers.UUIDField(allow_null=True)
    reason = serializers.CharField()
    document_id = serializers.UUIDField(allow_null=True)
    could_be = serializers.UUIDField(allow_null=True)


class CaseChecklistOut(Data):
    case_id = serializers.UUIDField()
    complete = serializers.BooleanField()
    matters_most = RecordItemOut(allow_null=True)
    items = RecordItemOut(many=True)


class RecordDocumentIn(Data):
    document_id = serializers.UUIDField()
