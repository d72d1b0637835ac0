"""Multipart and whole bodies in: straight to a temporary file, counted while they come, stopped at the limit."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from config.kernel.api.strict_bodies import StrictSerializer, unknown_fields
from config.kernel.conf import setting
from config.kernel.errors import FieldError, Invalid, TooLarge, UnsupportedMedia

# Boundaries, part headers and the small fields beside the file.
_ENVELOPE = 64 * 1024
_CHUNK = 64 * 1024


class CountingUpload(TemporaryFileUploadHandler):
    """Writes one file to disk and stops at the limit."""

    received = 0
    over = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Count, then write."""
        self.received += len(raw_data)
        if self.received > setting("DOCUMENT_MAX_BYTES"):
            self.over = True
            raise StopUpload(connection_reset=True)
        super().receive_data_chunk(raw_data, start)


def uploaded_file(request: HttpRequest, shape: type[StrictSerializer]) -> tuple[TemporaryUploadedFile, Any]:
    """The form's ``file`` and its other fields, which are those of ``shape``.

    ``TooLarge`` before the body is read when its length says so, ``UnsupportedMedia`` for anything but a form,
    ``Invalid`` when the form is broken, has no file, more than one, or a field that there is not: none of them may
    disappear in silence.
    """
    require_fitting_form(request)
    handler = CountingUpload(request)
    request.upload_handlers = [handler]
    try:
        files = request.FILES
    except MultiPartParserError as error:
        raise Invalid("The form is broken; send it again.", code="form_invalid") from error
    if handler.over:
        raise _too_large()
    if sum(len(same) for _, same in files.lists()) > 1:
        detail = "The form has several files; send them one by one."
        raise Invalid(detail, errors=[FieldError("#/file", "several_files", detail)])
    require_no_nul(request.POST)
    if unknown := unknown_fields(shape().fields, {**request.POST, **files}):
        faults = [FieldError(f"#/{name}", str(one.code), str(one)) for name, one in unknown.items()]
        raise Invalid("The form has fields that there are not; see errors.", errors=faults)
    file = files.get("file")
    if not isinstance(file, TemporaryUploadedFile):
        detail = "Send the file in the field named file."
        raise Invalid(detail, errors=[FieldError("#/file", "required", detail)])
    return file, request.POST


@contextmanager
def body_in_file(request: HttpRequest) -> Iterator[Path]:
    """The whole body in a file, which lasts as long as the block: never more of it than a piece is in memory.

    ``TooLarge``; ``Invalid`` when the connection breaks off.
    """
    received = 0
    with tempfile.NamedTemporaryFile(prefix="sop-body-", dir=setting("WORK_DIR") or None) as file:
        try:
            while chunk := request.read(_CHUNK):
                received += len(chunk)
                if received > setting("DOCUMENT_MAX_BYTES"):
                    raise _too_large()
                file.write(chunk)
        except UnreadablePostError as error:
            raise Invalid("The connection was lost; send it again.", code="form_invalid") from error
        file.flush()
        yield Path(file.name)


def require_no_nul(form: QueryDict) -> None:
    """PostgreSQL has no text with a NUL: ``Invalid`` for a form that sends one."""
    for name, values in form.lists():
        if any("\0" in text for text in (name, *values)):
            raise Invalid("Take the NUL character out of the form.", code="form_invalid")


def require_fitting_form(request: HttpRequest) -> None:
    """What the head of an upload tells: ``UnsupportedMedia``, ``TooLarge``."""
    if not request.content_type == "multipart/form-data":
        raise UnsupportedMedia("Send the file as multipart/form-data with the field file.")
    length = request.META.get("CONTENT_LENGTH") or ""
    if length.isdigit() and int(length) > setting("DOCUMENT_MAX_BYTES") + _ENVELOPE:
        raise _too_large()


def field_in(beginning: bytes, name: str) -> str | None:
    """A small field's value, when it stands whole in the beginning of a form; a field after the file is not found."""
    found = re.search(
        rb'\r\nContent-Disposition: form-data; name="%b"\r\n\r\n([^\r\n]{1,200})\r\n--' % re.escape(name.encode()),
        b"\r\n" + beginning,
        re.IGNORECASE,
    )
    return found[1].decode("utf-8", "replace") if found else None


def _too_large() -> TooLarge:
    limit = setting("DOCUMENT_MAX_BYTES") // 1024**2
    return TooLarge(
        f"A file may have at most {limit} MB. Split it, or scan it at 200 dpi, and upload the parts.",
        code="document_too_large",
        extra={"limit_bytes": setting("DOCUMENT_MAX_BYTES")},
    )
