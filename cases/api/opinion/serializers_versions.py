"""What the end points of an opinion's versions give."""

from rest_framework import serializers

from cases.domain.opinion.opinion_diff import Change, Part
from cases.domain.workflow.state_machines import SIGNED_OPINIONS
from cases.services.opinion import OpinionDiff, OpinionDrift, OpinionVersionDTO
from config.kernel.api.dto_serializers import DTOSerializer
from config.kernel.api.strict_bodies import StrictSerializer

Data = StrictSerializer


class OpinionVersionOut(DTOSerializer[OpinionVersionDTO]):
    state = serializers.ChoiceField([state.value for state in SIGNED_OPINIONS])

    class Meta:
        help_texts = {"reason": "why it replaced the version before; empty for the first"}


class TextPartOut(DTOSerializer[Part]):
    op = serializers.ChoiceField(["same", "removed", "added"])


class OpinionChangeOut(DTOSerializer[Change]):
    kind = serializers.ChoiceField(["added", "removed", "changed"])
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)
    parts = TextPartOut(many=True)

    class Meta:
        help_texts = {"key": "of an element in a list: a question's number, a document's id"}


class OpinionDiffOut(DTOSerializer[OpinionDiff]):
    changes = OpinionChangeOut(many=True)


class OpinionDriftOut(DTOSerializer[OpinionDrift]):
    parts = TextPartOut(many=True)
