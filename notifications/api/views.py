"""Notices and socket tickets."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import PAGED, ApiView, CursorPage, HotView, json_response, signed_in, window
from config.kernel.api.dto_serializers import DTOSerializer
from config.kernel.api.pages import next_link
from notifications import services
from notifications.api.languages import asked_language
from notifications.api.principal import person_id
from notifications.domain.categories import Category
from notifications.services import NoticeDTO


class NoticeOut(DTOSerializer[NoticeDTO]):
    """One notice."""

    category = serializers.ChoiceField([category.value for category in Category])


class NoticePageOut(serializers.Serializer[Any]):
    """One page of notices."""

    next = serializers.CharField(allow_null=True)
    unread = serializers.IntegerField()
    results = NoticeOut(many=True)


class TicketOut(serializers.Serializer[Any]):
    """A socket ticket."""

    ticket = serializers.CharField()
    expires_in = serializers.IntegerField()


class ReadOut(serializers.Serializer[Any]):
    """How many notices were marked."""

    marked = serializers.IntegerField()


class NoticeList(HotView):
    """The caller's notices."""

    policy = signed_in()

    @extend_schema(
        responses={200: NoticePageOut},
        parameters=[
            OpenApiParameter("unread", bool),
            *PAGED,
        ],
        summary="List my notices",
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        """Newest first, with the number of unread ones."""
        wanted = window(request)
        page = services.notice_page(
            user_id=person_id(self.principal),
            limit=wanted.limit,
            after=wanted.after,
            unread_only=request.GET.get("unread") == "true",
            language=asked_language(request),
        )
        following = next_link(request, CursorPage(page.results, page.next_after))
        return json_response({"next": following, "unread": page.unread, "results": page.results})


class NoticeDetail(ApiView):
    """One notice."""

    policy = signed_in()

    @extend_schema(responses={200: NoticeOut}, summary="Read a notice")
    def get(self, request: Request, notice_id: UUID) -> HttpResponse:
        """The caller's own."""
        language = asked_language(request)
        return json_response(services.get_notice(principal=self.principal, notice_id=notice_id, language=language))


class NoticeRead(ApiView):
    """Marking notices read."""

    policy = signed_in()

    @extend_schema(request=None, responses={200: ReadOut}, summary="Mark notices read")
    def post(self, request: Request, notice_id: UUID | None = None) -> Response:
        """One, or all."""
        self.no_body()
        return Response({"marked": services.mark_read(principal=self.principal, notice_id=notice_id)})


class Ticket(ApiView):
    """Opening a socket."""

    policy = signed_in()

    @extend_schema(request=None, responses={201: TicketOut}, summary="Get a ticket for the live socket")
    def post(self, request: Request) -> Response:
        """Offer it within 30 seconds as the WebSocket sub-protocol ``sop.ticket.<ticket>`` beside ``sop.v1``."""
        self.no_body()
        ticket = services.issue_socket_ticket(principal=self.principal)
        return Response({"ticket": ticket, "expires_in": 30}, status=201)
