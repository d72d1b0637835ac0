"""What the end points of an opinion's versions give."""

from typing import Any

from rest_framework import serializers

Data = serializers.Serializer[Any]


class OpinionVersionOut(Data):
    number = serializers.IntegerField()
    state = serializers.ChoiceField(["SIGNED", "SUPERSEDED"])
    content_hash = serializers.CharField()
    author_id = serializers.UUIDField()
    signed_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(help_text="why it replaced the version before; empty for the first")


class TextPartOut(Data):
    op = serializers.ChoiceField(["same", "removed", "added"])
    text = serializers.CharField()


class OpinionChangeOut(Data):
    field = serializers.CharField()
    key = serializers.CharField(help_text="of an element in a list: a question's number, a document's id")
    kind = serializers.ChoiceField(["added", "removed", "changed"])
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)
    parts = TextPartOut(many=True)


class OpinionDiffOut(Data):
    before = serializers.IntegerField()
    after = serializers.IntegerField()
    changes = OpinionChangeOut(many=True)


class OpinionDriftOut(Data):
    version = serializers.IntegerField()
    sealed_at = serializers.DateTimeField()
    impression = serializers.CharField()
    sealed_confidence = serializers.IntegerField()
    final = serializers.CharField()
    final_confidence = serializers.IntegerField()
    confidence_change = serializers.IntegerField()
    diagnosis_agreement = serializers.CharField()
    signed_at = serializers.DateTimeField(allow_null=True)
    parts = TextPartOut(many=True)
