"""Showing a specialist's figures to everybody."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import ApiView, json_response, roles
from professionals import services
from professionals.api.serializers_figures import FiguresDecisionIn, PublicationOut


class OwnPublication(ApiView):
    """Agreeing to it, and taking that back."""

    policy = roles("professional")

    @extend_schema(responses={200: PublicationOut}, summary="Read where the publication of my figures stands")
    def get(self, request: Request) -> HttpResponse:
        """With what could be shown now."""
        return json_response(services.get_publication(principal=self.principal))

    @extend_schema(request=None, responses={201: PublicationOut}, summary="Agree to show my figures as they are now")
    def post(self, request: Request) -> Response:
        """Figures with enough cases behind them; the medical director decides."""
        return Response(services.propose_figures(principal=self.principal), status=201)

    @extend_schema(responses={200: PublicationOut}, summary="Show my figures no more")
    def delete(self, request: Request) -> HttpResponse:
        """At once."""
        return json_response(services.withdraw_figures(principal=self.principal))


class PublicationDecision(ApiView):
    """Deciding on it."""

    policy = roles("medical_director", "administrator")

    @extend_schema(request=FiguresDecisionIn, responses={204: None}, summary="Show a specialist's figures, or not")
    def post(self, request: Request, professional_id: UUID) -> Response:
        """What they agreed to, as it was then."""
        services.decide_figures(
            principal=self.principal, professional_id=professional_id, **self.body(FiguresDecisionIn)
        )
        return Response(status=204)
