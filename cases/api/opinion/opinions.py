"""Matching, offers, first read, opinion, questions."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.casefile.serializers import StateOut
from cases.api.opinion.serializers_opinion import (
    AcceptIn,
    ClarificationOut,
    FirstReadIn,
    MatchingOut,
    OfferIn,
    OfferOut,
    OpinionIn,
    OpinionOut,
    QuestionIn,
    ReplyIn,
    SubmitIn,
    WaiveIn,
)
from cases.services import assignment, documents, opinion
from config.kernel.api import ApiView, etag_for, expected_version, idempotent, json_response, signed_in
from config.kernel.errors import Invalid


class Candidates(ApiView):
    """Who could take the case."""

    policy = signed_in()

    @extend_schema(responses={200: MatchingOut}, summary="Find candidates, and why the others are not")
    def get(self, request: Request, case_id: UUID) -> HttpResponse:
        """Best first."""
        return json_response(assignment.candidates(principal=self.principal, case_id=case_id))


class Assign(ApiView):
    """Offering the case."""

    policy = signed_in()

    @extend_schema(request=OfferIn, responses={201: OfferOut}, summary="Offer a case to a specialist")
    @idempotent("cases")
    def post(self, request: Request, case_id: UUID) -> Response:
        """For 48 hours."""
        offer = assignment.offer_case(principal=self.principal, case_id=case_id, **self.body(OfferIn))
        return Response(offer, status=201)


class Accept(ApiView):
    """Taking an offered case."""

    policy = signed_in()

    @extend_schema(request=AcceptIn, responses={200: StateOut}, summary="Accept an offer")
    def post(self, request: Request, case_id: UUID) -> Response:
        """With the conflict-of-interest attestation; one winner."""
        attestation = self.body(AcceptIn)["coi_attestation"]
        state = assignment.accept_offer(principal=self.principal, case_id=case_id, coi_attestation=dict(attestation))
        return Response({"state": state})


class Decline(ApiView):
    """Turning an offer down."""

    policy = signed_in()

    @extend_schema(request=None, responses={204: None}, summary="Decline an offer")
    def post(self, request: Request, case_id: UUID) -> Response:
        """The coordinator offers it to somebody else."""
        assignment.decline_offer(principal=self.principal, case_id=case_id)
        return Response(status=204)


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

    @extend_schema(responses={200: OpinionOut}, summary="Read your draft")
    def get(self, request: Request, case_id: UUID) -> HttpResponse:
        """For its author only."""
        draft = opinion.get_draft(principal=self.principal, case_id=case_id)
        return json_response(draft, headers={"ETag": etag_for(draft.version)})

    @extend_schema(request=OpinionIn, responses={200: OpinionOut}, summary="Save your draft")
    def put(self, request: Request, case_id: UUID) -> Response:
        """Merges the named fields; If-Match keeps two windows apart."""
        draft = opinion.save_draft(
            principal=self.principal,
            case_id=case_id,
            content=self.body(OpinionIn),
            expected_version=expected_version(request._request),
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
        opinion.refuse_change(principal=self.principal, case_id=case_id)
        return Response(status=204)


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


class Waive(ApiView):
    """Going on without a record."""

    policy = signed_in()

    @extend_schema(request=WaiveIn, responses={204: None}, summary="Waive a missing record")
    def post(self, request: Request, case_id: UUID) -> Response:
        """With a reason that stays in the report."""
        documents.waive_item(principal=self.principal, case_id=case_id, **self.body(WaiveIn))
        return Response(status=204)
