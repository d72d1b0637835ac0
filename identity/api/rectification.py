"""Claims that something held about a person is wrong."""

from dataclasses import asdict
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import ApiView, roles, signed_in
from identity import services
from identity.api.serializers_privacy import RectificationAnswerIn, RectificationIn, RectificationOut


class Rectifications(ApiView):
    """A person's claims."""

    policy = signed_in()

    @extend_schema(responses={200: RectificationOut(many=True)}, summary="List claims that something is wrong")
    def get(self, request: Request, user_id: UUID) -> Response:
        """One's own; the privacy officer and administrators see those of others."""
        found = services.list_rectifications(principal=self.principal, user_id=user_id)
        return Response([asdict(one) for one in found])

    @extend_schema(request=RectificationIn, responses={201: RectificationOut}, summary="Say that something is wrong")
    def post(self, request: Request, user_id: UUID) -> Response:
        """Names, birth date and contact are changed in the profile; this is for what others wrote down."""
        claim = services.request_rectification(principal=self.principal, user_id=user_id, **self.body(RectificationIn))
        return Response(asdict(claim), status=201)


class RectificationDecision(ApiView):
    """The answer to a claim."""

    policy = roles("privacy_officer", "administrator")

    @extend_schema(request=RectificationAnswerIn, responses={200: RectificationOut}, summary="Answer a claim")
    def post(self, request: Request, claim_id: UUID) -> Response:
        """Once, with what was done or why not; the person is told that there is an answer."""
        claim = services.decide_rectification(
            principal=self.principal, claim_id=claim_id, **self.body(RectificationAnswerIn)
        )
        return Response(asdict(claim))
