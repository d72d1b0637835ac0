"""What the end points around reports take and give."""

from typing import Any

from rest_framework import serializers

Data = serializers.Serializer[Any]
STANDINGS = ["valid", "superseded", "withdrawn"]


class ReportVersionOut(Data):
    id = serializers.UUIDField()
    case_id = serializers.UUIDField()
    opinion_number = serializers.IntegerField()
    pdf_sha256 = serializers.CharField()
    fhir_sha256 = serializers.CharField()
    opened_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    standing = serializers.ChoiceField(STANDINGS)
    manifest = serializers.CharField(help_text="signed statement (JWS, EdDSA); empty for reports older than these")


class ProofIn(Data):
    sha256 = serializers.RegexField("^[0-9a-fA-F]{64}$", required=False, help_text="of the file's bytes, hex")
    manifest = serializers.CharField(max_length=4000, required=False, help_text="what the QR code holds behind the #")


class ProofOut(Data):
    standing = serializers.ChoiceField([*STANDINGS, "changed"])
    version = serializers.IntegerField(allow_null=True)
    newest_version = serializers.IntegerField(allow_null=True)
    signed_at = serializers.DateTimeField(allow_null=True)
    signer = serializers.CharField(allow_null=True)
    licence_place = serializers.CharField(allow_null=True)


class PublicKeyOut(Data):
    kty = serializers.CharField()
    crv = serializers.CharField()
    x = serializers.CharField()
    kid = serializers.CharField()
    use = serializers.CharField()
    alg = serializers.CharField()


class KeySetOut(Data):
    keys = PublicKeyOut(many=True)
