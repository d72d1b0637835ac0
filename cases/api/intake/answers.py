"""The answers of a case."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from cases.api.intake.serializers_intake import IntakeIn, IntakeOut
from cases.services import intake as intake_service
from config.kernel.api import ETAG, IF_MATCH, ApiView, etag_for, expected_version, json_response, signed_in


class Intake(ApiView):
    """The answers of a case."""

    policy = signed_in()

    @extend_schema(responses={200: IntakeOut}, parameters=[ETAG], summary="Read the answers of a case")
    def get(self, request: Request, case_id: UUID) -> HttpResponse:
        """As far as they go, with what is asked, what is missing, and the red flags they raised."""
        return _answer(intake_service.get_intake(principal=self.principal, case_id=case_id))

    @extend_schema(
        request=IntakeIn, responses={200: IntakeOut}, parameters=[IF_MATCH, ETAG], summary="Save answers of a case"
    )
    def put(self, request: Request, case_id: UUID) -> HttpResponse:
        """The named answers are kept, however many are missing; with `complete` they are then checked as a whole.

        When `interrupted` is true, show the text of each red flag that is not acknowledged before anything else.
        """
        data = self.body(IntakeIn)
        saved = intake_service.save_intake(
            principal=self.principal,
            case_id=case_id,
            answers=data["answers"],
            condition=data.get("condition"),
            expected_version=expected_version(request._request),
        )
        if data["complete"]:
            # A transaction of its own: what was written stays, whatever is missing.
            saved = intake_service.complete_intake(principal=self.principal, case_id=case_id)
        return _answer(saved)


def _answer(intake: intake_service.IntakeDTO) -> HttpResponse:
    body: dict[str, Any] = asdict(intake)
    body["questionnaires"] = [
        {"code": code, "version": version, "sha256": sha256} for code, version, sha256 in intake.questionnaires
    ]
    return json_response(body, headers={"ETag": etag_for(intake.version)})
