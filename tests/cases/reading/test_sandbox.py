"""The child's walls, tried from inside, and the parent's patience, tried from outside."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cases.adapters.reading import Limits, ReadingFailed, read_in_child, sandbox
from cases.adapters.reading.results import load_draft, load_recognised
from tests.cases.reading.conftest import Reader
from tests.tooling import documents

ROOT = Path(__file__).resolve().parents[3]
INSIDE = """
import sys
from cases.adapters.reading.confinement import confine
print(confine(memory_bytes=300 * 2**20, cpu_seconds=2, file_bytes=1000, may_execute={execute}))
{attempt}
"""


def _inside(attempt: str, *, folder: Path, execute: bool = False) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", INSIDE.format(attempt=attempt, execute=execute)],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.mark.skipif(platform.machine() not in {"x86_64", "aarch64"}, reason="no call numbers for this processor")
def test_the_network_is_closed_by_the_kernel(tmp_path: Path) -> None:
    assert _inside("", folder=tmp_path).stdout.strip() == "seccomp"


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.socket()",
        "import socket; socket.socket(socket.AF_UNIX)",
        "import os; os.execv('/bin/true', ['true'])",
        "import ctypes, os; l = ctypes.CDLL(None, use_errno=True); n = l.ptrace(0, 0, 0, 0); "
        "e = ctypes.get_errno(); raise (PermissionError(e, 'ptrace') if n < 0 else SystemExit(0))",
    ],
    ids=["internet socket", "local socket", "new program", "tracing"],
)
def test_what_a_reader_never_needs_is_refused(attempt: str, tmp_path: Path) -> None:
    result = _inside(attempt, folder=tmp_path)
    assert result.returncode == 1
    assert "PermissionError" in result.stderr


def test_a_recogniser_may_start_its_program_but_has_no_network(tmp_path: Path) -> None:
    run = "import subprocess; print(subprocess.run(['/bin/echo', 'ran'], capture_output=True, text=True).stdout)"
    assert "ran" in _inside(run, folder=tmp_path, execute=True).stdout
    assert "PermissionError" in _inside("import socket; socket.socket()", folder=tmp_path, execute=True).stderr


def test_memory_beyond_the_limit_is_not_given(tmp_path: Path) -> None:
    assert "MemoryError" in _inside("bytearray(400 * 2**20)", folder=tmp_path).stderr


def test_a_file_beyond_the_limit_is_not_written(tmp_path: Path) -> None:
    result = _inside("open('f', 'wb', 0).write(bytes(5000)); open('f', 'ab', 0).write(b'x')", folder=tmp_path)
    assert "File too large" in result.stderr
    assert (tmp_path / "f").stat().st_size == 1000


def test_endless_work_ends_by_the_processor_limit(tmp_path: Path) -> None:
    assert _inside("while True: pass", folder=tmp_path).returncode < 0


def _upload(folder: Path, content: bytes) -> Path:
    source = folder / "upload"
    source.write_bytes(content)
    return source


def test_a_child_that_takes_too_long_is_killed_and_the_parent_told(tmp_path: Path) -> None:
    source = _upload(tmp_path, documents.lab_report().content)
    with pytest.raises(ReadingFailed) as failure:
        read_in_child(
            source=source,
            workdir=tmp_path / "out",
            name="a.pdf",
            declared_type="",
            limits=Limits(stalled_seconds=0.0),
        )
    assert failure.value.reason == "timeout"
    assert list((tmp_path / "out").iterdir()) == []


def test_a_child_without_memory_ends_as_failure(tmp_path: Path) -> None:
    source = _upload(tmp_path, documents.screenshot_png().content)
    with pytest.raises(ReadingFailed) as failure:
        read_in_child(
            source=source,
            workdir=tmp_path / "out",
            name="a.png",
            declared_type="",
            limits=Limits(memory_bytes=45 * 2**20),
        )
    assert failure.value.reason in {"memory", "crashed"}


def test_too_much_output_is_a_failure(tmp_path: Path) -> None:
    source = _upload(tmp_path, documents.many_pages(3).content)
    with pytest.raises(ReadingFailed) as failure:
        sandbox.run_child(
            task="read",
            source=source,
            media_type="application/pdf",
            limits=Limits(output_bytes=20_000),
            workdir=tmp_path / "out",
        )
    assert failure.value.reason == "output_too_large"


def test_what_was_read_before_drawing_stopped_is_kept(read: Reader) -> None:
    pages = documents.scanned(documents.many_pages(3), dpi=60)
    result = read(pages, limits=Limits(drawing_seconds=-1.0))
    assert result.reading.verdict == "partial"
    assert result.reading.reasons == ("time ran out before these scanned pages were drawn and read: 1, 2, 3",)


def test_what_one_child_had_no_time_to_draw_and_read_is_done_by_the_next(read: Reader) -> None:
    pages = documents.scanned(documents.many_pages(3), dpi=110)
    # Time for one page in each child.
    result = read(pages, limits=Limits(drawing_seconds=0.0))
    assert (result.reading.verdict, result.reading.reasons) == ("complete", ())
    assert [page.engine for page in result.reading.pages] == ["rapidocr"] * 3


def test_grandchildren_die_with_the_group(tmp_path: Path) -> None:
    script = "import subprocess, sys; subprocess.Popen(['sleep', '60']); sys.stdin.read()"
    process = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, start_new_session=True)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    deadline = time.monotonic() + 100
    while not children.read_text().split() and time.monotonic() < deadline:
        os.sched_yield()
    sleeper = int(children.read_text().split()[0])
    sandbox._end_group(process)
    assert process.stdin is not None
    process.stdin.close()
    deadline = time.monotonic() + 100
    while _runs(sleeper) and time.monotonic() < deadline:
        os.sched_yield()
    assert not _runs(sleeper)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_the_child_sees_no_secret_of_its_parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://hunter2")
    given = sandbox._environment(tmp_path)
    assert "hunter2" not in json.dumps(given)
    assert set(given) <= {"PATH", "LANG", "HOME", "TMPDIR", "PYTHONPATH", "MALLOC_ARENA_MAX", "OMP_NUM_THREADS"}


@pytest.mark.parametrize("told", ["not json", "[" * 5000, "{}", '{"reading": {"verdict": "fine"}, "pending": []}'])
def test_a_draft_that_is_none_is_a_failure_and_no_crash(told: str, tmp_path: Path) -> None:
    (tmp_path / "draft.json").write_text(told)
    (tmp_path / "recognised-0001.json").write_text(told)
    with pytest.raises(ReadingFailed, match="malformed_output"):
        load_draft(tmp_path)
    with pytest.raises(ReadingFailed, match="malformed_output"):
        load_recognised(tmp_path, 1)


@pytest.mark.parametrize("code", ["anything", None])
def test_a_refusal_that_we_do_not_know_counts_as_a_crash(code: str | None, tmp_path: Path) -> None:
    (tmp_path / sandbox.REFUSED_FILE).write_text(json.dumps({"code": code}))
    with pytest.raises(ReadingFailed, match="crashed"):
        sandbox._settle(sandbox.REFUSED_EXIT, tmp_path)


def test_reading_needs_no_django() -> None:
    modules = "cases.adapters.reading.sandbox_child, cases.adapters.reading.formats"
    code = f"import sys, {modules}; print('django' in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=600, check=True
    )
    assert answer.stdout.strip() == "False"
