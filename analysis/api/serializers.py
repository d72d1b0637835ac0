"""Bodies of requests and answers."""

from typing import Any

from rest_framework import serializers


class RequestIn(serializers.Serializer[dict[str, Any]]):
    document_id = serializers.UUIDField()


class DecisionIn(serializers.Serializer[dict[str, Any]]):
    decision = serializers.ChoiceField(choices=["accept", "edit", "reject"])
    text = serializers.CharField(required=False, default="", allow_blank=True, max_length=4000)
    reason = serializers.CharField(required=False, default="", allow_blank=True, max_length=1000)


class SpanOut(serializers.Serializer[dict[str, Any]]):
    document_id = serializers.UUIDField()
    page = serializers.IntegerField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    quote = serializers.CharField()


class CodeOut(serializers.Serializer[dict[str, Any]]):
    system = serializers.CharField()
    code = serializers.CharField()
    display = serializers.CharField()


class FindingOut(serializers.Serializer[dict[str, Any]]):
    id = serializers.UUIDField()
    run_id = serializers.UUIDField()
    case_id = serializers.UUIDField()
    document_id = serializers.UUIDField()
    page = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=["laboratory", "medicine", "interaction", "red_flag", "not_checked"])
    title = serializers.CharField()
    detail = serializers.CharField()
    severity = serializers.ChoiceField(choices=["information", "low", "moderate", "high", "critical"])
    confidence = serializers.FloatField(allow_null=True)
    codes = CodeOut(many=True)
    spans = SpanOut(many=True)
    data = serializers.DictField()  # type: ignore[assignment]  # a field called data, as in the DTO
    engine = serializers.CharField()
    knowledge_release = serializers.CharField()
    decision = serializers.ChoiceField(choices=["proposed", "accepted", "edited", "rejected"])
    final_text = serializers.CharField()
    reason = serializers.CharField()
    decided_by = serializers.UUIDField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()
    ai_label = serializers.CharField()


class RunOut(serializers.Serializer[dict[str, Any]]):
    id = serializers.UUIDField()
    case_id = serializers.UUIDField()
    document_id = serializers.UUIDField()
    patient_id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=["QUEUED", "RUNNING", "COMPLETED", "ABSTAINED", "BLOCKED", "FAILED"])
    reason = serializers.CharField()
    degraded = serializers.BooleanField()
    knowledge_release = serializers.CharField()
    engine_version = serializers.CharField()
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    findings = FindingOut(many=True)


class InsightsOut(serializers.Serializer[dict[str, Any]]):
    case_id = serializers.UUIDField()
    findings = FindingOut(many=True)
    runs = RunOut(many=True)
    counts = serializers.DictField(child=serializers.IntegerField())
    undecided = serializers.IntegerField()
    ai_label = serializers.CharField()


class ModelOut(serializers.Serializer[dict[str, Any]]):
    provider = serializers.CharField()
    name = serializers.CharField()
    version = serializers.CharField()
    state = serializers.ChoiceField(choices=["candidate", "shadow", "active", "retired"])
    capabilities = serializers.ListField(child=serializers.CharField())
    replaced_by = serializers.CharField()
    note = serializers.CharField()
    evaluated_at = serializers.DateTimeField(allow_null=True)
    configured = serializers.BooleanField()


class ModelsOut(serializers.Serializer[dict[str, Any]]):
    models = ModelOut(many=True)
