"""Questionnaires: what patients are asked."""

from dataclasses import asdict

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.intake.serializers_intake import QuestionnaireOut, QuestionnaireRowOut
from cases.services import intake
from config.kernel.api import ApiView, json_response, public


class Questionnaires(ApiView):
    """What patients are asked."""

    policy = public()

    @extend_schema(responses={200: QuestionnaireRowOut(many=True)}, summary="List the questionnaires")
    def get(self, request: Request) -> Response:
        """The general one, then one for each condition."""
        rows = [asdict(one) for one in intake.list_questionnaires()]
        return Response([{name: row[name] for name in ("code", "version", "title", "sha256")} for row in rows])


class QuestionnaireDetail(ApiView):
    """One questionnaire."""

    policy = public()

    @extend_schema(responses={200: QuestionnaireOut}, summary="Read a questionnaire")
    def get(self, request: Request, code: str) -> HttpResponse:
        """Items as in FHIR, red-flag rules and checklist beside them."""
        return json_response(intake.get_questionnaire(code=code))
