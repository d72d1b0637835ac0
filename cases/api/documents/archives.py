"""Archives: sent, and looked at."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from cases.api.documents.documents import admit_form, case_id_of
from cases.api.documents.serializers_archives import ArchiveIn, ArchiveOut
from cases.services import documents
from config.kernel.api import ApiView, json_response, signed_in
from config.kernel.api.uploads import uploaded_file
from config.kernel.auth import Principal


class Archives(ApiView):
    """Adding many documents at once."""

    policy = signed_in()
    # The form is read by ``uploaded_file``, which counts while it comes.
    parser_classes = ()

    def admit(self, request: HttpRequest, principal: Principal, beginning: bytes, **kwargs: Any) -> None:
        """As a document's."""
        admit_form(request, principal, beginning)

    @extend_schema(
        request={"multipart/form-data": ArchiveIn}, responses={202: ArchiveOut}, summary="Send a ZIP archive"
    )
    def post(self, request: Request) -> HttpResponse:
        """A folder, or a CD of images. It is unpacked in the background; larger ones come by tus, as any file."""
        file, form = uploaded_file(request._request, ArchiveIn)
        archive = documents.upload_archive(
            principal=self.principal,
            case_id=case_id_of(form.get("case_id", "")),
            name=file.name or "",
            declared_type=file.content_type or "",
            source=Path(file.temporary_file_path()),
        )
        return json_response(archive, status=202, headers={"Location": f"/api/v1/archives/{archive.id}"})


class ArchiveDetail(ApiView):
    """What became of an archive."""

    policy = signed_in()

    @extend_schema(responses={200: ArchiveOut}, summary="See what became of an archive's files")
    def get(self, request: HttpRequest, archive_id: UUID) -> HttpResponse:
        """Poll it while the state is RECEIVED; each file that was taken is a document with its own state."""
        archive = documents.get_archive(principal=self.principal, archive_id=archive_id)
        return json_response(archive, headers={"Cache-Control": "private, no-store"})
