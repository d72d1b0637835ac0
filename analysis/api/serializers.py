"""Bodies of requests and answers."""

from typing import Any

from rest_framework import serializers

from analysis.domain.findings import Code
from analysis.domain.spans import Span
from analysis.domain.state_machines import ModelState, RunState
from analysis.services import ChangeDTO, FindingDTO, InsightsDTO, ModelDTO, RunDTO
from config.kernel.api.dto_serializers import DTOSerializer
from config.kernel.api.strict_bodies import StrictSerializer, when


class RequestIn(StrictSerializer):
    document_id = serializers.UUIDField()


class DecisionIn(StrictSerializer):
    rule = when("decision", ("edit",), "text")
    decision = serializers.ChoiceField(choices=["accept", "edit", "reject"])
    text = serializers.CharField(required=False, default="", allow_blank=True, max_length=4000)
    reason = serializers.CharField(required=False, default="", allow_blank=True, max_length=1000)


class SpanOut(DTOSerializer[Span]):
    pass


class CodeOut(DTOSerializer[Code]):
    pass


class FindingOut(DTOSerializer[FindingDTO]):
    kind = serializers.ChoiceField(
        choices=["laboratory", "medicine", "interaction", "red_flag", "not_checked", "not_read"]
    )
    severity = serializers.ChoiceField(choices=["information", "low", "moderate", "high", "critical"])
    codes = CodeOut(many=True)
    spans = SpanOut(many=True)
    decision = serializers.ChoiceField(choices=["proposed", "accepted", "edited", "rejected"])


class RunOut(DTOSerializer[RunDTO]):
    state = serializers.ChoiceField(choices=[state.value for state in RunState])
    findings = FindingOut(many=True)


class InsightsOut(DTOSerializer[InsightsDTO]):
    findings = FindingOut(many=True)
    runs = RunOut(many=True)


class ChangeOut(DTOSerializer[ChangeDTO]):
    what = serializers.ChoiceField(choices=["new", "changed", "vanished"])
    state = serializers.ChoiceField(choices=["noted", "asked", "answered"])
    former = FindingOut(allow_null=True)
    finding = FindingOut(allow_null=True)


class ModelOut(DTOSerializer[ModelDTO]):
    state = serializers.ChoiceField(choices=[state.value for state in ModelState])


class ModelsOut(serializers.Serializer[dict[str, Any]]):
    models = ModelOut(many=True)
