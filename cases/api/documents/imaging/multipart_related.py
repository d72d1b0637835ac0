"""multipart/related in (RFC 2387), or one object alone: to disk, counted while it comes, and cut into parts there."""

import mmap
import re
from pathlib import Path

from django.http import HttpRequest, UnreadablePostError
from django.utils.http import parse_header_parameters

from config.kernel.api.representations import BYTES
from config.kernel.errors import Invalid, TooLarge, UnsupportedMedia

_CHUNK = 256 * 1024
_HEADERS = 4096
MAX_PARTS = 500


def related_parts(request: HttpRequest, media_type: str, folder: Path, most_bytes: int) -> list[Path]:
    """The parts' bodies, each in a file of ``folder``.

    ``UnsupportedMedia`` for anything but multipart/related of ``media_type``, or one object alone under that name or
    as plain bytes; ``TooLarge`` as soon as more than ``most_bytes`` came, ``Invalid`` for a body that is not what its
    header says.
    """
    kind, told = parse_header_parameters(request.headers.get("Content-Type", ""))
    if kind in (media_type, BYTES):
        alone = folder / "part-0000"
        _received(request, alone, most_bytes)
        return [alone]
    boundary = told.get("boundary", "")
    if kind != "multipart/related" or told.get("type", media_type).lower() != media_type:
        raise UnsupportedMedia(f'Send the objects as multipart/related; type="{media_type}", or one as {media_type}.')
    if not re.fullmatch(r"[\x21-\x7e ]{1,70}", boundary):
        raise Invalid("Send multipart/related with a boundary of 1 to 70 characters.", code="form_invalid")
    body = folder / "body"
    _received(request, body, most_bytes)
    with body.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
        parts = _cut(held, b"--" + boundary.encode(), folder)
    body.unlink()
    return parts


def _received(request: HttpRequest, body: Path, most_bytes: int) -> None:
    size = 0
    try:
        with body.open("wb") as file:
            while chunk := request.read(_CHUNK):
                size += len(chunk)
                if size > most_bytes:
                    advice = f"At most {most_bytes // 1024**2} MB come at once; send the objects in several requests."
                    raise TooLarge(advice, code="document_too_large")
                file.write(chunk)
    except UnreadablePostError as error:
        raise Invalid("The connection was lost; send the objects again.", code="form_invalid") from error
    if size == 0:
        raise Invalid("The request holds no objects.", code="form_invalid")


def _cut(held: mmap.mmap, mark: bytes, folder: Path) -> list[Path]:
    at = held.find(mark)
    parts: list[Path] = []
    while at >= 0 and held[at + len(mark) : at + len(mark) + 2] != b"--":
        ends = held.find(b"\r\n" + mark, at + len(mark))
        head = held.find(b"\r\n\r\n", at + len(mark), at + len(mark) + _HEADERS)
        if ends < 0 or not 0 <= head <= ends:
            raise Invalid("The body ends before its last boundary, or a part has no headers.", code="form_invalid")
        if len(parts) == MAX_PARTS:
            raise Invalid(f"At most {MAX_PARTS} objects come at once.", code="form_invalid")
        path = folder / f"part-{len(parts):04d}"
        with path.open("wb") as file:
            for start in range(head + 4, ends, _CHUNK):
                file.write(held[start : min(start + _CHUNK, ends)])
        parts.append(path)
        at = ends + 2
    if at < 0 or not parts:
        raise Invalid("The body is not cut by the boundary of its header.", code="form_invalid")
    return parts
