"""Candidates for a case, and the offer to one of them."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.assignment.serializers_assignment import AcceptIn, MatchingOut, OfferIn, OfferOut
from cases.api.casefile.serializers import StateOut
from cases.services import assignment
from config.kernel.api import ApiView, idempotent, json_response, signed_in


class Candidates(ApiView):
    """Who could take the case."""

    policy = signed_in()

    @extend_schema(responses={200: MatchingOut}, summary="Find candidates, and why the others are not")
    def get(self, request: Request, case_id: UUID) -> HttpResponse:
        """Best first."""
        return json_response(assignment.candidates(principal=self.principal, case_id=case_id))


class Assign(ApiView):
    """Offering the case."""

    policy = signed_in()

    @extend_schema(request=OfferIn, responses={201: OfferOut}, summary="Offer a case to a specialist")
    @idempotent("cases")
    def post(self, request: Request, case_id: UUID) -> Response:
        """For 48 hours."""
        offer = assignment.offer_case(principal=self.principal, case_id=case_id, **self.body(OfferIn))
        return Response(offer, status=201)


class Accept(ApiView):
    """Taking an offered case."""

    policy = signed_in()

    @extend_schema(request=AcceptIn, responses={200: StateOut}, summary="Accept an offer")
    def post(self, request: Request, case_id: UUID) -> Response:
        """With the conflict-of-interest attestation; one winner."""
        attestation = self.body(AcceptIn)["coi_attestation"]
        state = assignment.accept_offer(principal=self.principal, case_id=case_id, coi_attestation=dict(attestation))
        return Response({"state": state})


class Decline(ApiView):
    """Turning an offer down."""

    policy = signed_in()

    @extend_schema(request=None, responses={204: None}, summary="Decline an offer")
    def post(self, request: Request, case_id: UUID) -> Response:
        """The coordinator offers it to somebody else."""
        assignment.decline_offer(principal=self.principal, case_id=case_id)
        return Response(status=204)
