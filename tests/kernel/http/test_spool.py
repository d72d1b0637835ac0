"""Bodies on their way in: whole, and unreadable for everybody else."""

import os
import random
from pathlib import Path

import pytest

from config.runtime.http.spool import FRAME, Spool, Unread


@pytest.mark.parametrize("size", [0, 1, FRAME, FRAME + 1, 5 * FRAME, 3_000_000])
def test_what_was_written_is_read(size: int) -> None:
    chance = random.Random(size)
    content = chance.randbytes(size)
    spool, at = Spool(), 0
    while at < size:
        step = chance.randint(1, 200_000)
        spool.add(content[at : at + step])
        at += step
    file = spool.rewind()
    assert b"".join(iter(lambda: file.read(chance.randint(1, 100_000)), b"")) == content
    spool.close()


def test_lines_are_read_too() -> None:
    spool = Spool()
    spool.add(b"first\nsecond\n" + b"x" * 100_000)
    file = spool.rewind()
    assert [file.readline(), file.readline()] == [b"first\n", b"second\n"]
    assert len(file.read()) == 100_000


def test_nothing_readable_and_no_name_lies_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOP_WORK_DIR", str(tmp_path))
    spool = Spool()
    spool.add(b"Maria Keller, aortic stenosis. " * 10_000)
    assert list(tmp_path.iterdir()) == []
    files = [path for path in Path("/proc/self/fd").iterdir() if _target(path).startswith(str(tmp_path))]
    assert len(files) == 1
    held = files[0].read_bytes()
    assert len(held) == spool.on_disk > 4 * FRAME
    assert b"Keller" not in held
    assert b"stenosis" not in held
    spool.close()
    assert not files[0].exists()


def test_little_of_it_is_in_memory() -> None:
    spool = Spool()
    for _ in range(100):
        spool.add(b"x" * 100_000)
    assert len(spool.beginning()) == 0
    assert spool.on_disk > 10_000_000 - 2 * FRAME
    spool.close()


def test_who_reads_a_body_that_was_refused_is_told_so() -> None:
    with pytest.raises(OSError, match="refused"):
        Unread().read(10)


def _target(path: Path) -> str:
    try:
        return os.readlink(path)
    except OSError:
        return ""
