"""What credentials take and give."""

from rest_framework import serializers

from config.kernel.api.dto_serializers import DTOSerializer
from config.kernel.api.strict_bodies import StrictSerializer
from professionals.services import CredentialDTO
from professionals.services.credentials import KINDS as CREDENTIALS
from professionals.services.credentials import LICENCE_STATUSES

Data = StrictSerializer


class CredentialIn(Data):
    kind = serializers.ChoiceField(CREDENTIALS)
    title = serializers.CharField(max_length=200)
    body = serializers.CharField(max_length=200)
    valid_from = serializers.DateField(required=False, allow_null=True)
    valid_to = serializers.DateField(required=False, allow_null=True)
    evidence = serializers.CharField(max_length=500, required=False, allow_blank=True)


class CredentialOut(DTOSerializer[CredentialDTO]):
    pass


class LicenceCheckIn(Data):
    status = serializers.ChoiceField(LICENCE_STATUSES)
    evidence = serializers.CharField(max_length=500)
