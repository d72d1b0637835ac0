"""What could not be read, or not wholly, is never taken for a document that says nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from cases.adapters.reading import Limits, Refused, read_in_child
from cases.domain.documents.document_text import Reading
from cases.models import Document
from cases.services import documents
from config.kernel.due_work import drain
from tests.cases.support import Story
from tests.tooling import hostile
from tests.tooling.documents import many_pages, scanned

pytestmark = pytest.mark.django_db
EACH = 10


def read(content: bytes, folder: Path, **limits: Any) -> Reading:
    source = folder / "upload"
    source.write_bytes(content)
    return read_in_child(source=source, workdir=folder / "out", name="a.pdf", declared_type="", limits=Limits(**limits))


def cut_at_a_limit(number: int, folder: Path) -> Reading:
    return read(many_pages(number + 2).content, folder, max_pages=number + 1)


def partly_broken(number: int, folder: Path) -> Reading:
    """Whole pages, and one that the file names and does not hold."""
    pages = b"3 0 R " * (number + 1) + b"99 0 R"
    tree = b"<< /Type /Pages /Count %d /Kids [%b] >>" % (number + 2, pages)
    return read(hostile._pdf({2: tree}), folder)


def scanned_and_not_recognised(number: int, folder: Path) -> Reading:
    return read(scanned(many_pages(1), dpi=50 + number).content, folder, recognition_seconds=0.05)


@pytest.mark.parametrize("make", [cut_at_a_limit, partly_broken, scanned_and_not_recognised])
def test_a_reading_that_is_not_whole_says_so_to_all_who_use_it(make: Any, api: Any, tmp_path: Path) -> None:
    story = Story()
    for number in range(EACH):
        folder = tmp_path / str(number)
        folder.mkdir()
        reading = make(number, folder)
        assert reading.verdict in ("partial", "failed")
        assert reading.reasons
        told = story.add_document(f"{number}", tmp_path)
        with (
            mock.patch("cases.services.documents.pipeline.glance_in_child", return_value=None),
            mock.patch("cases.services.documents.pipeline.read_in_child", return_value=reading),
        ):
            drain("cases")
        assert documents.document_text(document_id=told.id).verdict == reading.verdict
    Document.objects.update(state="ACCEPTED")
    story.in_review()
    shown = api.as_(story.author).get(f"/cases/{story.id}/documents").json()
    assert len([one for one in shown if one["verdict"] in ("partial", "failed") and one["reasons"]]) == EACH


@pytest.mark.parametrize("number", range(EACH))
def test_a_locked_file_is_refused_with_the_way_out(number: int, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refusal:
        read(hostile.encrypted_pdf(password=f"secret-{number}").content, tmp_path)
    assert refusal.value.code == "encrypted_pdf"
    assert "without password" in refusal.value.advice
