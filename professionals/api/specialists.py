"""Specialists: register, submit credentials, verify, list, profile, availability."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import (
    ETAG,
    IF_MATCH,
    ApiView,
    etag_for,
    expected_version,
    json_response,
    public,
    roles,
)
from config.kernel.limits import per_network
from professionals import services
from professionals.api.serializers import (
    AvailabilityIn,
    LicenceOut,
    LicencesIn,
    OwnOut,
    PublicOut,
    SpecialistOut,
    SpecialistProfileIn,
    SpecialistRegistrationIn,
    VerificationIn,
)

PUBLIC_FIELDS = tuple(PublicOut().get_fields())
OWN_FIELDS = tuple(OwnOut().get_fields())


class Register(ApiView):
    """Opening a specialist's profile."""

    policy = public()
    limits = (per_network("register", 60, hours=1, strict=True),)

    @extend_schema(request=SpecialistRegistrationIn, responses={201: OwnOut}, summary="Register as a specialist")
    def post(self, request: Request) -> Response:
        """The same for a known and an unknown address; both wait for the mailed link. Again finishes what broke off."""
        profile = services.register_professional(**self.body(SpecialistRegistrationIn))
        location = f"/api/v1/professionals/{profile.id}"
        return Response(own_body(profile), status=201, headers={"Location": location})


class Verify(ApiView):
    """Submitting one's credentials."""

    policy = roles("professional")

    @extend_schema(request=LicencesIn, responses={200: OwnOut}, summary="Submit my licences")
    def post(self, request: Request) -> Response:
        """Two people check them at their source."""
        licences = [services.LicenceInput(**licence) for licence in self.body(LicencesIn)["licences"]]
        return Response(own_body(services.submit_credentials(principal=self.principal, licences=licences)))


class Decision(ApiView):
    """Deciding on credentials."""

    policy = roles("administrator")

    @extend_schema(request=VerificationIn, responses={200: OwnOut}, summary="Prepare or decide a verification")
    def post(self, request: Request, professional_id: UUID) -> Response:
        """One person prepares, another approves or rejects."""
        data = self.body(VerificationIn)
        if data["step"] == "prepare":
            services.prepare_verification(
                principal=self.principal, professional_id=professional_id, evidence=data["evidence"]
            )
        else:
            services.decide_verification(
                principal=self.principal, professional_id=professional_id, approve=data["step"] == "approve"
            )
        profile = services.visible_profile(principal=self.principal, professional_id=professional_id)
        return Response(own_body(profile))


class ProfessionalDetail(ApiView):
    """One specialist."""

    policy = public()
    policies = {"PUT": roles("professional")}

    @extend_schema(responses={200: SpecialistOut}, parameters=[ETAG], summary="Read a specialist's profile")
    def get(self, request: Request, professional_id: UUID) -> HttpResponse:
        """The owner and administrators see more."""
        profile = services.visible_profile(principal=self.principal, professional_id=professional_id)
        full = self.principal.user_id == profile.user_id or self.principal.has("administrator")
        body = own_body(profile) if full else _only(profile, PUBLIC_FIELDS)
        return json_response(body, headers={"ETag": etag_for(profile.version)})

    @extend_schema(
        request=SpecialistProfileIn, responses={200: OwnOut}, parameters=[IF_MATCH, ETAG], summary="Change my profile"
    )
    def put(self, request: Request, professional_id: UUID) -> Response:
        """Public fields only; standing and licences change by verification."""
        profile = services.update_profile(
            principal=self.principal,
            professional_id=professional_id,
            changes=self.body(SpecialistProfileIn),
            expected_version=expected_version(request._request),
        )
        return Response(own_body(profile), headers={"ETag": etag_for(profile.version)})


class Credentials(ApiView):
    """Licences of one specialist."""

    policy = roles("professional", "administrator")

    @extend_schema(responses={200: LicenceOut(many=True)}, summary="Read licences")
    def get(self, request: Request, professional_id: UUID) -> HttpResponse:
        """One's own, or (administrators) anybody's; numbers by their ending."""
        found = services.list_licences(principal=self.principal, professional_id=professional_id)
        return json_response(found)


class Availability(ApiView):
    """The caller's availability."""

    policy = roles("professional")

    @extend_schema(request=AvailabilityIn, responses={200: OwnOut}, summary="Set my availability")
    def post(self, request: Request) -> Response:
        """The owner is the caller."""
        profile = services.set_availability(principal=self.principal, changes=self.body(AvailabilityIn))
        return Response(own_body(profile))


def own_body(profile: services.ProfessionalDTO) -> dict[str, Any]:
    """A profile as its owner sees it."""
    return _only(profile, OWN_FIELDS)


def _only(profile: services.ProfessionalDTO, fields: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(profile, name) for name in fields}
