"""QIDO-RS: searching a case's studies, series and instances."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from cases.api.documents.imaging.dicom_schemas import DICOM_OBJECT, DICOM_OBJECTS
from cases.api.documents.imaging.dicomweb import JSON, DicomView, dicom_json, left_out
from cases.api.documents.imaging.stow import stored
from cases.domain.documents.imaging import qido
from cases.services import documents
from config.kernel.api.representations import BYTES
from config.kernel.auth import Principal
from config.kernel.errors import FieldError, Invalid

_MAX_RESULTS = 2000
_ASKED = [OpenApiParameter(name, str, description="matching attribute") for name in qido.MATCHED]
_ASKED += [
    OpenApiParameter("limit", int),
    OpenApiParameter("offset", int),
    OpenApiParameter("includefield", str, description="'all': everything that was kept of the header"),
]
searched = extend_schema(parameters=_ASKED, responses={(200, JSON): DICOM_OBJECTS}, summary="Search (QIDO-RS)")
_STORED = {(status, JSON): DICOM_OBJECT for status in (200, 202, 409)}
storing = extend_schema(
    # A body of several parts is described in words: generators of clients know none but forms.
    request={BYTES: OpenApiTypes.BINARY},
    responses=_STORED,
    summary="Store DICOM objects (STOW-RS)",
)


class Search(DicomView):
    """One of the levels of a search."""

    def found(self, case_id: UUID, study: str = "", series: str = "") -> tuple[list[qido.Found], str]:
        """What of the case matches the query, and what was left out of it."""
        asked, _, _ = _asked(self.request.query_params)
        told = documents.list_imaging(
            principal=self.principal, case_id=case_id, study_uid=study, series_uid=series, action="imaging.search"
        )
        every = [
            qido.Found(study=one.study_uid, series=one.series_uid, instance=one.instance_uid, header=one.header)
            for one in told.instances
        ]
        return qido.matching(every, asked), left_out(told)

    def answer(self, items: list[dict[str, Any]], left: str) -> HttpResponse:
        """The page of the items that was asked for."""
        _, limit, offset = _asked(self.request.query_params)
        return dicom_json(items[offset : offset + limit], left, request=self.request)


class Studies(Search):
    """The studies of a case."""

    # An object's bytes are cut on disk.
    parser_classes = ()

    @searched
    def get(self, request: Request, case_id: UUID) -> HttpResponse:
        """By study date."""
        found, left = self.found(case_id)
        return self.answer(qido.studies(found, self.base(case_id)), left)

    def admit(self, request: HttpRequest, principal: Principal, beginning: bytes, **kwargs: Any) -> None:
        """For a case to which the caller may add."""
        documents.may_upload(principal=principal, case_id=kwargs["case_id"])

    @storing
    def post(self, request: Request, case_id: UUID) -> HttpResponse:
        """Each object becomes a document of the case, is read in the background, and can be searched then.

        The objects as the standard has it, in multipart/related; type="application/dicom"; or one alone, as
        application/dicom or as plain bytes.
        """
        return stored(request, self.principal, case_id)


class AllSeries(Search):
    """The series of a case."""

    @searched
    def get(self, request: Request, case_id: UUID) -> HttpResponse:
        """By study date and series number."""
        found, left = self.found(case_id)
        return self.answer(qido.series(found, self.base(case_id)), left)


class StudySeries(Search):
    """The series of a study."""

    @searched
    def get(self, request: Request, case_id: UUID, study: str) -> HttpResponse:
        """By series number."""
        found, left = self.found(case_id, study)
        return self.answer(qido.series(found, self.base(case_id)), left)


class AllInstances(Search):
    """The instances of a case."""

    @searched
    def get(self, request: Request, case_id: UUID) -> HttpResponse:
        """By study date, series number and place of the slices."""
        return self.instances(case_id)

    def instances(self, case_id: UUID, study: str = "", series: str = "") -> HttpResponse:
        """Matching instances."""
        found, left = self.found(case_id, study, series)
        whole = self.request.query_params.get("includefield") == "all"
        return self.answer(qido.instances(found, self.base(case_id), whole=whole), left)


class StudyInstances(AllInstances):
    """The instances of a study."""

    @searched
    def get(self, request: Request, case_id: UUID, study: str) -> HttpResponse:  # type: ignore[override]  # one more part
        """By series number and place of the slices."""
        return self.instances(case_id, study)


class SeriesInstances(AllInstances):
    """The instances of a series."""

    @searched
    def get(self, request: Request, case_id: UUID, study: str, series: str) -> HttpResponse:  # type: ignore[override]  # two more parts
        """By the place of the slices, else by instance number."""
        return self.instances(case_id, study, series)


def _asked(given: Mapping[str, str]) -> tuple[dict[str, str], int, int]:
    """Attributes to match, limit and offset; ``Invalid`` for what is not matched here."""
    asked, pages = {}, {"limit": _MAX_RESULTS, "offset": 0}
    for name, value in given.items():
        if name in ("includefield", "fuzzymatching"):
            continue
        if name in pages and value.isascii() and value.isdigit() and len(value) < 9:
            pages[name] = min(int(value), _MAX_RESULTS) if name == "limit" else int(value)
        elif (keyword := qido.named(name)) and len(value) <= 1024:
            asked[keyword] = value
        else:
            detail = f"Ask by one of {', '.join(qido.MATCHED)}; limit and offset are whole numbers."
            raise Invalid(detail, errors=[FieldError(f"#/{name[:40]}", "invalid", detail)])
    return asked, pages["limit"], pages["offset"]
