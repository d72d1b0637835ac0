"""WADO-RS: retrieving de-identified files, metadata, values of frames and pictures of them."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from cases.api.documents.documents import INERT
from cases.api.documents.imaging.dicom_schemas import DICOM_OBJECTS
from cases.api.documents.imaging.dicomweb import (
    DICOM,
    JSON,
    VALUES,
    DicomView,
    chosen,
    dicom_json,
    left_out,
    multipart,
)
from cases.services import documents
from config.kernel.errors import FieldError, Invalid

_JPEG, _PNG = "image/jpeg", "image/png"
_MULTIPART = "multipart/related"
files_of = extend_schema(
    responses={(200, _MULTIPART): OpenApiTypes.BINARY, (206, _MULTIPART): OpenApiTypes.BINARY},
    summary="Retrieve de-identified DICOM files (WADO-RS)",
)
metadata_of = extend_schema(responses={(200, JSON): DICOM_OBJECTS}, summary="Retrieve metadata (WADO-RS)")
picture_of = extend_schema(
    parameters=[
        OpenApiParameter(
            "window",
            {
                "type": "string",
                "pattern": r"^-?[0-9]{1,6}(\.[0-9]{1,6})?,[1-9][0-9]{0,6}(\.[0-9]{1,6})?(,([lL]inear|LINEAR)?)?$",
            },
            description="center,width or center,width,linear; a width of at least 1",
        )
    ],
    responses={(200, _JPEG): OpenApiTypes.BINARY, (200, _PNG): OpenApiTypes.BINARY},
    summary="Retrieve a rendered frame (WADO-RS)",
)


class Study(DicomView):
    """The files of a study."""

    @files_of
    def get(self, request: Request, case_id: UUID, study: str) -> StreamingHttpResponse:
        """Explicit little endian, headers by an allow-list; 206 names what was left out in a Warning header."""
        return self.files(case_id, study_uid=study)

    def files(self, case_id: UUID, **uids: str) -> StreamingHttpResponse:
        """All the files under the UIDs."""
        chosen(self.request, (DICOM,))
        found, made = documents.retrieve_imaging(principal=self.principal, case_id=case_id, **uids)
        return multipart(made, DICOM, left_out(found, files=True))


class Series(Study):
    """The files of a series."""

    @files_of
    def get(self, request: Request, case_id: UUID, study: str, series: str) -> StreamingHttpResponse:  # type: ignore[override]  # one more part
        """As the files of a study."""
        return self.files(case_id, study_uid=study, series_uid=series)


class Instance(Study):
    """The file of an instance."""

    @files_of
    def get(  # type: ignore[override]  # two more parts
        self, request: Request, case_id: UUID, study: str, series: str, instance: str
    ) -> StreamingHttpResponse:
        """409 names the transfer syntax of an image that cannot be decoded."""
        return self.files(case_id, study_uid=study, series_uid=series, instance_uid=instance)


class StudyMetadata(DicomView):
    """The headers of a study."""

    @metadata_of
    def get(self, request: Request, case_id: UUID, study: str) -> HttpResponse:
        """What was kept of each header."""
        return self.headers_of(case_id, study_uid=study)

    def headers_of(self, case_id: UUID, **uids: str) -> HttpResponse:
        """The headers under the UIDs."""
        found = documents.list_imaging(principal=self.principal, case_id=case_id, action="imaging.metadata", **uids)
        return dicom_json([one.header for one in found.instances], left_out(found), request=self.request)


class SeriesMetadata(StudyMetadata):
    """The headers of a series."""

    @metadata_of
    def get(self, request: Request, case_id: UUID, study: str, series: str) -> HttpResponse:  # type: ignore[override]  # one more part
        """What was kept of each header."""
        return self.headers_of(case_id, study_uid=study, series_uid=series)


class InstanceMetadata(StudyMetadata):
    """The header of an instance."""

    @metadata_of
    def get(self, request: Request, case_id: UUID, study: str, series: str, instance: str) -> HttpResponse:  # type: ignore[override]  # two more parts
        """What was kept of it."""
        return self.headers_of(case_id, study_uid=study, series_uid=series, instance_uid=instance)


class Frames(DicomView):
    """Frames as measured."""

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "numbers",
                {"type": "string", "pattern": "^[0-9]{1,5}(,[0-9]{1,5}){0,49}$"},
                OpenApiParameter.PATH,
                description="from 1, separated by commas, at most fifty at once",
            )
        ],
        responses={(200, _MULTIPART): OpenApiTypes.BINARY},
        summary="Retrieve frames' values (WADO-RS)",
    )
    def get(
        self, request: Request, case_id: UUID, study: str, series: str, instance: str, numbers: str
    ) -> StreamingHttpResponse:
        """Numbers from 1, separated by commas; each part is rows × columns × samples, little endian."""
        chosen(request, (VALUES,))
        wanted = _numbers(numbers)
        one = documents.instance_of(
            principal=self.principal, case_id=case_id, study_uid=study, series_uid=series, uid=instance
        )
        parts = [
            documents.raw_frame(principal=self.principal, document_id=one.document_id, number=number)
            for number in wanted
        ]
        return multipart(parts, VALUES)


class RenderedFrame(DicomView):
    """A frame as a picture."""

    @picture_of
    def get(self, request: Request, case_id: UUID, study: str, series: str, instance: str, number: int) -> HttpResponse:
        """Through the window asked for, else the file's own, else the whole range of its values."""
        return self.picture(case_id, study, series, instance, number)

    def picture(self, case_id: UUID, study: str, series: str, instance: str, number: int) -> HttpResponse:
        """A JPEG, or a PNG where it is asked for."""
        media_type = chosen(self.request, (_JPEG, _PNG))
        window = _window(self.request.query_params.get("window", ""))
        one = documents.instance_of(
            principal=self.principal, case_id=case_id, study_uid=study, series_uid=series, uid=instance
        )
        drawn = documents.rendered_frame(
            principal=self.principal,
            document_id=one.document_id,
            number=number,
            window=window,
            media_type=media_type,
        )
        return HttpResponse(drawn, content_type=media_type, headers=INERT)


class RenderedInstance(RenderedFrame):
    """An instance's first frame as a picture."""

    @picture_of
    def get(self, request: Request, case_id: UUID, study: str, series: str, instance: str) -> HttpResponse:  # type: ignore[override]  # one part less
        """As a rendered frame."""
        return self.picture(case_id, study, series, instance, 1)


def _numbers(text: str) -> list[int]:
    parts = text.split(",")
    if not all(part.isascii() and part.isdigit() and len(part) < 6 for part in parts) or len(parts) > 50:
        raise _wrong("frames", "Name frames by whole numbers from 1, separated by commas, at most fifty at once.")
    return [int(part) for part in parts]


def _window(text: str) -> tuple[float, float] | None:
    if not text:
        return None
    centre, _, rest = text.partition(",")
    width, _, function = rest.partition(",")
    try:
        pair = float(centre), float(width)
    except ValueError:
        pair = (0.0, 0.0)
    if not 1 <= pair[1] <= 1e7 or not abs(pair[0]) <= 1e7 or function.lower() not in ("", "linear"):
        raise _wrong("window", "Send window as center,width with a width of at least 1; the function is linear.")
    return pair


def _wrong(name: str, detail: str) -> Any:
    return Invalid(detail, errors=[FieldError(f"#/{name}", "invalid", detail)])
