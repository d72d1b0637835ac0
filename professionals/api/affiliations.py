"""Affiliations of one specialist: what the parties graph is made of."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import ApiView, json_response, roles
from professionals import services
from professionals.api.serializers_affiliations import AffiliationIn, AffiliationOut


class Affiliations(ApiView):
    """Employers, co-authors, referrers, payers, facilities, makers, relatives."""

    policy = roles("professional", "administrator")

    @extend_schema(responses={200: AffiliationOut(many=True)}, summary="Read a specialist's affiliations")
    def get(self, request: Request, professional_id: UUID) -> HttpResponse:
        """One's own, or (administrators) anybody's."""
        found = services.list_affiliations(principal=self.principal, professional_id=professional_id)
        return json_response(found)

    @extend_schema(request=AffiliationIn, responses={201: AffiliationOut}, summary="Declare an affiliation")
    def post(self, request: Request, professional_id: UUID) -> Response:
        """It counts at once, for every case."""
        made = services.declare_affiliation(
            principal=self.principal, professional_id=professional_id, **self.body(AffiliationIn)
        )
        return Response(made, status=201)


class AffiliationDetail(ApiView):
    """One affiliation."""

    policy = roles("administrator")

    @extend_schema(responses={204: None}, summary="End an affiliation")
    def delete(self, request: Request, professional_id: UUID, affiliation_id: UUID) -> Response:
        """Administrators do, who checked that it is over."""
        services.end_affiliation(
            principal=self.principal, professional_id=professional_id, affiliation_id=affiliation_id
        )
        return Response(status=204)
