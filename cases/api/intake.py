"""Questionnaires, the answers of a case, and its checklist."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases import services
from cases.api.serializers_intake import (
    AcknowledgeIn,
    CaseChecklistOut,
    IntakeIn,
    IntakeOut,
    QuestionnaireOut,
    QuestionnaireRowOut,
    RecordDocumentIn,
    RedFlagOut,
)
from config.kernel.api import ApiView, etag_for, expected_version, json_response, public, signed_in


class Questionnaires(ApiView):
    """What patients are asked."""

    policy = public()

    @extend_schema(responses={200: QuestionnaireRowOut(many=True)}, summary="List the questionnaires")
    def get(self, request: Request) -> Response:
        """The general one, then one for each condition."""
        rows = [asdict(one) for one in services.list_questionnaires()]
        return Response([{name: row[name] for name in ("code", "version", "title", "sha256")} for row in rows])


class OneQuestionnaire(ApiView):
    """One questionnaire."""

    policy = public()

    @extend_schema(responses={200: QuestionnaireOut}, summary="Read a questionnaire")
    def get(self, request: Request, code: str) -> HttpResponse:
        """Items as in FHIR, red-flag rules and checklist beside them."""
        return json_response(asdict(services.get_questionnaire(code=code)))


class Intake(ApiView):
    """The answers of a case."""

    policy = signed_in()

    @extend_schema(responses={200: IntakeOut}, summary="Read the answers of a case")
    def get(self, request: Request, case_id: UUID) -> HttpResponse:
        """As far as they go, with what is asked, what is missing, and the red flags they raised."""
        return _answer(services.get_intake(principal=self.principal, case_id=case_id))

    @extend_schema(request=IntakeIn, responses={200: IntakeOut}, summary="Save answers of a case")
    def put(self, request: Request, case_id: UUID) -> HttpResponse:
        """The named answers are kept, however many are missing; with `complete` they are then checked as a whole.

        When `interrupted` is true, show the text of each red flag that is not acknowledged before anything else.
        """
        data = self.body(IntakeIn)
        saved = services.save_intake(
            principal=self.principal,
            case_id=case_id,
            answers=data["answers"],
            condition=data.get("condition"),
            expected_version=expected_version(request._request),
        )
        if data["complete"]:
            # A transaction of its own: what was written stays, whatever is missing.
            saved = services.complete_intake(principal=self.principal, case_id=case_id)
        return _answer(saved)


class RedFlag(ApiView):
    """Advice that was read."""

    policy = signed_in()

    @extend_schema(request=AcknowledgeIn, responses={200: RedFlagOut}, summary="Acknowledge emergency advice")
    def post(self, request: Request, case_id: UUID, flag_id: UUID) -> HttpResponse:
        """Name the version of the wording that was shown."""
        version = self.body(AcknowledgeIn)["advice_version"]
        found = services.acknowledge_red_flag(
            principal=self.principal, case_id=case_id, flag_id=flag_id, advice_version=version
        )
        return json_response(asdict(found))


class Checklist(ApiView):
    """The records that a case needs."""

    policy = signed_in()

    @extend_schema(responses={200: CaseChecklistOut}, summary="Read the checklist of a case")
    def get(self, request: Request, case_id: UUID) -> HttpResponse:
        """Each record present, missing or waived, with why it matters; and the missing one that matters most."""
        return json_response(asdict(services.get_checklist(principal=self.principal, case_id=case_id)))


class ChecklistItem(ApiView):
    """One record of the checklist."""

    policy = signed_in()

    @extend_schema(request=RecordDocumentIn, responses={200: CaseChecklistOut}, summary="Name the document of a record")
    def put(self, request: Request, case_id: UUID, code: str) -> HttpResponse:
        """The document must be one of the case, read and accepted."""
        document_id = self.body(RecordDocumentIn)["document_id"]
        found = services.name_document(principal=self.principal, case_id=case_id, code=code, document_id=document_id)
        return json_response(asdict(found))


def _answer(intake: services.IntakeDTO) -> HttpResponse:
    body: dict[str, Any] = asdict(intake)
    body["questionnaires"] = [
        {"code": code, "version": version, "sha256": sha256} for code, version, sha256 in intake.questionnaires
    ]
    return json_response(body, headers={"ETag": etag_for(intake.version)})
