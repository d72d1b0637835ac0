"""What the professionals end points take and give."""

from typing import Any

from rest_framework import serializers

from config.kernel.api.countries import CountryField
from config.kernel.api.dto_serializers import DTOSerializer
from config.kernel.api.strict_bodies import StrictSerializer
from config.kernel.time_zones import zone_names
from professionals.domain.credentials import CredentialState
from professionals.domain.specialties import SPECIALTIES
from professionals.services import LicenceDTO, ProfessionalDTO

Data = StrictSerializer
LANGUAGE = r"^[a-z]{2}$"


class SpecialistRegistrationIn(Data):
    shapes = {"password": {"minLength": 8, "maxLength": 128}}
    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=512, trim_whitespace=False)
    full_name = serializers.CharField(max_length=200)
    specialty = serializers.ChoiceField(sorted(SPECIALTIES))
    languages = serializers.ListField(child=serializers.RegexField(LANGUAGE), min_length=1, max_length=20)
    organisation = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    country = CountryField(required=False, default="")
    region = serializers.RegexField(r"^[A-Z0-9]{0,3}$", required=False, default="", allow_blank=True)


class LicenceIn(Data):
    country = CountryField()
    region = serializers.RegexField(r"^[A-Z0-9]{0,3}$", required=False, default="", allow_blank=True)
    number = serializers.CharField(max_length=60)
    body = serializers.CharField(max_length=200)
    valid_from = serializers.DateField()
    valid_to = serializers.DateField()


class LicencesIn(Data):
    licences = serializers.ListField(child=LicenceIn(), min_length=1, max_length=60)


class VerificationIn(Data):
    step = serializers.ChoiceField(["prepare", "approve", "reject"])
    evidence = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class SpecialistProfileIn(Data):
    display_name = serializers.CharField(max_length=200, required=False)
    languages = serializers.ListField(
        child=serializers.RegexField(LANGUAGE), min_length=1, max_length=20, required=False
    )
    organisation = serializers.CharField(max_length=200, required=False, allow_blank=True)
    biography = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    sub_specialties = serializers.ListField(child=serializers.CharField(max_length=80), max_length=30, required=False)
    procedures = serializers.ListField(child=serializers.CharField(max_length=80), max_length=60, required=False)


class HoursIn(Data):
    weekday = serializers.IntegerField(min_value=0, max_value=6, help_text="0 is Monday.")
    start = serializers.TimeField(format="%H:%M")
    end = serializers.TimeField(format="%H:%M")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Hours end after they begin."""
        if attrs["end"] <= attrs["start"]:
            raise serializers.ValidationError({"end": "end must be after start."})
        return attrs | {"start": f"{attrs['start']:%H:%M}", "end": f"{attrs['end']:%H:%M}"}


class AvailabilityIn(Data):
    weekly_hours = serializers.ListField(child=HoursIn(), required=False, max_length=50)
    time_zone = serializers.ChoiceField(sorted(zone_names()), required=False)
    capacity = serializers.IntegerField(min_value=1, max_value=100, required=False)
    accepting = serializers.BooleanField(required=False)
    out_of_office_until = serializers.DateField(required=False, allow_null=True)


class PublicOut(DTOSerializer[ProfessionalDTO]):
    class Meta:
        fields = (
            "id",
            "display_name",
            "specialty",
            "languages",
            "organisation",
            "biography",
            "sub_specialties",
            "procedures",
            "accepting",
            "licence_places",
        )


class PublicPageOut(Data):
    next = serializers.CharField(allow_null=True)
    results = PublicOut(many=True)


class OwnOut(DTOSerializer[ProfessionalDTO]):
    state = serializers.ChoiceField([state.value for state in CredentialState])

    class Meta:
        fields = (*PublicOut.Meta.fields, "state", "capacity", "user_id", "version")


class SpecialistOut(DTOSerializer[ProfessionalDTO]):
    """What everybody sees; the last four fields for the specialist and administrators only."""

    state = serializers.ChoiceField([state.value for state in CredentialState], required=False)
    capacity = serializers.IntegerField(required=False)
    user_id = serializers.UUIDField(required=False)
    version = serializers.IntegerField(required=False)

    class Meta:
        fields = OwnOut.Meta.fields


class LicenceOut(DTOSerializer[LicenceDTO]):
    pass
