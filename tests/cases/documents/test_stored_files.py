"""Files with the same name, files that change on the disk, a disk that is full, parts in any order."""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import random
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from cases.models import Document, RetiredFile
from cases.services import documents
from cases.services.storage.file_resealing import discard_retired
from config.kernel import clock
from config.kernel.due_work import drain
from config.kernel.errors import Unavailable
from tests.cases.documents.test_tus import Tus
from tests.cases.support import Story, by

pytestmark = pytest.mark.django_db
LETTER = "Patient: Maria Keller\nDate of birth: 17.04.1961\nAll is well.\n"


def on_disk(settings: Any) -> dict[str, Path]:
    root = Path(settings.DOCUMENT_STORAGE_DIR)
    return {str(path.relative_to(root)): path for path in root.rglob("*") if path.is_file()}


def send(story: Story, content: bytes, folder: Path, name: str = "report.txt") -> Document:
    source = folder / "upload"
    source.write_bytes(content)
    with by(story.patient):
        told = documents.upload_document(
            principal=story.patient, case_id=story.id, name=name, declared_type="", source=source
        )
    return Document.objects.get(id=told.id)


def test_a_hundred_files_of_one_name_are_a_hundred_files(tmp_path: Path, settings: Any) -> None:
    stories = (Story(), Story())
    contents = [f"{LETTER}{number}\n".encode() for number in range(100)]
    rows = [send(stories[number % 2], content, tmp_path) for number, content in enumerate(contents)]
    assert len({row.storage_key for row in rows}) == 100
    assert set(on_disk(settings)) == {row.storage_key for row in rows}
    assert [row.sha256 for row in rows] == [hashlib.sha256(content).hexdigest() for content in contents]


@pytest.mark.parametrize("where", [0.0, 0.3, 0.6, 0.999])
def test_a_byte_that_changed_on_the_disk_is_not_served_and_is_told(
    api: Any, tmp_path: Path, settings: Any, caplog: pytest.LogCaptureFixture, where: float
) -> None:
    story = Story()
    document = send(story, LETTER.encode() + b"More.\n" * 1000, tmp_path)
    drain("cases")
    path = on_disk(settings)[document.storage_key]
    stored = bytearray(path.read_bytes())
    stored[int(len(stored) * where)] ^= 1
    path.chmod(0o600)
    path.write_bytes(stored)
    with caplog.at_level(logging.ERROR):
        answer = api.as_(story.patient).get(f"/documents/{document.id}/original")
    assert answer.status_code == 500
    assert b"All is well" not in answer.content
    assert [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize("point", range(20))
def test_a_disk_that_is_full_at_any_point_leaves_neither_row_nor_file(
    tmp_path: Path, settings: Any, point: int
) -> None:
    story, content = Story(), LETTER.encode() * 90_000
    written = iter(range(10**6))

    class Full:
        """A file on a disk that takes so many writes and no more."""

        def __init__(self, file: Any) -> None:
            self._file = file

        def __enter__(self) -> Full:
            return self

        def __exit__(self, *error: object) -> None:
            self._file.close()

        def __getattr__(self, name: str) -> Any:
            return getattr(self._file, name)

        def write(self, chunk: bytes) -> int:
            if next(written) >= point:
                self._file.write(chunk[:100])
                raise OSError(errno.ENOSPC, "No space left on device")
            return int(self._file.write(chunk))

    real = os.fdopen
    full = mock.patch("cases.adapters.storage.disk.os.fdopen", lambda *given: Full(real(*given)))
    with full, pytest.raises(Unavailable):
        send(story, content, tmp_path)
    assert not Document.objects.exists()
    assert on_disk(settings) == {}
    kept = send(story, content, tmp_path)
    with clock.frozen(clock.now() + timedelta(days=1, minutes=1)):
        discard_retired(None)  # type: ignore[arg-type]  # the job asks nothing of its run
    assert set(on_disk(settings)) == {kept.storage_key}
    assert not RetiredFile.objects.exists()


def test_fifty_uploads_whose_parts_come_shuffled_and_twice_are_right(api: Any, settings: Any) -> None:
    settings.RATE_LIMITS_SCALE = 1000
    story, chosen = Story(), random.Random(50)
    for number in range(50):
        content = f"{LETTER}{number}\n".encode() * chosen.randrange(1, 40)
        client, size = Tus(api, story.patient), -(-len(content) // 6)
        client.begin(story, len(content), name="report.txt")
        parts = list(range(0, len(content), size))
        done = 0
        while done < len(content):
            at = chosen.choice(parts)
            answer = client.send(at, content[at : at + size])
            assert answer.status_code == (204 if at == done else 409)
            done += size if at == done else 0
        assert Document.objects.latest("created_at").sha256 == hashlib.sha256(content).hexdigest()
    assert Document.objects.count() == 50
