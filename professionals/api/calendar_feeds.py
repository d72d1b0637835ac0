"""The calendar feed: a secret address that calendar programs read."""

from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import ApiView, public, roles
from professionals import services
from professionals.api.serializers_calendar import FeedOut


class Feed(ApiView):
    """The address of the feed."""

    policy = roles("professional")

    @extend_schema(request=None, responses={201: FeedOut}, summary="Make the secret address of my calendar feed")
    def post(self, request: Request) -> Response:
        """The address before it stops working."""
        secret = services.new_feed(principal=self.principal)
        return Response({"path": f"/api/v1/calendars/{secret}.ics"}, status=201)


class FeedFile(ApiView):
    """The calendar file."""

    policy = public()

    @extend_schema(responses={(200, "text/calendar"): str}, summary="Read a calendar feed by its secret address")
    def get(self, request: HttpRequest, secret: str) -> HttpResponse:
        """It says away and booked, never of which case."""
        body = services.feed(secret=secret)
        return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers={"Cache-Control": "no-store"})
