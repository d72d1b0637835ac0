"""Every hostile file ends as it must, soon, in little memory, and the process that received it lives on."""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Callable
from multiprocessing.queues import Queue
from pathlib import Path

import pytest

from cases.adapters.reading import Limits, ReadingFailed, Refused, inspect_upload, read_in_child
from tests.tooling import documents, hostile
from tests.tooling.hostile import Hostile

MAKERS = {maker.__name__: maker for maker in hostile.CORPUS}
MARKS = (b"MARKER_",)
# Its one page is never done: a second reader goes on where the time of the first ended, gets no further, and ends.
READERS = {"forms_within_forms_pdf": 2}


def _end(made: Hostile, folder: Path) -> str:
    source = folder / "upload"
    source.write_bytes(made.content)
    try:
        reading = read_in_child(source=source, workdir=folder / "out", name=made.name, declared_type=made.media_type)
    except Refused as refusal:
        return refusal.code
    except ReadingFailed as failure:
        return failure.reason
    return reading.verdict


def _of_children() -> float:
    """Processor time: the same on a machine that does other things as well."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_a_hostile_file_ends_as_it_must_within_thirty_seconds_of_each_reader(name: str, tmp_path: Path) -> None:
    made = MAKERS[name]()
    started = _of_children()
    ending = _end(made, tmp_path)
    assert _of_children() - started < 30 * READERS.get(name, 1)
    if made.ending == "neutral":
        assert ending in {"complete", "partial", "failed"}
        left = b"".join(path.read_bytes() for path in (tmp_path / "out").iterdir())
        assert [mark for mark in MARKS if mark in left] == []
    else:
        assert ending in made.codes
        assert not (tmp_path / "out" / "reading.json").exists()
    assert not (tmp_path / "out" / ".scratch").exists()


def _peak_megabytes(maker: Callable[[], Hostile], folder: Path, answer: Queue[int]) -> None:
    _end(maker(), folder)
    answer.put(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)


def _dense_scan() -> Hostile:
    scan = documents.scanned(documents.many_pages(2), dpi=170)
    return Hostile(name=scan.name, media_type=scan.media_type, content=scan.content, ending="neutral")


HEAVY = ("png_bomb", "stream_bomb_pdf", "deflated_dicom_bomb", "nested_dicom", "huge_page_pdf", "dense scan")


@pytest.mark.parametrize("name", HEAVY)
def test_neither_a_bomb_nor_recognition_takes_a_child_more_than_768_megabytes(name: str, tmp_path: Path) -> None:
    method = multiprocessing.get_context("spawn")
    answer = method.Queue()
    maker = MAKERS.get(name, _dense_scan)
    process = method.Process(target=_peak_megabytes, args=(maker, tmp_path, answer))
    process.start()
    peak = answer.get(timeout=120)
    process.join(10)
    assert 0 < peak <= 768


@pytest.mark.parametrize("compressed", [False, True], ids=["plain", "inside an object stream"])
def test_javascript_is_found_before_the_file_is_opened(compressed: bool, tmp_path: Path) -> None:
    made = hostile.javascript_pdf(compressed=compressed)
    source = tmp_path / "upload"
    source.write_bytes(made.content)
    with pytest.raises(Refused) as refusal:
        inspect_upload(source=source, name=made.name, declared_type=made.media_type)
    assert refusal.value.code == "active_content"
    assert "Save as PDF" in refusal.value.advice


def test_an_encrypted_pdf_that_opens_without_password_is_read(tmp_path: Path) -> None:
    assert _end(hostile.encrypted_pdf(password=""), tmp_path) == "complete"


def test_inspection_at_the_door_is_quick_for_a_large_clean_pdf(tmp_path: Path) -> None:
    source = tmp_path / "upload"
    whole = hostile.thirty_megabytes().content
    source.write_bytes(whole)
    started = time.process_time()
    inspect_upload(source=source, name="a.pdf", declared_type="application/pdf", limits=Limits(max_bytes=len(whole)))
    assert time.process_time() - started < 1.0


def test_a_large_dicom_is_allowed_where_a_large_pdf_is_not(tmp_path: Path) -> None:
    source = tmp_path / "upload"
    source.write_bytes(documents.dicom_slice().content)
    limits = Limits(max_bytes=1000)
    assert inspect_upload(source=source, name="a.dcm", declared_type="", limits=limits) == "application/dicom"
    source.write_bytes(documents.lab_report().content)
    with pytest.raises(Refused) as refusal:
        inspect_upload(source=source, name="a.pdf", declared_type="", limits=limits)
    assert refusal.value.code == "too_large"
