"""Peer review and incidents."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.casefile.serializers import StateOut
from cases.api.opinion.serializers_opinion import IncidentIn, OpinionOut, PeerIn, PeerReviewIn
from cases.services import opinion, workflow
from config.kernel.api import ApiView, json_response, signed_in


class Peer(ApiView):
    """Who reviews the opinion."""

    policy = signed_in()

    @extend_schema(request=PeerIn, responses={204: None}, summary="Name the peer reviewer")
    def post(self, request: Request, case_id: UUID) -> Response:
        """For a coordinator; the reviewer is licensed for the patient's place and independent."""
        opinion.assign_peer(principal=self.principal, case_id=case_id, **self.body(PeerIn))
        return Response(status=204)


class PeerReview(ApiView):
    """The review."""

    policy = signed_in()

    @extend_schema(responses={200: OpinionOut}, summary="Read the opinion that waits for my review")
    def get(self, request: Request, case_id: UUID) -> HttpResponse:
        """For the reviewer only."""
        return json_response(opinion.opinion_for_review(principal=self.principal, case_id=case_id))

    @extend_schema(request=PeerReviewIn, responses={200: StateOut}, summary="Give my verdict on an opinion")
    def post(self, request: Request, case_id: UUID) -> Response:
        """All but a plain agreement need remarks."""
        state = opinion.review_opinion(principal=self.principal, case_id=case_id, **self.body(PeerReviewIn))
        return Response({"state": state})


class Incident(ApiView):
    """A case that should not be."""

    policy = signed_in()

    @extend_schema(request=IncidentIn, responses={200: StateOut}, summary="Record or confirm an incident")
    def post(self, request: Request, case_id: UUID) -> Response:
        """Two persons of two offices; the second one's confirmation takes the case to ENTERED_IN_ERROR."""
        state = workflow.report_incident(principal=self.principal, case_id=case_id, **self.body(IncidentIn))
        return Response({"state": state})
