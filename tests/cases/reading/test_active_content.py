"""The scan for what a PDF would do: finds names however they are spelled, and is not fooled by pictures."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.adapters.reading.pdf.active_content import INFLATE_BYTES, outline
from tests.tooling import documents, hostile


def test_ordinary_papers_do_nothing() -> None:
    for document in (documents.lab_report(), documents.discharge_letter(), documents.scanned()):
        found = outline(document.content)
        assert (found.active, found.encrypted) == ((), False)


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        (b"/OpenAction 4 0 R", "OpenAction"),
        (b"/AA << /O 4 0 R >>", "AutomaticAction"),
        (b"/Names << /JavaScript 5 0 R >>", "JavaScript"),
        (b"/S/JavaScript/JS(x)", "JavaScript"),
        (b"/S /Launch", "Launch"),
        (b"/Names << /EmbeddedFiles 5 0 R >>", "EmbeddedFile"),
        (b"/Subtype /RichMedia", "RichMedia"),
        (b"/S /SubmitForm", "SubmitForm"),
        (b"/XFA 9 0 R", "XFA"),
        (b"/#4c#61unch", "Launch"),
    ],
)
def test_each_kind_is_told(entry: bytes, kind: str) -> None:
    assert kind in outline(b"%PDF-1.7\n1 0 obj << " + entry + b" >> endobj").active


@pytest.mark.parametrize("entry", [b"/JSX 1", b"/Launcher", b"(/JavaScriptless)", b"/AAA 3"])
def test_names_that_only_begin_alike_are_let_alone(entry: bytes) -> None:
    assert outline(b"%PDF-1.7\n1 0 obj << " + entry + b" >> endobj").active == ()


def test_bytes_inside_a_picture_are_not_taken_for_names() -> None:
    picture = b"<< /Length 30 >>\nstream\n\x00/JS /Launch /OpenAction\nendstream"
    assert outline(b"%PDF-1.7\n1 0 obj " + picture + b" endobj").active == ()


def _object_stream(body: bytes) -> bytes:
    return b"%PDF-1.7\n1 0 obj << /Type /ObjStm /N 1 >>\nstream\n" + body + b"\nendstream endobj"


def test_names_inside_an_object_stream_are_found() -> None:
    assert outline(_object_stream(zlib.compress(b"4 0 << /S /Launch >>"))).active == ("Launch",)


def test_an_object_stream_that_cannot_be_inflated_is_told() -> None:
    assert outline(_object_stream(b"not zlib")).active == ("OpaqueObjectStream",)


def test_an_object_stream_that_bursts_is_told_and_not_inflated_whole() -> None:
    bomb = zlib.compress(b"0" * (INFLATE_BYTES * 2))
    assert outline(_object_stream(bomb)).active == ("OpaqueObjectStream",)


def test_a_locked_file_is_told_to_be_encrypted() -> None:
    assert outline(hostile.encrypted_pdf().content).encrypted


@given(st.binary(max_size=4000))
def test_no_bytes_upset_the_scan(content: bytes) -> None:
    found = outline(b"%PDF-1.7\n" + content)
    assert list(found.active) == sorted(set(found.active))


@given(st.lists(st.sampled_from([b"stream\n", b"endstream", b"/JS", b" ", b"x", b"obj"]), max_size=60))
def test_streams_that_do_not_end_do_not_hang(parts: list[bytes]) -> None:
    outline(b"%PDF-1.7\n" + b"".join(parts))
