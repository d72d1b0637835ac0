"""Reviews of the service."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import ApiView, json_response, public, roles
from professionals import services
from professionals.api.serializers_quality import (
    GivenOut,
    ModerationIn,
    ServiceReviewIn,
    ServiceReviewOut,
)


class Reviews(ApiView):
    """Giving a review."""

    policy = roles("patient")

    @extend_schema(request=ServiceReviewIn, responses={201: GivenOut}, summary="Review the service of my closed case")
    def post(self, request: Request) -> Response:
        """Once; staff look at it before it is shown without a name."""
        return Response(
            {"id": services.give_review(principal=self.principal, **self.body(ServiceReviewIn))}, status=201
        )


class ReviewList(ApiView):
    """Reviews of one specialist."""

    policy = public()

    @extend_schema(responses={200: ServiceReviewOut(many=True)}, summary="Read a specialist's reviews")
    def get(self, request: Request, professional_id: UUID) -> HttpResponse:
        """Published ones only, without names."""
        return json_response(services.list_reviews(professional_id=professional_id))


class Moderation(ApiView):
    """Deciding on a review."""

    policy = roles("medical_director", "administrator")

    @extend_schema(request=ModerationIn, responses={204: None}, summary="Show a review, or not")
    def post(self, request: Request, review_id: UUID) -> Response:
        """The figures follow with the next run."""
        services.moderate_review(principal=self.principal, review_id=review_id, **self.body(ModerationIn))
        return Response(status=204)
