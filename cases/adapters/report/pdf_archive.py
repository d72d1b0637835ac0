"""What makes the finished PDF fit for an archive (ISO 19005-2, level B): metadata, colour space, language, structure.

It is declared as PDF/A-2b. Every requirement of that level that applies to such files is built here and looked at by
``tests/cases/report/test_archival.py``. It is not level A: a paragraph that goes on over a page becomes two, and
lists are tagged as paragraphs.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from cases.adapters.report.colour import srgb_profile
from cases.adapters.report.structure_tree import structure
from cases.adapters.report.tags import Tags
from cases.adapters.report.xmp import xmp


def archival(pdf: bytes, tags: Tags, *, language: str) -> bytes:
    """The PDF with everything that an archive asks for; the same input gives the same bytes."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import ArrayObject, BooleanObject, DictionaryObject, NameObject

    reader = PdfReader(BytesIO(pdf))
    writer = PdfWriter(clone_from=reader)
    writer.pdf_header = "%PDF-1.7"
    root, info = writer.root_object, writer._info
    assert info is not None
    for unused in ("/Keywords", "/Trapped"):
        info.pop(NameObject(unused), None)
    root[NameObject("/Metadata")] = _stream(
        writer, xmp(info, language).encode(), {"/Type": "/Metadata", "/Subtype": "/XML"}
    )
    root[NameObject("/OutputIntents")] = ArrayObject([_output_intent(writer)])
    root[NameObject("/MarkInfo")] = DictionaryObject({NameObject("/Marked"): BooleanObject(True)})
    root[NameObject("/StructTreeRoot")] = structure(writer, tags)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _stream(writer: Any, data: bytes, entries: dict[str, str]) -> Any:
    """A stream without filters, as metadata has to be."""
    from pypdf.generic import NameObject, StreamObject

    stream = StreamObject()
    stream.set_data(data)
    for name, value in entries.items():
        stream[NameObject(name)] = NameObject(value)
    return writer._add_object(stream)


def _output_intent(writer: Any) -> Any:
    from pypdf.generic import DictionaryObject, NameObject, NumberObject, TextStringObject

    profile = _stream(writer, srgb_profile(), {})
    profile.get_object()[NameObject("/N")] = NumberObject(3)
    name = TextStringObject("sRGB IEC61966-2.1")
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/OutputIntent"),
            NameObject("/S"): NameObject("/GTS_PDFA1"),
            NameObject("/OutputConditionIdentifier"): name,
            NameObject("/Info"): name,
            NameObject("/DestOutputProfile"): profile,
        }
    )
