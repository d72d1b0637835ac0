"""Cases: list, open, read, edit, move."""

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.casefile.case_filters import FILTERS, chosen_cases, next_key
from cases.api.casefile.serializers import (
    CaseOut,
    CasePageOut,
    HistoryOut,
    HoldIn,
    StateOut,
    StatusIn,
    StatusOut,
    TransitionOut,
)
from cases.api.intake.serializers_draft import DraftIn, NewCaseIn
from cases.services import casefile, intake, workflow
from config.kernel.api import (
    ETAG,
    IF_MATCH,
    PAGED,
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
from config.kernel.api.strict_bodies import TEXT
from config.kernel.auth import Principal


class CaseList(HotView):
    """The caller's cases."""

    policy = signed_in()
    policies = {"POST": roles("patient")}

    @extend_schema(
        responses={200: CasePageOut},
        parameters=[
            *FILTERS,
            OpenApiParameter(
                "search",
                {"type": "string", "pattern": TEXT},
                description="words that the case or its documents say, in any form",
            ),
            *PAGED,
        ],
        summary="List my cases",
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        """Newest first, or as ``sort`` says, in cursor pages."""
        wanted, words = window(request), request.GET.get("search", "").strip()
        chosen = chosen_cases(request, wanted)
        if words:
            rows, after = casefile.search_cases(
                principal=self.principal, words=words, limit=wanted.limit, after=wanted.after, chosen=chosen
            )
        else:
            rows, after = casefile.list_cases(
                principal=self.principal, limit=wanted.limit, after=wanted.after, chosen=chosen
            )
        return page_response(request, CursorPage(rows, after, next_key(rows, chosen)))

    @extend_schema(request=NewCaseIn, responses={201: CaseOut}, parameters=[ETAG], summary="Open a case")
    @idempotent("cases")
    def post(self, request: Request) -> HttpResponse:
        """A draft; it is sent in by PATCH …/status."""
        case_id = intake.open_case(principal=self.principal, fields=self.body(NewCaseIn))
        return _page(self.principal, case_id, status=201, headers={"Location": f"/api/v1/cases/{case_id}"})


class CaseDetail(HotView):
    """One case."""

    policy = signed_in()
    policies = {"GET": signed_in(keys=True)}

    @extend_schema(responses={200: CaseOut}, parameters=[ETAG], summary="Read a case")
    def get(self, request: HttpRequest, case_id: UUID) -> HttpResponse:
        """Each reading is recorded; staff see status and dates."""
        return _page(self.principal, case_id)

    @extend_schema(request=DraftIn, responses={200: CaseOut}, parameters=[IF_MATCH, ETAG], summary="Edit a draft")
    def put(self, request: Request, case_id: UUID) -> HttpResponse:
        """Only the named fields change; the title stays unless it is named."""
        intake.update_draft(
            principal=self.principal,
            case_id=case_id,
            fields=self.body(DraftIn),
            expected_version=expected_version(request._request),
        )
        return _page(self.principal, case_id)


class CaseStatus(ApiView):
    """Moving a case."""

    policy = signed_in()

    @extend_schema(
        request=StatusIn,
        responses={200: StatusOut},
        parameters=[IF_MATCH, ETAG],
        summary="Move a case to another state",
    )
    def patch(self, request: Request, case_id: UUID) -> HttpResponse:
        """A target state or a transition's id; the answer lists what the caller may do next."""
        data = self.body(StatusIn)
        taken = workflow.move(
            principal=self.principal,
            case_id=case_id,
            to=data["to"],
            expected_version=expected_version(request._request),
            reason=data["reason"],
            data=data["data"],
        )
        return json_response({"id": case_id, **vars(taken)}, headers={"ETag": etag_for(taken.version)})


class CaseTransitions(ApiView):
    """What the caller may do next."""

    policy = signed_in()
    policies = {"GET": signed_in(keys=True)}

    @extend_schema(responses={200: TransitionOut(many=True)}, summary="List the steps I may take")
    def get(self, request: Request, case_id: UUID) -> Response:
        """Each with the guard that still stands against it."""
        found = workflow.transitions_for(principal=self.principal, case_id=case_id)
        return Response(found)


class CaseHistory(ApiView):
    """What happened to a case."""

    policy = signed_in()
    policies = {"GET": signed_in(keys=True)}

    @extend_schema(responses={200: HistoryOut(many=True)}, summary="Read the history of a case")
    def get(self, request: Request, case_id: UUID) -> Response:
        """Oldest first."""
        return Response(workflow.history(principal=self.principal, case_id=case_id))


class CaseHold(ApiView):
    """Hold and resume."""

    policy = signed_in()

    @extend_schema(request=HoldIn, responses={200: StateOut}, summary="Put a case on hold")
    def post(self, request: Request, case_id: UUID) -> Response:
        """Stops the clock and blocks the steps."""
        workflow.hold_case(principal=self.principal, case_id=case_id, **self.body(HoldIn))
        return Response({"state": "on_hold"})

    @extend_schema(responses={200: StateOut}, summary="Let a held case go on")
    def delete(self, request: Request, case_id: UUID) -> Response:
        """The clock runs again where the state says so."""
        workflow.resume_case(principal=self.principal, case_id=case_id)
        return Response({"state": "resumed"})


def _page(
    principal: Principal, case_id: UUID, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    page = casefile.case_page(principal=principal, case_id=case_id)
    return json_response(page, status=status, headers={"ETag": etag_for(page["version"]), **(headers or {})})
