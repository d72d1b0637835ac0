"""A file is what its content says, and only if its name and its sender agree."""

from __future__ import annotations

import pytest

from cases.adapters.reading import HEAD_BYTES, MEDIA_TYPES, Refused, fits, sniff_head
from cases.adapters.reading.outcome import ADVICE
from tests.tooling import documents, hostile
from tests.tooling.facts import Document

GENUINE = (
    documents.lab_report(),
    documents.screenshot_png(),
    documents.photographed(),
    documents.scanned_tiff(),
    documents.phone_photo(),
    documents.dicom_slice(),
    documents.plain_notes(),
)
BY_TYPE = {document.media_type: document for document in GENUINE}


def _refusal(head: bytes, name: str, declared: str) -> Refused:
    with pytest.raises(Refused) as refusal:
        sniff_head(head, name, declared)
    return refusal.value


@pytest.mark.parametrize("document", GENUINE, ids=lambda document: document.name)
def test_a_genuine_file_is_what_it_says(document: Document) -> None:
    head = document.content[:HEAD_BYTES]
    assert sniff_head(head, document.name, document.media_type) == document.media_type


def test_all_types_are_covered() -> None:
    assert set(BY_TYPE) == MEDIA_TYPES


@pytest.mark.parametrize("declared", ["", "application/octet-stream", "APPLICATION/PDF; charset=binary"])
def test_a_sender_who_declares_nothing_or_adds_parameters_is_believed(declared: str) -> None:
    assert sniff_head(BY_TYPE["application/pdf"].content[:HEAD_BYTES], "a.PDF", declared) == "application/pdf"


@pytest.mark.parametrize("real", sorted(MEDIA_TYPES - {"application/pdf"}))
def test_content_under_the_name_of_a_pdf_is_refused(real: str) -> None:
    refusal = _refusal(BY_TYPE[real].content[:HEAD_BYTES], "report.pdf", "application/pdf")
    assert refusal.code == "type_mismatch"
    assert real in refusal.advice


@pytest.mark.parametrize("real", sorted(MEDIA_TYPES - {"image/png"}))
def test_content_declared_as_a_png_is_refused(real: str) -> None:
    document = BY_TYPE[real]
    assert _refusal(document.content[:HEAD_BYTES], document.name, "image/png").code == "type_mismatch"


def test_only_dicom_may_come_without_an_extension() -> None:
    dicom, pdf = BY_TYPE["application/dicom"], BY_TYPE["application/pdf"]
    assert sniff_head(dicom.content[:HEAD_BYTES], "IM0001", "") == "application/dicom"
    assert sniff_head(dicom.content[:HEAD_BYTES], "1.2.840.1.7", "") == "application/dicom"
    assert _refusal(pdf.content[:HEAD_BYTES], "report", "").code == "type_mismatch"


@pytest.mark.parametrize(
    ("head", "word"),
    [
        (b"PK\x03\x04word/", "Office"),
        (b"\xd0\xcf\x11\xe0" + bytes(50), "Office"),
        (b"MZ" + bytes(50), "program"),
        (b"\x7fELF" + bytes(50), "program"),
        (b"#!/bin/sh\n", "script"),
        (b"GIF89a" + bytes(20), "GIF"),
        (b"{\\rtf1 text}", "RTF"),
        (b"  <svg xmlns='x'/>", "drawing"),
        (b"\xef\xbb\xbf<!DOCTYPE html>", "web page"),
    ],
)
def test_another_kind_of_file_is_named_and_told_what_to_do(head: bytes, word: str) -> None:
    refusal = _refusal(head, "notes.txt", "text/plain")
    assert refusal.code == "wrong_type"
    assert word in refusal.advice


@pytest.mark.parametrize("head", [b"\x00\x01\x02\x03", b"text\x00text", b"bell \x07"])
def test_bytes_that_are_no_text_are_refused(head: bytes) -> None:
    assert _refusal(head, "notes.txt", "text/plain").code == "wrong_type"


def test_a_pdf_header_that_is_not_at_the_start_is_no_pdf() -> None:
    head = b"\x00junk" + documents.lab_report().content[:HEAD_BYTES]
    assert _refusal(head, "a.pdf", "application/pdf").code == "wrong_type"


def test_the_dicom_mark_is_honoured_only_behind_a_harmless_preamble() -> None:
    whole = BY_TYPE["application/dicom"].content
    assert _refusal(b"%PDF-1.4".ljust(128, b" ") + whole[128:], "a.dcm", "").code == "polyglot"
    assert sniff_head(b"II*\x00".ljust(128, b"\0") + whole[128:], "a.dcm", "") == "application/dicom"


def test_the_antivirus_test_file_is_refused_as_malware() -> None:
    made = hostile.eicar()
    assert _refusal(made.content, made.name, made.media_type).code == "malware"


def test_every_refusal_says_what_to_do() -> None:
    assert set(ADVICE) >= {"empty", "too_large", "wrong_type", "encrypted_pdf", "damaged"}
    assert all(len(advice.split()) >= 8 and advice.endswith(".") for advice in ADVICE.values())
    assert str(Refused("empty")) == f"empty: {ADVICE['empty']}"


def test_a_running_upload_is_stopped_at_the_limit_of_its_type() -> None:
    limit = 25 * 1024 * 1024
    assert fits(received=limit, media_type="application/pdf")
    assert not fits(received=limit + 1, media_type="application/pdf")
    assert fits(received=limit + 1, media_type="application/dicom")
