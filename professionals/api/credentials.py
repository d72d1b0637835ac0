"""Credentials beside licences, and what a register says of a licence."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import ApiView, json_response, roles
from professionals import services
from professionals.api.serializers_credentials import CredentialIn, CredentialOut, LicenceCheckIn


class Standing(ApiView):
    """Board certifications, education, insurance, references, sanctions."""

    policy = roles("professional", "administrator")

    @extend_schema(responses={200: CredentialOut(many=True)}, summary="Read further credentials")
    def get(self, request: Request, professional_id: UUID) -> HttpResponse:
        """One's own, or (administrators) anybody's."""
        found = services.list_credentials(principal=self.principal, professional_id=professional_id)
        return json_response(found)

    @extend_schema(request=CredentialIn, responses={201: CredentialOut}, summary="Add a credential")
    def post(self, request: Request, professional_id: UUID) -> Response:
        """Administrators give the evidence; a sanction of theirs that stands suspends at once."""
        made = services.add_credential(
            principal=self.principal, professional_id=professional_id, **self.body(CredentialIn)
        )
        return Response(made, status=201)


class LicenceCheck(ApiView):
    """The primary-source check of one licence."""

    policy = roles("administrator")

    @extend_schema(request=LicenceCheckIn, responses={204: None}, summary="Record what a licence's register says")
    def post(self, request: Request, professional_id: UUID, licence_id: UUID) -> Response:
        """With the day and the evidence; a suspended or revoked licence counts no more."""
        services.check_licence(
            principal=self.principal,
            professional_id=professional_id,
            licence_id=licence_id,
            **self.body(LicenceCheckIn),
        )
        return Response(status=204)
