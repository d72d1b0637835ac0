"""Reads uploaded documents in child processes that may be lost: sniffing, parsing, drawing, text recognition."""

from cases.adapters.reading.dicom.frames import frame_name, opened_frame
from cases.adapters.reading.dicom.results import load_imaging
from cases.adapters.reading.document_reader import draw_in_child, glance_in_child, read_in_child
from cases.adapters.reading.health_records import CCDA, FHIR
from cases.adapters.reading.inspection import fits, inspect_head, inspect_name, inspect_upload
from cases.adapters.reading.limits import Limits
from cases.adapters.reading.media_types import HEAD_BYTES, MEDIA_TYPES, fitting_name, sniff_head
from cases.adapters.reading.outcome import ReadingFailed, Refused
from cases.adapters.reading.progress import Progress
from cases.adapters.reading.record_reader import pack_record_in_child
from cases.adapters.reading.results import page_name, thumb_name
from cases.adapters.reading.unpacker import Entry, is_archive, unpack_in_child
from cases.adapters.reading.versions import READER_VERSION

__all__ = [
    "CCDA",
    "FHIR",
    "HEAD_BYTES",
    "MEDIA_TYPES",
    "READER_VERSION",
    "Entry",
    "Limits",
    "Progress",
    "ReadingFailed",
    "Refused",
    "draw_in_child",
    "fits",
    "fitting_name",
    "frame_name",
    "glance_in_child",
    "inspect_head",
    "inspect_name",
    "inspect_upload",
    "is_archive",
    "load_imaging",
    "opened_frame",
    "pack_record_in_child",
    "page_name",
    "read_in_child",
    "sniff_head",
    "thumb_name",
    "unpack_in_child",
]
