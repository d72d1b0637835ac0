"""Messages and notes."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.opinion.serializers_opinion import (
    CaseMessageIn,
    CaseMessageOut,
    CaseMessagesOut,
    CaseNoteIn,
    CaseNoteOut,
)
from cases.services import opinion
from config.kernel.api import PAGED, ApiView, CursorPage, idempotent, json_response, signed_in, window
from config.kernel.api.pages import next_link


class Messages(ApiView):
    """Between patient and specialist."""

    policy = signed_in()

    @extend_schema(
        responses={200: CaseMessagesOut},
        parameters=list(PAGED),
        summary="Read the messages of a case",
    )
    def get(self, request: Request, case_id: UUID) -> HttpResponse:
        """Newest first; the other side's are read now, and ``unread`` says how many were not."""
        wanted = window(request._request)
        talk = opinion.read_messages(principal=self.principal, case_id=case_id, limit=wanted.limit, before=wanted.after)
        page = CursorPage(talk.messages, talk.next)
        following = next_link(request._request, page)
        return json_response({"unread": talk.unread, "next": following, "results": page.results})

    @extend_schema(request=CaseMessageIn, responses={201: CaseMessageOut}, summary="Write to the other side")
    @idempotent("cases")
    def post(self, request: Request, case_id: UUID) -> Response:
        """They are told once, until they have read."""
        sent = opinion.send_message(principal=self.principal, case_id=case_id, **self.body(CaseMessageIn))
        return Response(sent, status=201)


class Notes(ApiView):
    """Among those who work on the case."""

    policy = signed_in()

    @extend_schema(responses={200: CaseNoteOut(many=True)}, summary="Read the internal notes of a case")
    def get(self, request: Request, case_id: UUID) -> HttpResponse:
        """Newest first."""
        return json_response(opinion.list_notes(principal=self.principal, case_id=case_id))

    @extend_schema(request=CaseNoteIn, responses={201: CaseNoteOut}, summary="Keep an internal note")
    @idempotent("cases")
    def post(self, request: Request, case_id: UUID) -> Response:
        """The patient does not see it in the case."""
        kept = opinion.add_note(principal=self.principal, case_id=case_id, **self.body(CaseNoteIn))
        return Response(kept, status=201)
