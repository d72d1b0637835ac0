"""Emergency access and its review."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases.services import casefile
from cases.services.casefile import BreakGlassDTO
from config.kernel.api import PAGED, ApiView, CursorPage, json_response, roles, signed_in, window
from config.kernel.api.dto_serializers import DTOSerializer
from config.kernel.api.pages import next_link
from config.kernel.api.strict_bodies import VISIBLE, StrictSerializer


class BreakGlassIn(StrictSerializer):
    """Why."""

    shapes = {"reason": {"pattern": f"^{VISIBLE}[^\\u0000]{{13,998}}{VISIBLE}$"}}
    reason = serializers.CharField(max_length=1000)


class ReviewIn(StrictSerializer):
    """What the review found."""

    justified = serializers.BooleanField()
    remarks = serializers.CharField(max_length=2000, allow_blank=True, default="")


class BreakGlassOut(DTOSerializer[BreakGlassDTO]):
    """One use."""


class BreakGlassPageOut(serializers.Serializer[Any]):
    """One page of uses."""

    next = serializers.CharField(allow_null=True)
    results = BreakGlassOut(many=True)


class BreakGlass(ApiView):
    """Opening a patient's records in an emergency."""

    policy = signed_in()

    @extend_schema(request=BreakGlassIn, responses={201: BreakGlassOut}, summary="Open records in an emergency")
    def post(self, request: Request, case_id: UUID) -> Response:
        """For sixty minutes; the patient and the privacy officer are told, and the use is reviewed."""
        use = casefile.break_glass(principal=self.principal, case_id=case_id, **self.body(BreakGlassIn))
        return Response(use, status=201)


class BreakGlassList(ApiView):
    """The uses."""

    policy = roles("privacy_officer", "administrator")

    @extend_schema(
        responses={200: BreakGlassPageOut},
        parameters=[
            OpenApiParameter("state", str, enum=("open",), description="those that wait for their review"),
            *PAGED,
        ],
        summary="List uses of emergency access",
    )
    def get(self, request: Request) -> HttpResponse:
        """Newest first."""
        wanted = window(request._request)
        found = casefile.list_break_glass(
            principal=self.principal,
            open_only=request.GET.get("state") == "open",
            limit=wanted.limit + 1,
            after=wanted.after,
        )
        shown = found[: wanted.limit]
        page = CursorPage(shown, shown[-1].id if len(found) > wanted.limit else None)
        return json_response({"next": next_link(request._request, page), "results": page.results})


class BreakGlassReview(ApiView):
    """The review of a use."""

    policy = roles("privacy_officer", "administrator")

    @extend_schema(request=ReviewIn, responses={200: BreakGlassOut}, summary="Review a use of emergency access")
    def post(self, request: Request, use_id: UUID) -> Response:
        """Never by the person who used it."""
        reviewed = casefile.review_break_glass(principal=self.principal, use_id=use_id, **self.body(ReviewIn))
        return Response(reviewed)
