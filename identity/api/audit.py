"""The access ledger and the audit log."""

from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from config.kernel.api import LIMIT, ApiView, json_response, signed_in
from config.kernel.api.dto_serializers import DTOSerializer
from config.kernel.api.pages import DEFAULT_LIMIT
from config.kernel.audit.audit_reads import mark_of
from identity import services
from identity.services import ConsentBasis, LedgerEntry

_PARAMETERS = [
    OpenApiParameter("patient", OpenApiTypes.UUID, description="Whose data; left out: everybody's, for overseers"),
    OpenApiParameter(
        "cursor",
        {"type": "string", "pattern": "^[A-Za-z0-9_-]{32}$"},
        description="Of an earlier answer's next link, with the same patient.",
    ),
    LIMIT,
]


class ConsentBasisOut(DTOSerializer[ConsentBasis]):
    """The consent that an access rested on."""


class LedgerEntryOut(DTOSerializer[LedgerEntry]):
    """One recorded act."""

    consent = ConsentBasisOut(allow_null=True)


class LedgerOut(serializers.Serializer[Any]):
    """One page of recorded acts."""

    next = serializers.CharField(allow_null=True)
    results = LedgerEntryOut(many=True)


class Ledger(ApiView):
    """Who saw whose data."""

    policy = signed_in()

    @extend_schema(parameters=_PARAMETERS, responses={200: LedgerOut}, summary="See who read my data")
    def get(self, request: Request) -> HttpResponse:
        """Newest first; looking is recorded too."""
        asked = _asked(request._request)
        page = services.access_ledger(principal=self.principal, **asked)
        following = None
        if page.next_cursor:
            following = f"{request.path}?{urlencode({**request.GET.dict(), 'cursor': page.next_cursor})}"
        return json_response({"next": following, "results": [asdict(entry) for entry in page.entries]})


class LedgerFhir(ApiView):
    """The same as FHIR."""

    policy = signed_in()

    @extend_schema(
        parameters=_PARAMETERS,
        responses={(200, "application/fhir+json"): OpenApiTypes.OBJECT},
        summary="Export audit rows as FHIR AuditEvents",
    )
    def get(self, request: Request) -> HttpResponse:
        """A Bundle (R4, searchset), newest first."""
        bundle = services.audit_events(principal=self.principal, **_asked(request._request))
        response = json_response(dict(bundle))
        response["Content-Type"] = "application/fhir+json"
        return response


def _asked(request: HttpRequest) -> dict[str, Any]:
    given = request.GET
    return {
        "patient_id": UUID(given["patient"]) if "patient" in given else None,
        "after": mark_of(given["cursor"]) if given.get("cursor") else None,
        "limit": int(given.get("limit") or DEFAULT_LIMIT),
    }
