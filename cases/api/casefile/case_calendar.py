"""A case's dates as a calendar file."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from cases.services import casefile
from config.kernel.api import ApiView, signed_in


class Dates(ApiView):
    """The days that matter."""

    policy = signed_in()

    @extend_schema(responses={(200, "text/calendar"): str}, summary="Read a case's dates as a calendar file")
    def get(self, request: Request, case_id: UUID) -> HttpResponse:
        """When the opinion is promised, and what is asked until when; nothing of what the case is about."""
        body = casefile.case_calendar(principal=self.principal, case_id=case_id)
        headers = {"Cache-Control": "private, no-store", "Content-Disposition": 'attachment; filename="dates.ics"'}
        return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)
