"""Temporary submissions: before registration, by a secret in a header."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.intake.serializers_submissions import (
    ClaimedOut,
    OpenedSubmissionOut,
    SubmissionFileOut,
    SubmissionIn,
    SubmissionOut,
    SubmissionUploadIn,
)
from cases.services import intake
from config.kernel.api import ETAG, IF_MATCH, ApiView, etag_for, expected_version, json_response, public, roles
from config.kernel.api.uploads import require_fitting_form, uploaded_file
from config.kernel.auth import Principal
from config.kernel.limits import per_network

SECRET = OpenApiParameter("Submission-Secret", str, OpenApiParameter.HEADER, required=True)
# One limit for all that goes by the secret: whoever guesses is stopped long before whoever fills a form in.
BY_SECRET = per_network("submission", 600, hours=1)


class Submissions(ApiView):
    """Beginning."""

    policy = public()
    limits = (per_network("submission-open", 30, hours=1),)

    @extend_schema(request=None, responses={201: OpenedSubmissionOut}, summary="Begin a submission without an account")
    def post(self, request: Request) -> HttpResponse:
        """Lives for 72 hours; the secret is told this once."""
        opened = intake.open_submission()
        headers = {"Location": f"/api/v1/submissions/{opened.id}"}
        return json_response(opened, status=201, headers=headers)


class SubmissionDetail(ApiView):
    """What was prepared."""

    policy = public()
    limits = (BY_SECRET,)

    @extend_schema(parameters=[SECRET, ETAG], responses={200: SubmissionOut}, summary="Read a submission")
    def get(self, request: Request, submission_id: UUID) -> HttpResponse:
        """For who holds the secret."""
        found = intake.get_submission(submission_id=submission_id, secret=_secret(request))
        return json_response(found, headers={"ETag": etag_for(found.version)})

    @extend_schema(
        parameters=[SECRET, IF_MATCH, ETAG],
        request=SubmissionIn,
        responses={200: SubmissionOut},
        summary="Add to a submission",
    )
    def patch(self, request: Request, submission_id: UUID) -> HttpResponse:
        """The named fields and answers are kept beside the others. Show the text of each red flag at once."""
        data = self.body(SubmissionIn)
        answers = data.pop("answers")
        found = intake.update_submission(
            submission_id=submission_id,
            secret=_secret(request),
            fields=data,
            answers=answers,
            expected_version=expected_version(request._request),
        )
        return json_response(found, headers={"ETag": etag_for(found.version)})


class SubmissionDocuments(ApiView):
    """Files of a submission."""

    policy = public()
    limits = (BY_SECRET, per_network("submission-upload", 60, hours=1))
    # The form is read by ``uploaded_file``, which counts while it comes.
    parser_classes = ()

    def admit(self, request: HttpRequest, principal: Principal, beginning: bytes, **kwargs: Any) -> None:
        """A form that fits, by who holds the secret."""
        require_fitting_form(request)
        intake.get_submission(submission_id=kwargs["submission_id"], secret=_secret(request))

    @extend_schema(
        parameters=[SECRET],
        request={"multipart/form-data": SubmissionUploadIn},
        responses={201: SubmissionFileOut},
        summary="Upload a file to a submission",
    )
    def post(self, request: Request, submission_id: UUID) -> HttpResponse:
        """Inspected and quarantined at once; read once it belongs to a case."""
        secret = _secret(request)
        intake.get_submission(submission_id=submission_id, secret=secret)
        file, _ = uploaded_file(request._request, SubmissionUploadIn)
        kept = intake.add_submission_file(
            submission_id=submission_id,
            secret=secret,
            name=file.name or "",
            declared_type=file.content_type or "",
            source=Path(file.temporary_file_path()),
        )
        return json_response(kept, status=201)


class SubmissionClaim(ApiView):
    """A submission becomes a case."""

    policy = roles("patient")
    limits = (BY_SECRET,)

    @extend_schema(parameters=[SECRET], request=None, responses={201: ClaimedOut}, summary="Claim a submission")
    def post(self, request: Request, submission_id: UUID) -> Response:
        """Once: it is a draft case from then on, and its files follow."""
        case_id = intake.claim_submission(
            principal=self.principal, submission_id=submission_id, secret=_secret(request)
        )
        return Response({"case_id": case_id}, status=201, headers={"Location": f"/api/v1/cases/{case_id}"})


def _secret(request: Request | HttpRequest) -> str:
    return request.headers.get("Submission-Secret", "")[:100]
