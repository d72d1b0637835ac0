"""What the end points of candidates and offers take and give."""

from rest_framework import serializers

from cases.domain.eligibility.conflict_of_interest import QUESTIONS
from cases.domain.workflow.state_machines import OfferState
from cases.services.assignment import CandidateDTO, ExclusionDTO, MatchingDTO, ObstacleDTO, OfferDTO
from config.kernel.api.dto_serializers import DTOSerializer
from config.kernel.api.strict_bodies import StrictSerializer

Data = StrictSerializer


class OfferIn(Data):
    professional_id = serializers.UUIDField()


class OfferOut(DTOSerializer[OfferDTO]):
    state = serializers.ChoiceField([state.value for state in OfferState])


class AttestationIn(Data):
    knows_patient = serializers.BooleanField(help_text=QUESTIONS["knows_patient"])
    treated_patient = serializers.BooleanField(help_text=QUESTIONS["treated_patient"])
    relation_to_clinician = serializers.BooleanField(help_text=QUESTIONS["relation_to_clinician"])
    referrer_or_payer = serializers.BooleanField(help_text=QUESTIONS["referrer_or_payer"])
    therapy_maker = serializers.BooleanField(help_text=QUESTIONS["therapy_maker"])


class AcceptIn(Data):
    coi_attestation = AttestationIn()


class CandidateOut(DTOSerializer[CandidateDTO]):
    class Meta:
        fields = ("professional_id", "display_name", "score", "reasons")


class ExclusionOut(DTOSerializer[ExclusionDTO]):
    pass


class ObstacleOut(DTOSerializer[ObstacleDTO]):
    class Meta:
        help_texts = {"count": "specialists of the field whom it keeps away"}


class MatchingOut(DTOSerializer[MatchingDTO]):
    candidates = CandidateOut(many=True)
    excluded = ExclusionOut(many=True)
    obstacles = ObstacleOut(many=True, help_text="why there is no candidate; empty where there is one")
