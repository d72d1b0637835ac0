"""A specialist's figures: private ones, and what everybody may read."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from config.kernel.api import ApiView, json_response, public, roles
from professionals import services
from professionals.api.serializers_figures import PublicFiguresOut, StatisticsOut


class PublicStatistics(ApiView):
    """What everybody may read."""

    policy = public()

    @extend_schema(responses={200: PublicFiguresOut}, summary="Read a specialist's published figures")
    def get(self, request: Request, professional_id: UUID) -> HttpResponse:
        """Empty while nothing is published."""
        return json_response(services.public_figures(professional_id=professional_id))


class StatisticsView(ApiView):
    """Private figures."""

    policy = roles("professional", "medical_director", "administrator")

    @extend_schema(responses={200: StatisticsOut}, summary="Read a specialist's figures")
    def get(self, request: Request, professional_id: UUID) -> HttpResponse:
        """One's own; null is an explicit unknown."""
        return json_response(services.get_statistics(principal=self.principal, professional_id=professional_id))
