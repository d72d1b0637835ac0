"""ZIP archives and CDs of images: what is in them becomes documents, and nothing that they do harms."""

from __future__ import annotations

import io
import stat
import zipfile
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from cases.adapters.reading import unpacker
from cases.models import Archive, AuditEntry, Document, Job, ResumableUpload, RetiredFile, UploadPart
from cases.services.documents.uploads import archives
from config.kernel.due_work import drain
from tests.cases.documents.test_tus import Tus
from tests.cases.support import Story
from tests.factories import make_person
from tests.tooling.series import slice_file

pytestmark = pytest.mark.django_db


def letter(word: str) -> bytes:
    return f"Patient: Maria Keller\nDate of birth: 17.04.1961\nAbout {word}.\n".encode()


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return held.getvalue()


def locked(content: bytes) -> bytes:
    """The archive with the mark of a password on its entries."""
    for head, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        where = content.find(head)
        while where >= 0:
            content = content[: where + at] + b"\x01" + content[where + at + 1 :]
            where = content.find(head, where + 4)
    return content


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def send(api, story: Story, content: bytes, name: str = "records.zip"):
    file = SimpleUploadedFile(name, content, content_type="application/zip")
    return api.as_(story.patient).upload("/archives", {"case_id": str(story.id), "file": file})


def outcomes(api, story: Story, path: str) -> list[tuple[str, str]]:
    told = api.as_(story.patient).get(path.removeprefix("/api/v1")).json()
    return [(entry["path"], entry["outcome"]) for entry in told["entries"]]


def test_each_file_is_told_and_only_records_become_documents(api) -> None:
    story = Story()
    content = zipped(
        ("letters/2026/first.txt", letter("one")),
        ("letters/second.txt", letter("two")),
        ("copy of first.txt", letter("one")),
        ("../../etc/passwd.txt", letter("three")),
        ("viewer/start.exe", b"MZ" + b"\0" * 200),
        ("more.zip", zipped(("inner.txt", letter("four")))),
        (link("link.txt"), b"/etc/passwd"),
        ("__MACOSX/._first.txt", b"junk"),
        ("letters/.DS_Store", b"junk"),
    )
    answer = send(api, story, content)
    assert answer.status_code == 202, answer.content
    assert answer.json()["state"] == "RECEIVED"
    assert not Document.objects.exists()
    drain("cases")
    assert outcomes(api, story, answer["Location"]) == [
        ("letters/2026/first.txt", "TAKEN"),
        ("letters/second.txt", "TAKEN"),
        ("copy of first.txt", "DUPLICATE"),
        ("../../etc/passwd.txt", "TAKEN"),
        ("viewer/start.exe", "REFUSED"),
        ("more.zip/inner.txt", "TAKEN"),
        ("link.txt", "REFUSED"),
    ]
    told = api.as_(story.patient).get(answer["Location"].removeprefix("/api/v1")).json()
    assert (told["state"], told["files"], told["done"], told["taken"]) == ("UNPACKED", 7, 7, 4)
    assert all(len(entry["advice"]) > 20 for entry in told["entries"] if entry["outcome"] in ("REFUSED", "DUPLICATE"))
    assert told["entries"][2]["document_id"] == told["entries"][0]["document_id"]
    taken = {str(one) for one in Document.objects.values_list("id", flat=True)}
    assert taken == {entry["document_id"] for entry in told["entries"] if entry["outcome"] == "TAKEN"}
    assert set(Document.objects.values_list("state", flat=True)) == {"ACCEPTED"}
    assert set(Document.objects.values_list("uploaded_by", flat=True)) == {story.patient.user_id}
    assert b"first" not in bytes(Archive.objects.get().entries_sealed or b"")
    assert not UploadPart.objects.exists()
    assert AuditEntry.objects.filter(action="archive.read", patient_id=story.patient.user_id).count() == 3


def test_a_killed_unpacking_goes_on_and_doubles_nothing(api) -> None:
    story = Story()
    answer = send(api, story, zipped(*((f"{word}.txt", letter(word)) for word in ("one", "two", "three"))))
    real, calls = archives.upload_document, []

    def dies(**told):
        calls.append(told)
        if len(calls) == 3:
            raise RuntimeError("killed")
        return real(**told)

    with mock.patch.object(archives, "upload_document", dies):
        drain("cases")
    assert Document.objects.count() == 2
    Job.objects.filter(state="QUEUED", kind="cases.unpack_archive").update(run_after="2020-01-01T00:00Z")
    drain("cases")
    assert [outcome for _, outcome in outcomes(api, story, answer["Location"])] == ["TAKEN"] * 3
    assert Document.objects.count() == 3


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (zipped(("a.txt", letter("a")))[:-30], "damaged"),
        (zipped(*((f"{number}.txt", b"x") for number in range(2001))), "2000"),
        (zipped(("zeros.dcm", b"\0" * 3_000_000)), "more than"),
    ],
    ids=["cut short", "too many", "too large"],
)
def test_an_archive_that_cannot_be_taken_says_why(api, monkeypatch, content: bytes, word: str) -> None:
    monkeypatch.setattr(unpacker, "TOTAL_BYTES", 2_000_000)
    story = Story()
    answer = send(api, story, content)
    drain("cases")
    told = api.as_(story.patient).get(answer["Location"].removeprefix("/api/v1")).json()
    assert told["state"] == "REFUSED"
    assert word in told["advice"]
    assert not Document.objects.exists()


