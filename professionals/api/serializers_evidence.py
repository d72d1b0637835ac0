"""What documents of credentials take and give."""

from rest_framework import serializers

from config.kernel.api.dto_serializers import DTOSerializer
from config.kernel.api.strict_bodies import StrictSerializer
from professionals.domain.credentials import EvidenceState
from professionals.services import EvidenceDTO

Data = StrictSerializer


class EvidenceIn(Data):
    file = serializers.FileField(help_text="PDF, JPEG, PNG, TIFF or plain text")
    licence_id = serializers.UUIDField(required=False, help_text="one of licence_id and credential_id")
    credential_id = serializers.UUIDField(required=False)


class EvidenceOut(DTOSerializer[EvidenceDTO]):
    state = serializers.ChoiceField([state.value for state in EvidenceState])

    class Meta:
        help_texts = {"says": "what the first of two people wrote"}


class EvidenceDecisionIn(Data):
    step = serializers.ChoiceField(["prepare", "confirm", "refuse"])
    says = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)
