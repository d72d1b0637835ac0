"""QIDO-RS: searching a case's studies, series and instances."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from cases.api.documents.imaging.dicom_schemas import DICOM_OBJECT, DICOM_OBJECTS
from cases.api.documents.imaging.dicomweb import JSON, DicomView, dicom_json, left_out
from cases.api.documents.imaging.stow import stored
from cases.domain.documents.imaging import qido
from cases.services import documents
from config.kernel.api.declarations import MAX_NUMBER, Declaration
from config.kernel.api.representations import BYTES
from config.kernel.api.strict_bodies import TEXT
from config.kernel.auth import Principal

_MAX_RESULTS = 2000
_ASKED = [
    OpenApiParameter(
        name, {"type": "string", "maxLength": 1024, "pattern": TEXT}, description="matching attribute, also by its tag"
    )
    for name in qido.MATCHED
]
_ASKED += [
    OpenApiParameter(
        "limit",
        {"type": "integer", "minimum": 0, "maximum": MAX_NUMBER},
        description=f"of more than {_MAX_RESULTS}, that many are told",
    ),
    OpenApiParameter("offset", {"type": "integer", "minimum": 0, "maximum": MAX_NUMBER}),
    OpenApiParameter(
        "includefield",
        {"type": "array", "items": {"type": "string", "pattern": TEXT}},
        explode=True,
        description="'all': everything that was kept of the header",
    ),
    OpenApiParameter("fuzzymatching", bool, description="known to the standard; matching is never fuzzy here"),
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

    def require_query(self, given: QueryDict, declared: Declaration) -> None:
        """Attributes go by keyword or by tag (PS3.18, 8.3.4.1)."""
        asked = QueryDict(mutable=True)
        for name, values in given.lists():
            for value in values:
                asked.appendlist(qido.named(name) or name, value)
        super().require_query(asked, declared)

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
        whole = "all" in self.request.query_params.getlist("includefield")
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
    """Attributes to match, limit and offset."""
    asked = {keyword: value for name, value in given.items() if (keyword := qido.named(name))}
    limit, offset = (int(given.get(name) or rest) for name, rest in (("limit", _MAX_RESULTS), ("offset", 0)))
    return asked, min(limit, _MAX_RESULTS), offset
