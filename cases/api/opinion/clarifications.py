"""Questions of the specialist to the patient, and the answers."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.opinion.serializers_opinion import ClarificationOut, QuestionIn, ReplyIn
from cases.services import opinion
from config.kernel.api import ApiView, json_response, signed_in


class Questions(ApiView):
    """Questions to the patient."""

    policy = signed_in()
    policies = {"GET": signed_in(keys=True)}

    @extend_schema(responses={200: ClarificationOut(many=True)}, summary="Read the questions and answers")
    def get(self, request: Request, case_id: UUID) -> HttpResponse:
        """Oldest first."""
        found = opinion.list_clarifications(principal=self.principal, case_id=case_id)
        return json_response(found)

    @extend_schema(request=QuestionIn, responses={201: ClarificationOut}, summary="Ask the patient")
    def post(self, request: Request, case_id: UUID) -> Response:
        """Stops the clock until the answer."""
        asked = opinion.ask(principal=self.principal, case_id=case_id, **self.body(QuestionIn))
        return Response(asked, status=201)


class Answers(ApiView):
    """Answers of the patient."""

    policy = signed_in()

    @extend_schema(request=ReplyIn, responses={200: ClarificationOut}, summary="Answer a question")
    def post(self, request: Request, case_id: UUID) -> Response:
        """The review goes on."""
        data = self.body(ReplyIn)
        answered = opinion.answer(
            principal=self.principal,
            case_id=case_id,
            clarification_id=data["clarification_id"],
            text=data["answer"],
            document_ids=data["document_ids"],
        )
        return Response(answered)
