"""The bytes of a DICOM file as a dataset: with or without preamble and file meta group, plain or deflated."""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING, Any, Final

from cases.adapters.reading import media_types
from cases.adapters.reading.limits import Limits
from cases.adapters.reading.outcome import Refused

if TYPE_CHECKING:
    from pydicom import FileDataset

DEFLATED: Final = "1.2.840.10008.1.2.1.99"
EXPLICIT_LITTLE_ENDIAN: Final = "1.2.840.10008.1.2.1"
IMPLICIT_LITTLE_ENDIAN: Final = "1.2.840.10008.1.2"
_MARK: Final = b"DICM"
_HEADER_BYTES: Final = 132
_META_GROUP: Final = b"\x02\x00"
_BARE: Final = (
    "This looks like a DICOM file without its file header, and what it holds cannot be told. Export it again as a "
    "DICOM file (“Part 10”), or export the picture as JPEG or PNG."
)


def dataset_of(content: bytes, limits: Limits) -> FileDataset:
    """The parsed file with its preamble blanked. A deflated one is inflated first, within the limits.

    Raises Refused `damaged` or `expands_too_much`.
    """
    import pydicom
    from pydicom.errors import InvalidDicomError

    bare = content[media_types.DICOM_MARK_AT : _HEADER_BYTES] != _MARK
    try:
        if bare and not content.startswith(_META_GROUP):
            return _without_meta(content)
        content = bytes(media_types.DICOM_MARK_AT) + (_MARK + content if bare else content[media_types.DICOM_MARK_AT :])
        meta, meta_end = _file_meta(content)
        if meta.get("TransferSyntaxUID") == DEFLATED:
            content = _inflated(content, meta, meta_end, limits)
        return pydicom.dcmread(io.BytesIO(content))
    except (InvalidDicomError, EOFError, KeyError, ValueError, TypeError, AttributeError) as fault:
        raise Refused("damaged") from fault
    except (NotImplementedError, RecursionError, OSError) as fault:
        raise Refused("damaged") from fault


def _without_meta(content: bytes) -> FileDataset:
    """Elements from the first byte on; little endian, as everything that was ever written so."""
    import pydicom

    data = pydicom.dcmread(io.BytesIO(content), force=True)
    if not data.get("SOPClassUID") and not (data.get("Modality") and data.get("Rows")):
        raise Refused("damaged", _BARE)
    plain = IMPLICIT_LITTLE_ENDIAN if data.original_encoding[0] else EXPLICIT_LITTLE_ENDIAN
    data.file_meta.TransferSyntaxUID = pydicom.uid.UID(plain)
    return data


def _file_meta(content: bytes) -> tuple[Any, int]:
    from pydicom.filereader import read_dataset
    from pydicom.tag import BaseTag

    def beyond_meta(tag: BaseTag, vr: str | None, length: int) -> bool:
        return tag.group != 2

    stream = io.BytesIO(content)
    stream.seek(_HEADER_BYTES)
    meta = read_dataset(stream, is_implicit_VR=False, is_little_endian=True, bytelength=4096, stop_when=beyond_meta)
    length = int(meta.get("FileMetaInformationGroupLength", 0))
    return meta, _HEADER_BYTES + 12 + length


def _inflated(content: bytes, meta: Any, meta_end: int, limits: Limits) -> bytes:
    from pydicom.filebase import DicomBytesIO
    from pydicom.filewriter import write_file_meta_info

    packed = content[meta_end:]
    most = min(limits.max_inflated_bytes, max(len(packed), 4096) * limits.max_inflation_ratio)
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        plain = inflater.decompress(packed, most)
    except zlib.error as fault:
        raise Refused("damaged") from fault
    if inflater.unconsumed_tail:
        raise Refused("expands_too_much")
    meta.TransferSyntaxUID = EXPLICIT_LITTLE_ENDIAN
    written = DicomBytesIO()
    written.is_little_endian, written.is_implicit_VR = True, False
    write_file_meta_info(written, meta, enforce_standard=False)
    return content[:_HEADER_BYTES] + written.getvalue() + plain
