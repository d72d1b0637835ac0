"""What the end points around reports take and give."""

from rest_framework import serializers

from cases.services.report import ProofDTO, ReportDTO
from config.kernel.api.dto_serializers import DTOSerializer
from config.kernel.api.strict_bodies import StrictSerializer, either

Data = StrictSerializer
STANDINGS = ["valid", "superseded", "withdrawn"]


class ReportVersionOut(DTOSerializer[ReportDTO]):
    standing = serializers.ChoiceField(STANDINGS)

    class Meta:
        help_texts = {"manifest": "signed statement (JWS, EdDSA); empty for reports older than these"}


class ProofIn(Data):
    rule = either("sha256", "manifest")
    sha256 = serializers.RegexField("^[0-9a-fA-F]{64}$", required=False, help_text="of the file's bytes, hex")
    manifest = serializers.CharField(max_length=4000, required=False, help_text="what the QR code holds behind the #")


class ProofOut(DTOSerializer[ProofDTO]):
    standing = serializers.ChoiceField([*STANDINGS, "changed"])


class PublicKeyOut(Data):
    kty = serializers.CharField()
    crv = serializers.CharField()
    x = serializers.CharField()
    kid = serializers.CharField()
    use = serializers.CharField()
    alg = serializers.CharField()


class KeySetOut(Data):
    keys = PublicKeyOut(many=True)
