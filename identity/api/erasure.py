"""Erasure and what stands against it."""

from dataclasses import asdict
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import ApiView, roles, signed_in
from identity import services
from identity.api.serializers import ErasureOut, LegalHoldIn, LegalHoldOut


class Erasure(ApiView):
    """Taking a person out."""

    policy = signed_in()

    @extend_schema(responses={200: ErasureOut}, summary="See how far an erasure is")
    def get(self, request: Request, user_id: UUID) -> Response:
        """``waiting_for`` names the parts of the platform that have not answered."""
        return Response(asdict(services.get_erasure(principal=self.principal, user_id=user_id)))

    @extend_schema(request=None, responses={202: ErasureOut}, summary="Erase a patient")
    def post(self, request: Request, user_id: UUID) -> Response:
        """Needs a fresh proof (step-up). The account closes at once; there is no way back."""
        erasure = services.request_erasure(principal=self.principal, user_id=user_id)
        return Response(asdict(erasure), status=202, headers={"Location": f"/api/v1/users/{user_id}/erasure"})


class LegalHold(ApiView):
    """While one stands, nothing is erased."""

    policy = roles("privacy_officer", "administrator", fresh_second_factor=True)

    @extend_schema(request=LegalHoldIn, responses={201: LegalHoldOut}, summary="Place a legal hold")
    def post(self, request: Request, user_id: UUID) -> Response:
        """With its reason, which names no diagnosis."""
        hold = services.place_legal_hold(principal=self.principal, user_id=user_id, **self.body(LegalHoldIn))
        return Response(asdict(hold), status=201)

    @extend_schema(request=None, responses={204: None}, summary="End a legal hold")
    def delete(self, request: Request, user_id: UUID) -> Response:
        """From now on, an erasure is possible again."""
        services.end_legal_hold(principal=self.principal, user_id=user_id)
        return Response(status=204)
