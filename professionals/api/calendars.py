"""The caller's calendar."""

from dataclasses import asdict
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import ApiView, json_response, roles
from professionals import services
from professionals.api.serializers_calendar import CalendarOut, EntryIn, EntryOut


class Calendar(ApiView):
    """What is taken, and when one is free."""

    policy = roles("professional")

    @extend_schema(responses={200: CalendarOut}, summary="Read my calendar of the next four weeks")
    def get(self, request: Request) -> HttpResponse:
        """The owner is the caller."""
        taken, free = services.calendar(principal=self.principal)
        return json_response({"taken": taken, "free": [asdict(one) for one in free]})

    @extend_schema(request=EntryIn, responses={201: EntryOut}, summary="Be away or booked")
    def post(self, request: Request) -> Response:
        """While one is away no offers come; two entries never overlap."""
        made = services.take_time(principal=self.principal, **self.body(EntryIn))
        return Response(made, status=201)


class CalendarEntryDetail(ApiView):
    """One entry."""

    policy = roles("professional")

    @extend_schema(responses={204: None}, summary="Take an entry out of my calendar")
    def delete(self, request: Request, entry_id: UUID) -> Response:
        """Only one's own."""
        services.free_time(principal=self.principal, entry_id=entry_id)
        return Response(status=204)
