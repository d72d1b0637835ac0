"""From a bare machine: the set-up's decisions, and one real set-up from nothing."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.bootstrap import environment
from deploy.bootstrap.__main__ import ORDERS

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with locks of its own, and a record of what would have been done."""
    (tmp_path / "requirements").mkdir()
    for name in environment.TEST:
        (tmp_path / "requirements" / f"{name}.txt").write_text(f"{name}==1 \\\n")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    return tmp_path


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    done: list[tuple[str, ...]] = []
    monkeypatch.setattr(environment, "_install", lambda python, sets: done.append(tuple(sets)))
    monkeypatch.setattr(environment, "_works", lambda python: True)
    return done


def test_locks_are_installed_once(tree: Path, installed: list[tuple[str, ...]]) -> None:
    environment.ensure(environment.RUN)
    environment.ensure(environment.RUN)
    assert installed == [environment.RUN]


def test_a_changed_lock_is_installed_again(tree: Path, installed: list[tuple[str, ...]]) -> None:
    environment.ensure(environment.RUN)
    (tree / "requirements" / "local.txt").write_text("local==2 \\\n")
    environment.ensure(environment.RUN)
    assert len(installed) == 2


def test_the_wider_set_serves_the_narrower(tree: Path, installed: list[tuple[str, ...]]) -> None:
    environment.ensure(environment.TEST)
    environment.ensure(environment.RUN)
    assert installed == [environment.TEST]
    (tree / "requirements" / "dev.txt").write_text("dev==2 \\\n")
    environment.ensure(environment.RUN)
    assert installed == [environment.TEST]
    environment.ensure(environment.TEST)
    assert len(installed) == 2


def test_an_old_python_is_refused_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "OLDEST", (99, 0))
    with pytest.raises(environment.CannotBootstrap, match="PYTHON="):
        environment.ensure(environment.RUN)


def test_a_missing_venv_module_is_named_with_the_command_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "find_spec", lambda name: None)
    monkeypatch.setattr(environment.shutil, "which", lambda name: None)
    monkeypatch.setattr(environment, "_works", lambda python: False)
    with pytest.raises(environment.CannotBootstrap, match=r"apt-get install -y python3\.\d+-venv"):
        environment.ensure(environment.RUN)


def test_a_broken_environment_is_made_again(tree: Path) -> None:
    (tree / ".venv" / "bin" / "python").unlink()
    (tree / ".venv" / "bin" / "python").symlink_to("/nowhere")
    assert not environment._works(tree / ".venv" / "bin" / "python")


def test_the_bootstrap_needs_the_standard_library_alone() -> None:
    command = [
        sys.executable,
        "-I",
        "-S",
        "-c",
        "import sys; sys.path.insert(0, '.'); import deploy.bootstrap.__main__",
    ]
    assert subprocess.call(command, cwd=ROOT) == 0


def test_every_order_of_the_makefile_is_known_and_each_is_carried_out_by_it() -> None:
    asked = set(re.findall(r"\$\(BOOTSTRAP\) (\w+)", (ROOT / "Makefile").read_text()))
    assert asked == set(ORDERS)
