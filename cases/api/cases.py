"""Cases: list, open, read, edit, move."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases import services
from cases.api.serializers import (
    CaseOut,
    CasePageOut,
    DraftIn,
    HistoryOut,
    HoldIn,
    NewCaseIn,
    StateOut,
    StatusIn,
    TransitionOut,
)
from cases.domain.states import State
from config.kernel.api import (
    ApiView,
    CursorPage,
    HotView,
    etag_for,
    expected_version,
    idempotent,
    json_response,
    page_response,
    roles,
    signed_in,
    window,
)
from config.kernel.errors import FieldError, Invalid

STEERING = ("coordinator", "medical_director")


class CaseList(HotView):
    """The caller's cases."""

    policy = signed_in()
    policies = {"POST": roles("patient")}

    @extend_schema(
        responses={200: CasePageOut},
        parameters=[
            OpenApiParameter("state", str, enum=[str(s) for s in State]),
            OpenApiParameter("limit", int),
            OpenApiParameter("cursor", str),
        ],
        summary="List my cases",
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        """Newest first, in cursor pages."""
        state = request.GET.get("state")
        if state is not None and state not in State.__members__:
            detail = "state must be one of the case states."
            raise Invalid(detail, errors=[FieldError("?state", "invalid", detail)])
        wanted = window(request)
        rows, after = services.list_cases(
            principal=self.principal, limit=wanted.limit, after=wanted.after, state=state
        )
        return page_response(request, CursorPage(rows, after))

    @extend_schema(request=NewCaseIn, responses={201: CaseOut}, summary="Open a case")
    @idempotent("cases")
    def post(self, request: Request) -> Response:
        """A draft; it is sent in by PATCH …/status."""
        case_id = services.open_case(principal=self.principal, fields=self.body(NewCaseIn))
        case = services.get_case(principal=self.principal, case_id=case_id)
        headers = {"Location": f"/api/v1/cases/{case_id}", "ETag": etag_for(case.version)}
        return Response(case_body(case), status=201, headers=headers)


class CaseDetail(HotView):
    """One case."""

    policy = signed_in()

    @extend_schema(responses={200: CaseOut}, summary="Read a case")
    def get(self, request: HttpRequest, case_id: UUID) -> HttpResponse:
        """Each reading is recorded; staff see status and dates."""
        case = services.get_case(principal=self.principal, case_id=case_id)
        return json_response(case_body(case), headers={"ETag": etag_for(case.version)})

    @extend_schema(request=DraftIn, responses={200: CaseOut}, summary="Edit a draft")
    def put(self, request: Request, case_id: UUID) -> Response:
        """Only the named fields change; the title stays unless it is named."""
        services.update_draft(
            principal=self.principal,
            case_id=case_id,
            fields=self.body(DraftIn),
            expected_version=expected_version(request._request),
        )
        case = services.get_case(principal=self.principal, case_id=case_id)
        return Response(case_body(case), headers={"ETag": etag_for(case.version)})


class CaseStatus(ApiView):
    """Moving a case."""

    policy = signed_in()

    @extend_schema(request=StatusIn, responses={200: CaseOut}, summary="Move a case to another state")
    def patch(self, request: Request, case_id: UUID) -> Response:
        """A target state or a transition's id; the answer lists what the caller may do next."""
        data = self.body(StatusIn)
        services.move(
            principal=self.principal,
            case_id=case_id,
            to=data["to"],
            expected_version=expected_version(request._request),
            reason=data["reason"],
            data=data["data"],
        )
        case = services.get_case(principal=self.principal, case_id=case_id)
        following = services.transitions_for(principal=self.principal, case_id=case_id)
        body = case_body(case) | {"transitions": [asdict(t) for t in following]}
        return Response(body, headers={"ETag": etag_for(case.version)})


class CaseTransitions(ApiView):
    """What the caller may do next."""

    policy = signed_in()

    @extend_schema(responses={200: TransitionOut(many=True)}, summary="List the steps I may take")
    def get(self, request: Request, case_id: UUID) -> Response:
        """Each with the guard that still stands against it."""
        found = services.transitions_for(principal=self.principal, case_id=case_id)
        return Response([asdict(t) for t in found])


class CaseHistory(ApiView):
    """What happened to a case."""

    policy = signed_in()

    @extend_schema(responses={200: HistoryOut(many=True)}, summary="Read the history of a case")
    def get(self, request: Request, case_id: UUID) -> Response:
        """Oldest first."""
        return Response([asdict(h) for h in services.history(principal=self.principal, case_id=case_id)])


class CaseHold(ApiView):
    """Hold and resume."""

    policy = roles(*STEERING)

    @extend_schema(request=HoldIn, responses={200: StateOut}, summary="Put a case on hold")
    def post(self, request: Request, case_id: UUID) -> Response:
        """Stops the clock and blocks the steps."""
        services.hold_case(principal=self.principal, case_id=case_id, **self.body(HoldIn))
        return Response({"state": "on_hold"})

    @extend_schema(responses={200: StateOut}, summary="Let a held case go on")
    def delete(self, request: Request, case_id: UUID) -> Response:
        """The clock runs again where the state says so."""
        services.resume_case(principal=self.principal, case_id=case_id)
        return Response({"state": "resumed"})


def case_body(case: services.CaseDTO) -> dict[str, Any]:
    """A case as the API shows it."""
    body = asdict(case)
    return body | {"questions": [{"number": n, "text": t} for n, t in case.questions]}
