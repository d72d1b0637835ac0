"""Record requests, and the one address that their links open."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.records.serializers_records import RecordRequestIn, RecordRequestOut, RecordUploadIn, TakenOut
from cases.services import records
from config.kernel.api import ApiView, idempotent, json_response, public, signed_in
from config.kernel.api.uploads import require_fitting_form, uploaded_file
from config.kernel.auth import Principal
from config.kernel.limits import per_account, per_network

TOKEN = OpenApiParameter("Upload-Token", str, OpenApiParameter.HEADER, required=True)


class RecordRequests(ApiView):
    """What was asked of whom."""

    policy = signed_in()
    limits = (per_account("record-requests", 60, hours=1),)

    @extend_schema(responses={200: RecordRequestOut(many=True)}, summary="List the record requests of a case")
    def get(self, request: Request, case_id: UUID) -> HttpResponse:
        """Newest first."""
        found = records.list_record_requests(principal=self.principal, case_id=case_id)
        return json_response(found)

    @extend_schema(request=RecordRequestIn, responses={201: RecordRequestOut}, summary="Ask for missing records")
    @idempotent("cases")
    def post(self, request: Request, case_id: UUID) -> HttpResponse:
        """A mail with a link goes out, without a word about the patient; reminders follow."""
        data = self.body(RecordRequestIn)
        made = records.request_records(
            principal=self.principal,
            case_id=case_id,
            items=data["items"],
            recipient=data.get("recipient"),
            days=data["days"],
        )
        return json_response(made, status=201)


class RecordRequestDetail(ApiView):
    """One request."""

    policy = signed_in()

    @extend_schema(responses={204: None}, summary="Cancel a record request")
    def delete(self, request: Request, case_id: UUID, request_id: UUID) -> Response:
        """Its links take nothing more."""
        records.cancel_record_request(principal=self.principal, case_id=case_id, request_id=request_id)
        return Response(status=204)


class RecordUploads(ApiView):
    """Files from a clinician or a facility that was asked for them."""

    policy = public()
    limits = (per_network("record-uploads", 200, hours=1),)
    # The form is read by ``uploaded_file``, which counts while it comes.
    parser_classes = ()

    def admit(self, request: HttpRequest, principal: Principal, beginning: bytes, **kwargs: Any) -> None:
        """A form that fits, by who holds a link's token."""
        require_fitting_form(request)
        records.may_send_records(token=_token(request))

    @extend_schema(
        parameters=[TOKEN],
        request={"multipart/form-data": RecordUploadIn},
        responses={201: TakenOut},
        summary="Send a record that was asked for",
    )
    def post(self, request: Request) -> HttpResponse:
        """By the token of a mailed link. It tells the size and hash of what came, and nothing of the case."""
        token = _token(request)
        records.may_send_records(token=token)
        file, _ = uploaded_file(request._request, RecordUploadIn)
        taken = records.receive_record(
            token=token,
            name=file.name or "",
            declared_type=file.content_type or "",
            source=Path(file.temporary_file_path()),
        )
        return json_response(taken, status=201)


def _token(request: Request | HttpRequest) -> str:
    return request.headers.get("Upload-Token", "")[:100]
