"""The checklist of a case."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.intake.serializers_intake import CaseChecklistOut, RecordDocumentIn, WaiveIn
from cases.services import documents, intake
from config.kernel.api import ApiView, json_response, signed_in


class Checklist(ApiView):
    """The records that a case needs."""

    policy = signed_in()

    @extend_schema(responses={200: CaseChecklistOut}, summary="Read the checklist of a case")
    def get(self, request: Request, case_id: UUID) -> HttpResponse:
        """Each record present, missing or waived, with why it matters; and the missing one that matters most."""
        return json_response(intake.get_checklist(principal=self.principal, case_id=case_id))


class ChecklistItem(ApiView):
    """One record of the checklist."""

    policy = signed_in()

    @extend_schema(request=RecordDocumentIn, responses={200: CaseChecklistOut}, summary="Name the document of a record")
    def put(self, request: Request, case_id: UUID, code: str) -> HttpResponse:
        """The document must be one of the case, read and accepted."""
        document_id = self.body(RecordDocumentIn)["document_id"]
        found = intake.name_document(principal=self.principal, case_id=case_id, code=code, document_id=document_id)
        return json_response(found)


class Waive(ApiView):
    """Going on without a record."""

    policy = signed_in()

    @extend_schema(request=WaiveIn, responses={204: None}, summary="Waive a missing record")
    def post(self, request: Request, case_id: UUID) -> Response:
        """With a reason that stays in the report."""
        documents.waive_item(principal=self.principal, case_id=case_id, **self.body(WaiveIn))
        return Response(status=204)
