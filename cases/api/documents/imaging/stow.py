"""STOW-RS (PS3.18, 10.5): DICOM objects become documents of the case, each by the ordinary upload."""

import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from django.http import HttpResponse
from rest_framework.request import Request

from cases.api.documents.documents import INERT
from cases.api.documents.imaging.dicomweb import DICOM, JSON
from cases.api.documents.imaging.multipart_related import related_parts
from cases.domain.documents.imaging.file_meta import sop_of
from cases.services import documents
from config.kernel.auth import Principal
from config.kernel.conf import setting
from config.kernel.errors import Conflict, Invalid, TooLarge

_HEAD = 4096
# Table I.2-2 of PS3.18.
_PROCESSING_FAILURE, _OUT_OF_RESOURCES, _NOT_UNDERSTOOD = 0x0110, 0xA700, 0xC000


def stored(request: Request, principal: Principal, case_id: UUID) -> HttpResponse:
    """Store every object of the body: 200 when all are kept, 202 when some, 409 when none.

    What is no DICOM file is refused, also a kind of file that could be uploaded elsewhere. An object that the case has
    already is kept. The answer repeats the UIDs of the files as they were sent; searches and retrievals speak of the
    de-identified objects under UIDs of their own.
    """
    documents.may_upload(principal=principal, case_id=case_id)
    kept: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="sop-stow-", dir=setting("WORK_DIR") or None) as folder:
        most = setting("RESUMABLE_MAX_BYTES")
        for part in related_parts(request._request, DICOM, Path(folder), most):
            with part.open("rb") as file:
                named = sop_of(file.read(_HEAD))
            reason = _stored(part, principal, case_id) if named else _NOT_UNDERSTOOD
            item = _item(named or ("", ""))
            if reason is None:
                kept.append(item)
            else:
                failed.append(item | {"00081197": {"vr": "US", "Value": [reason]}})
            part.unlink()
    answer: dict[str, Any] = {}
    if kept:
        answer["00081199"] = {"vr": "SQ", "Value": kept}
    if failed:
        answer["00081198"] = {"vr": "SQ", "Value": failed}
    status = 200 if not failed else 202 if kept else 409
    return HttpResponse(orjson.dumps(answer), status=status, content_type=JSON, headers=INERT)


def _stored(part: Path, principal: Principal, case_id: UUID) -> int | None:
    """Why it was not kept, as a code; ``None`` when it was."""
    try:
        documents.upload_document(
            principal=principal, case_id=case_id, name="object.dcm", declared_type=DICOM, source=part
        )
    except Conflict as refusal:
        if refusal.code == "too_many_documents":
            return _OUT_OF_RESOURCES
        if refusal.code != "document_duplicate":
            return _PROCESSING_FAILURE
    except TooLarge:
        return _OUT_OF_RESOURCES
    except Invalid:
        return _NOT_UNDERSTOOD
    return None


def _item(named: tuple[str, str]) -> dict[str, Any]:
    pairs = (("00081150", named[0]), ("00081155", named[1]))
    return {tag: {"vr": "UI", "Value": [uid]} for tag, uid in pairs if uid}
