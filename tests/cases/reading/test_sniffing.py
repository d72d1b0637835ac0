"""A file is what its content says, whatever its name and its sender say."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from cases.adapters.reading import HEAD_BYTES, MEDIA_TYPES, Limits, Refused, fits, fitting_name, sniff_head
from cases.adapters.reading.character_sets import decoded
from cases.adapters.reading.outcome import ADVICE
from cases.adapters.reading.plain_text import read_text
from tests.tooling import documents, hostile
from tests.tooling.facts import Document


def _picture(kind: str) -> Document:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 30, 30)).save(buffer, kind)
    known = documents.screenshot_png().known
    return Document(
        content=buffer.getvalue(),
        known=replace(known, name=f"picture.{kind.lower()}", media_type=f"image/{kind.lower()}"),
    )


GENUINE = (
    documents.lab_report(),
    documents.screenshot_png(),
    documents.photographed(),
    documents.scanned_tiff(),
    documents.phone_photo(),
    documents.dicom_slice(),
    documents.plain_notes(),
    *(_picture(kind) for kind in ("WEBP", "GIF", "BMP")),
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


@pytest.mark.parametrize(
    ("name", "declared"),
    [
        ("report.pdf", "application/pdf"),
        ("IMG_0042.HEIC", "image/heic"),
        ("blob", "application/octet-stream"),
        ("Arztbrief Dr. Müller", ""),
        ("scan", "image/*"),
        ("", "text/plain"),
        ("IM0001", ""),
        ("1.2.840.1.7", ""),
        ("labor.csv", "application/vnd.ms-excel"),
    ],
)
def test_a_file_is_what_its_bytes_are_whatever_its_name_and_type_say(name: str, declared: str) -> None:
    for media_type, document in BY_TYPE.items():
        assert sniff_head(document.content[:HEAD_BYTES], name, declared) == media_type


@pytest.mark.parametrize(
    "line",
    [
        "BMI 31.2 kg/m2",
        "BMP: basic metabolic panel",
        "MZ twins",
        "GIFT procedure 1994",
        "PK deficiency",
        "RIFFLE of the lung",
        "%PSA free 18 %",
        "{draft} CRP 7",
        "<5 mg/L CRP",
        "ID3 gene variant",
        "From: Dr. Keller\nTo: the ward\n\nHb 9.1",
        "[x] smoker",
    ],
)
def test_text_whose_first_letters_look_like_another_kind_is_text(line: str) -> None:
    assert sniff_head(f"{line}\nKalium 4,4".encode(), "notes.txt", "text/plain") == "text/plain"


@pytest.mark.parametrize(
    ("head", "way"),
    [
        (b'{"resourceType": "Bundle", "type": "collection"}', "/imports/fhir"),
        (b'<?xml version="1.0"?><Bundle xmlns="http://hl7.org/fhir">', "/imports/fhir"),
        (b'<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3">', "/imports/ccda"),
        (b"PK\x03\x04" + bytes(22) + b"\x08\x00\x00\x00scan.pdf", "/api/v1/archives"),
        (b"PK\x03\x04" + bytes(22) + b"\x13\x00\x00\x00[Content_Types].xml", "Save as PDF"),
        (b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf", "JPEG"),
        (b"MSH|^~\\&|LAB|X\rPID|1\r", "FHIR export"),
        (b"01380006310\r\n0148410KREA\r\n", "PDF"),
        (b"MIME-Version: 1.0\nFrom: a@b.example\nSubject: Werte\n\nHb 9", "attachments"),
        (b"bplist00\xd4\x01", "iCloud"),
        (b"ID3\x04\x00\x00", "sound"),
    ],
)
def test_a_refusal_names_the_way_that_the_file_can_go(head: bytes, way: str) -> None:
    refusal = _refusal(head, "notes.txt", "text/plain")
    assert refusal.code == "wrong_type"
    assert way in refusal.advice


def test_bytes_of_no_kind_under_the_name_of_one_are_called_damaged() -> None:
    assert "damaged" in _refusal(b"\x00\x01\x02" * 40, "scan.jpg", "").advice


@pytest.mark.parametrize("front", [b"\xef\xbb\xbf", b"\x1b%-12345X@PJL JOB\r\n", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_pdf_behind_what_printers_and_portals_put_in_front_is_one(front: bytes) -> None:
    assert sniff_head(front + BY_TYPE["application/pdf"].content[:2000], "a", "") == "application/pdf"


def test_a_file_handed_out_again_opens_as_what_it_is() -> None:
    assert fitting_name("run.bat", "text/plain") == "run.bat.txt"
    assert fitting_name("Arztbrief Dr. Müller", "application/pdf") == "Arztbrief Dr. Müller.pdf"
    assert fitting_name("IMG_1.HEIC", "image/jpeg") == "IMG_1.HEIC.jpg"
    assert fitting_name("photo.JPEG", "image/jpeg") == "photo.JPEG"
    assert fitting_name("report.pdf. ", "application/pdf") == "report.pdf"


@pytest.mark.parametrize(
    ("head", "word"),
    [
        (b"PK\x03\x04" + bytes(22) + b"\x11\x00\x00\x00word/document.xml", "Office"),
        (b"\xd0\xcf\x11\xe0" + bytes(50), "Office"),
        (b"MZ" + bytes(50), "program"),
        (b"\x7fELF" + bytes(50), "program"),
        (b"#!/bin/sh\n", "script"),
        (b"GIF88a" + bytes(20), "GIF"),
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


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        ("Größe 1,70 m, Kalium 6,9 mmol/l, Fläche ¼", "cp850"),
        ("Créatinine 80 µmol/l, Hémoglobine 9,1", "cp850"),
        ("Señor Núñez: glucosa 5,1; ¿Alergias? ¡Ojo!", "cp1252"),
        ("Señor Núñez: niño, año", "cp850"),
        ("Leukozyten 7.500/µl, WBC 7 10³/µL, 38,5 °C", "cp1252"),
        ("ÄRZTLICHE ÜBERGABE – GRÖSSE", "cp1252"),
    ],
)
def test_letters_of_western_europe_are_told_by_the_words_that_they_make(words: str, encoding: str) -> None:
    assert decoded(words.encode(encoding)) == (words, ())


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        ("Wynik badania: żelazo 14,2, płytki 233, Wątroba niepowiększona, śledziona prawidłowa", "cp1250"),
        ("Общий анализ крови: Гемоглобин 128 г/л, Лейкоциты 6,4, Тромбоциты 233", "cp1251"),
        ("血常规检查报告 血红蛋白 128 白细胞 6.4 血小板 233 结论 未见异常", "gb18030"),
    ],
)
def test_of_other_letters_it_is_said_how_they_were_read(words: str, encoding: str) -> None:
    text, reasons = decoded(words.encode(encoding))
    assert reasons and encoding in reasons[0]
    assert text == words


def test_a_number_with_narrow_blanks_is_one_cell(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("Thrombozyten   247\u202f000 /µl   150\u00a0000 - 400\u00a0000")
    reading = read_text(tmp_path / "text", tmp_path, Limits(), "").reading
    (line,) = reading.pages[0].lines
    assert [reading.pages[0].text[cell.start : cell.end] for cell in line.cells] == [
        "Thrombozyten",
        "247 000 /µl",
        "150 000 - 400 000",
    ]