def test_a_locked_file_is_named_and_the_archive_is_no_failure(api) -> None:
    story = Story()
    answer = send(api, story, locked(zipped(("secret.txt", letter("a")))))
    drain("cases")
    told = api.as_(story.patient).get(answer["Location"].removeprefix("/api/v1")).json()
    assert told["state"] == "UNPACKED"
    assert "password" in told["entries"][0]["advice"]


def test_a_cd_of_images_is_taken_in_the_order_of_its_directory(api, tmp_path) -> None:
    story = Story()
    images = {f"DICOM/IM{number:04d}": slice_file(number) for number in (1, 2, 3)}
    listed = ["DICOM/IM0003", "DICOM/IM0001", "DICOM/IM0002"]
    entries = [("DICOMDIR", directory(listed)), *images.items(), ("README.TXT", letter("the CD"))]
    answer = send(api, story, zipped(*entries))
    drain("cases")
    told = outcomes(api, story, answer["Location"])
    assert told == [
        *((name, "TAKEN") for name in listed),
        ("DICOMDIR", "SKIPPED"),
        ("README.TXT", "TAKEN"),
    ]


def directory(listed: list[str]) -> bytes:
    """A DICOMDIR (PS3.3 annex F) that refers to the files."""
    data = Dataset()
    records = []
    for name in listed:
        record = Dataset()
        record.DirectoryRecordType = "IMAGE"
        record.ReferencedFileID = name.split("/")
        records.append(record)
    data.DirectoryRecordSequence = records
    data.file_meta = FileMetaDataset()
    data.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.1.3.10"
    data.file_meta.MediaStorageSOPInstanceUID = "1.2.3.4"
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    held = io.BytesIO()
    data.save_as(held, enforce_file_format=True)
    return held.getvalue()


def test_a_large_one_comes_in_parts_and_waits_in_them(api) -> None:
    story = Story()
    tus, content = Tus(api, story.patient), zipped(("one.txt", letter("one")))
    tus.begin(story, len(content), name="cd.zip", kind="application/zip")
    tus.send(0, content[:100])
    ended = tus.send(100, content[100:])
    assert "Document-Location" not in ended
    where = ended["Archive-Location"]
    assert UploadPart.objects.count() == 2
    drain("cases")
    assert outcomes(api, story, where) == [("one.txt", "TAKEN")]
    parts = RetiredFile.objects.filter(storage_key__startswith="part")
    assert not UploadPart.objects.exists()
    assert parts.count() == 2
    assert tus.ask("HEAD", tus.url)["Archive-Location"] == where
    assert ResumableUpload.objects.get().finished


def test_whose_access_ended_meanwhile_adds_nothing(api) -> None:
    story = Story().in_review()
    file = SimpleUploadedFile("r.zip", zipped(("one.txt", letter("one"))), content_type="application/zip")
    answer = api.as_(story.author).upload("/archives", {"case_id": str(story.id), "file": file})
    before = Document.objects.count()
    type(story.row).objects.filter(id=story.id).update(assigned_user_id=None)
    drain("cases")
    assert Document.objects.count() == before
    assert outcomes(api, story, answer["Location"]) == [("one.txt", "REFUSED")]
    assert api.as_(story.author).get(answer["Location"].removeprefix("/api/v1")).status_code == 404


def test_staff_see_no_contents_and_what_is_no_archive_is_refused(api) -> None:
    story = Story()
    wrong = send(api, story, letter("one"))
    assert (wrong.status_code, wrong.json()["code"]) == (400, "archive_wrong_type")
    office = send(api, story, zipped(("word/document.xml", b"<w/>")), name="letter.docx")
    assert (office.status_code, office.json()["code"]) == (400, "archive_wrong_type")
    path = send(api, story, zipped(("one.txt", letter("one"))))["Location"].removeprefix("/api/v1")
    assert api.as_(make_person("patient")).get(path).status_code == 404
