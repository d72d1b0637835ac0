"""First read, draft and opinion."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.casefile.serializers import StateOut
from cases.api.opinion.serializers_opinion import FirstReadIn, OpinionIn, OpinionOut, SubmitIn
from cases.services import opinion
from config.kernel.api import ETAG, IF_MATCH, ApiView, etag_for, expected_version, json_response, signed_in
from config.kernel.errors import Invalid


class FirstRead(ApiView):
    """The sealed first read."""

    policy = signed_in()

    @extend_schema(request=FirstReadIn, responses={201: StateOut}, summary="Seal your first read")
    def post(self, request: Request, case_id: UUID) -> Response:
        """Once, before machine output is shown."""
        opinion.seal_first_read(principal=self.principal, case_id=case_id, **self.body(FirstReadIn))
        return Response({"state": "sealed"}, status=201)


class OpinionDraft(ApiView):
    """The draft of the opinion."""

    policy = signed_in()
    policies = {"GET": signed_in(keys=True)}

    @extend_schema(responses={200: OpinionOut}, parameters=[ETAG], summary="Read your draft")
    def get(self, request: Request, case_id: UUID) -> HttpResponse:
        """For its author only."""
        draft = opinion.get_draft(principal=self.principal, case_id=case_id)
        return json_response(draft, headers={"ETag": etag_for(draft.version)})

    @extend_schema(
        request=OpinionIn, responses={200: OpinionOut}, parameters=[IF_MATCH, ETAG], summary="Save your draft"
    )
    def put(self, request: Request, case_id: UUID) -> Response:
        """Merges the named fields. Before there is a draft, ``If-Match: "1"`` begins it: of two windows, one does.

        ``If-Match: *`` is for a draft that there is (RFC 9110, 13.1.1), and begins none.
        """
        version = expected_version(request._request)
        draft = opinion.save_draft(
            principal=self.principal,
            case_id=case_id,
            content=self.body(OpinionIn),
            expected_version=version,
            begins=version is not None,
        )
        return Response(draft, headers={"ETag": etag_for(draft.version)})


class Opinion(ApiView):
    """The opinion."""

    policy = signed_in()
    policies = {"GET": signed_in(keys=True)}

    @extend_schema(responses={200: OpinionOut}, summary="Read the signed opinion")
    def get(self, request: Request, case_id: UUID) -> HttpResponse:
        """For the patient once it was delivered."""
        return json_response(opinion.get_opinion(principal=self.principal, case_id=case_id))

    @extend_schema(request=SubmitIn, responses={200: OpinionOut}, summary="Finish or sign the opinion")
    def post(self, request: Request, case_id: UUID) -> Response:
        """``submit`` freezes the draft, ``sign`` signs what was approved (with its content hash)."""
        data = self.body(SubmitIn)
        if data["action"] == "submit":
            return Response(opinion.submit_opinion(principal=self.principal, case_id=case_id))
        if "content_hash" not in data:
            raise Invalid("Send the content_hash of the version that you read.", code="content_hash_missing")
        signed = opinion.sign_opinion(principal=self.principal, case_id=case_id, content_hash=data["content_hash"])
        return Response(signed)

    @extend_schema(request=OpinionIn, responses={409: None}, summary="Change a signed opinion (never)")
    def put(self, request: Request, case_id: UUID) -> Response:
        """Signed bytes never change; a correction is a new version."""
        self.body(OpinionIn)
        opinion.refuse_change(principal=self.principal, case_id=case_id)
        return Response(status=204)
