"""What documents of credentials take and give."""

from typing import Any

from rest_framework import serializers

Data = serializers.Serializer[Any]


class EvidenceIn(Data):
    file = serializers.FileField(help_text="PDF, JPEG, PNG, TIFF or plain text")
    licence_id = serializers.UUIDField(required=False, help_text="one of licence_id and credential_id")
    credential_id = serializers.UUIDField(required=False)


class EvidenceOut(Data):
    id = serializers.UUIDField()
    licence_id = serializers.UUIDField(allow_null=True)
    credential_id = serializers.UUIDField(allow_null=True)
    name = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField()
    state = serializers.ChoiceField(["QUARANTINED", "CLEARED", "REJECTED", "CONFIRMED", "REFUSED"])
    advice = serializers.CharField()
    pages = serializers.IntegerField(allow_null=True)
    says = serializers.CharField(help_text="what the first of two people wrote")
    uploaded_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)


class EvidenceDecisionIn(Data):
    step = serializers.ChoiceField(["prepare", "confirm", "refuse"])
    says = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)
