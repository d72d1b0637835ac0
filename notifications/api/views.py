"""Notices, preferences and socket tickets."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import ApiView, CursorPage, HotView, json_response, signed_in, window
from config.kernel.api.dto_serializers import DTOSerializer
from config.kernel.api.pages import next_link
from config.kernel.errors import Forbidden
from notifications import services
from notifications.services import NoticeDTO


class NoticeOut(DTOSerializer[NoticeDTO]):
    """One notice."""


class NoticePageOut(serializers.Serializer[Any]):
    """One page of notices."""

    next = serializers.CharField(allow_null=True)
    unread = serializers.IntegerField()
    results = NoticeOut(many=True)


class TicketOut(serializers.Serializer[Any]):
    """A socket ticket."""

    ticket = serializers.CharField()
    expires_in = serializers.IntegerField()


class PreferenceBody(serializers.Serializer[Any]):
    """What the caller wants to get."""

    email = serializers.BooleanField()


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
            OpenApiParameter("limit", int),
            OpenApiParameter("cursor", str),
        ],
        summary="List my notices",
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        """Newest first, with the number of unread ones."""
        wanted = window(request)
        page = services.notice_page(
            user_id=_id(self),
            limit=wanted.limit,
            after=wanted.after,
            unread_only=request.GET.get("unread") == "true",
        )
        following = next_link(request, CursorPage(page.results, page.next_after))
        return json_response({"next": following, "unread": page.unread, "results": page.results})


class NoticeDetail(ApiView):
    """One notice."""

    policy = signed_in()

    @extend_schema(responses={200: NoticeOut}, summary="Read a notice")
    def get(self, request: Request, notice_id: UUID) -> HttpResponse:
        """The caller's own."""
        return json_response(services.get_notice(principal=self.principal, notice_id=notice_id))


class NoticeRead(ApiView):
    """Marking notices read."""

    policy = signed_in()

    @extend_schema(request=None, responses={200: ReadOut}, summary="Mark notices read")
    def post(self, request: Request, notice_id: UUID | None = None) -> Response:
        """One, or all."""
        return Response({"marked": services.mark_read(principal=self.principal, notice_id=notice_id)})


class Ticket(ApiView):
    """Opening a socket."""

    policy = signed_in()

    @extend_schema(request=None, responses={201: TicketOut}, summary="Get a ticket for the live socket")
    def post(self, request: Request) -> Response:
        """Offer it within 30 seconds as the WebSocket sub-protocol ``sop.ticket.<ticket>`` beside ``sop.v1``."""
        ticket = services.issue_socket_ticket(principal=self.principal)
        return Response({"ticket": ticket, "expires_in": 30}, status=201)


class Preferences(ApiView):
    """How the caller is told."""

    policy = signed_in()

    @extend_schema(responses={200: PreferenceBody}, summary="Read my notification preferences")
    def get(self, request: Request) -> Response:
        """Mails are on unless switched off."""
        return Response({"email": services.email_preference(user_id=_id(self))})

    @extend_schema(request=PreferenceBody, responses={200: PreferenceBody}, summary="Set my preferences")
    def put(self, request: Request) -> Response:
        """Security mails are always sent."""
        data = self.body(PreferenceBody)
        services.set_email_preference(user_id=_id(self), email=data["email"])
        return Response(data)


def _id(view: ApiView) -> UUID:
    user_id = view.principal.user_id
    if user_id is None:
        raise Forbidden("This address is for people.", code="role_forbidden")
    return user_id
