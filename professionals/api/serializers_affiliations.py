"""What affiliations take and give."""

from rest_framework import serializers

from config.kernel.api.dto_serializers import DTOSerializer
from config.kernel.api.strict_bodies import StrictSerializer
from professionals.services import AffiliationDTO
from professionals.services.affiliations import KINDS as AFFILIATIONS

Data = StrictSerializer


class AffiliationIn(Data):
    kind = serializers.ChoiceField(AFFILIATIONS)
    organisation = serializers.CharField(max_length=200, required=False)
    other_names = serializers.ListField(child=serializers.CharField(max_length=200), max_length=20, required=False)
    colleague_id = serializers.UUIDField(required=False, help_text="another specialist's profile")
    person = serializers.CharField(max_length=200, required=False, help_text="a person outside; the name is sealed")


class AffiliationOut(DTOSerializer[AffiliationDTO]):
    pass
