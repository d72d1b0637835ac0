"""After delivery: follow-up questions and their addenda, the outcome, the rating of the service."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from cases.api.followup.serializers_followup import (
    AddendumIn,
    FollowUpIn,
    FollowUpOut,
    FollowUpsOut,
    OutcomeIn,
    OutcomeOut,
    ServiceRatingIn,
    ServiceRatingOut,
)
from cases.services import followup
from config.kernel.api import ApiView, idempotent, json_response, signed_in


class FollowUps(ApiView):
    """Questions about the delivered opinion."""

    policy = signed_in()

    @extend_schema(responses={200: FollowUpsOut}, summary="Read the follow-up questions and their addenda")
    def get(self, request: Request, case_id: UUID) -> HttpResponse:
        """Oldest first."""
        return json_response(followup.list_follow_ups(principal=self.principal, case_id=case_id))

    @extend_schema(request=FollowUpIn, responses={201: FollowUpOut}, summary="Ask a follow-up question")
    @idempotent("cases")
    def post(self, request: Request, case_id: UUID) -> HttpResponse:
        """The specialist is told; the case is not closed before the answer."""
        asked = followup.ask_follow_up(principal=self.principal, case_id=case_id, **self.body(FollowUpIn))
        return json_response(asked, status=201)


class Addendum(ApiView):
    """The answer."""

    policy = signed_in()

    @extend_schema(request=AddendumIn, responses={200: FollowUpOut}, summary="Answer by an addendum")
    def post(self, request: Request, case_id: UUID, follow_up_id: UUID) -> HttpResponse:
        """Once; the patient is told."""
        text = self.body(AddendumIn)["answer"]
        answered = followup.answer_follow_up(
            principal=self.principal, case_id=case_id, follow_up_id=follow_up_id, text=text
        )
        return json_response(answered)


class Outcomes(ApiView):
    """What became of the advice."""

    policy = signed_in()

    @extend_schema(responses={200: OutcomeOut(many=True)}, summary="Read what became of the advice")
    def get(self, request: Request, case_id: UUID) -> HttpResponse:
        """30, 90 and 365 days after delivery."""
        found = followup.list_outcomes(principal=self.principal, case_id=case_id)
        return json_response(found)


class OutcomeDetail(ApiView):
    """One of the dates."""

    policy = signed_in()

    @extend_schema(request=OutcomeIn, responses={200: OutcomeOut}, summary="Say whether the advice was followed")
    def post(self, request: Request, case_id: UUID, day: int) -> HttpResponse:
        """Once, from the due date on; the signed report does not change."""
        said = followup.record_outcome(principal=self.principal, case_id=case_id, day=day, **self.body(OutcomeIn))
        return json_response(said)


class ServiceRating(ApiView):
    """How the service was."""

    policy = signed_in()

    @extend_schema(request=ServiceRatingIn, responses={201: ServiceRatingOut}, summary="Rate the service")
    def post(self, request: Request, case_id: UUID) -> HttpResponse:
        """Once a case, apart from the opinion."""
        given = followup.rate_service(principal=self.principal, case_id=case_id, **self.body(ServiceRatingIn))
        return json_response(given, status=201)
