"""The FHIR R4 read API. Errors are problem documents as everywhere, which are OperationOutcomes as well."""

from typing import Any
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse, QueryDict
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from cases.services import fhir
from config.kernel.api import ApiView, json_response, public, signed_in
from config.kernel.api.declarations import MAX_NUMBER, Declaration
from config.kernel.api.pages import CURSOR, MAX_LIMIT, CursorPage, next_link, window
from config.kernel.conf import setting

FHIR_JSON = "application/fhir+json"
_RESOURCE = {(200, FHIR_JSON): OpenApiTypes.OBJECT}
_COUNT = OpenApiParameter(
    "_count",
    {"type": "integer", "minimum": 1, "maximum": MAX_NUMBER, "default": 25},
    description="resources (cases, for $everything) on a page; of more than 100, a page has 100, as FHIR allows",
)
_REFERENCE = "^({kind}/)?[0-9a-fA-F]{{8}}(-[0-9a-fA-F]{{4}}){{3}}-[0-9a-fA-F]{{12}}$"
_PATIENT = OpenApiParameter(
    "patient",
    {"type": "string", "pattern": _REFERENCE.format(kind="Patient")},
    description="Patient/<id>, or the id alone",
)
_CASE = OpenApiParameter(
    "case",
    {"type": "string", "pattern": _REFERENCE.format(kind="ServiceRequest")},
    description="ServiceRequest/<id>, or the id alone",
)
_ID = OpenApiParameter("_id", OpenApiTypes.UUID, description="the id of a patient")
# The issue codes of FHIR for our statuses.
_ISSUES = {400: "invalid", 401: "login", 403: "forbidden", 404: "not-found", 409: "conflict", 423: "lock-error"}


class FhirView(ApiView):
    """The base of them all."""

    policy = signed_in(keys=True)

    def require_query(self, given: QueryDict, declared: Declaration) -> None:
        """What is not known is passed over where the client asks for that (R4, 3.1.1.1), and only there.

        A search that leaves out who it was about finds other people's records.
        """
        known = given
        if "handling=lenient" in self.request.headers.get("Prefer", "").replace(" ", ""):
            known = QueryDict(mutable=True)
            for name in declared.query:
                known.setlist(name, given.getlist(name)) if name in given else None
            self.request._request.GET = known  # type: ignore[assignment]  # the self and next links tell what was searched by
        super().require_query(known, declared)

    def handle_exception(self, exc: Exception) -> Any:
        """The problem document, to which FHIR's own members are added."""
        answer = super().handle_exception(exc)
        if isinstance(answer, HttpResponse) and answer.get("Content-Type", "").startswith("application/problem+json"):
            told = orjson.loads(answer.content)
            code = _ISSUES.get(answer.status_code, "processing")
            issue = {"severity": "error", "code": code, "diagnostics": told.get("detail", told.get("title", ""))}
            answer.content = orjson.dumps(told | {"resourceType": "OperationOutcome", "issue": [issue]})
        return answer


class Capability(FhirView):
    """What there is."""

    policy = public()

    @extend_schema(responses=_RESOURCE, summary="Read the FHIR CapabilityStatement", auth=[])
    def get(self, request: Request) -> HttpResponse:
        """For anybody; it holds nothing of anybody."""
        return _answer(fhir.capability_statement(address=f"{str(setting('PUBLIC_URL')).rstrip('/')}/api/v1/fhir"))


class ResourceDetail(FhirView):
    """One resource."""

    @extend_schema(responses=_RESOURCE, summary="Read a FHIR resource")
    def get(self, request: Request, kind: str, resource_id: UUID) -> HttpResponse:
        """Of R4; the CapabilityStatement lists the types that are read by id."""
        return _answer(fhir.read(principal=self.principal, kind=kind, resource_id=resource_id))


class Search(FhirView):
    """Resources of one type."""

    @extend_schema(
        parameters=[_PATIENT, _CASE, _ID, _COUNT, CURSOR], responses=_RESOURCE, summary="Search FHIR resources"
    )
    def get(self, request: Request, kind: str) -> HttpResponse:
        """A searchset Bundle; the CapabilityStatement names the parameter of each type."""
        found, after = fhir.find(principal=self.principal, kind=kind, wish=_wish(request._request))
        return _page(request._request, found, after)


class Everything(FhirView):
    """All of one patient."""

    @extend_schema(parameters=[_COUNT, CURSOR], responses=_RESOURCE, summary="Read everything of a patient as FHIR")
    def get(self, request: Request, patient_id: UUID) -> HttpResponse:
        """A searchset Bundle of what the caller may read of the patient, a page of cases at a time."""
        wish = _wish(request._request, patient_id)
        found, after = fhir.everything(principal=self.principal, wish=wish)
        return _page(request._request, found, after)


class SignedDocument(FhirView):
    """The signed document."""

    @extend_schema(responses=_RESOURCE, summary="Read a report's signed FHIR document")
    def get(self, request: Request, report_id: UUID) -> HttpResponse:
        """The document Bundle as it was delivered, with its proof."""
        return _answer(fhir.document_bundle(principal=self.principal, report_id=report_id))


def _wish(request: HttpRequest, patient_id: UUID | None = None) -> fhir.Wish:
    asked = window(request)
    return fhir.Wish(
        patient_id=patient_id or _id(request, "patient") or _id(request, "_id"),
        case_id=_id(request, "case"),
        count=min(int(request.GET.get("_count") or asked.limit), MAX_LIMIT),
        after=asked.after,
    )


def _id(request: HttpRequest, name: str) -> UUID | None:
    text = request.GET.get(name)
    return UUID(text.rpartition("/")[2]) if text else None


def _page(request: HttpRequest, found: list[fhir.Resource], after: UUID | None) -> HttpResponse:
    asked = request.GET.urlencode()
    links = {"self": f"{request.path}?{asked}" if asked else request.path}
    more = next_link(request, CursorPage(found, after))
    return _answer(fhir.bundle(found, links=links | ({"next": more} if more else {})))


def _answer(resource: fhir.Resource) -> HttpResponse:
    response = json_response(resource)
    response["Content-Type"] = FHIR_JSON
    return response
