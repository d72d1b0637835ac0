"""Data folders of one test, with every server in them ended afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from config.runtime.embedded import Stack


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A folder for servers' data; what still runs in it at the end is stopped."""
    # PostgreSQL drops root: its account must be able to get here.
    for folder in (tmp_path, *tmp_path.parents[:3]):
        if str(folder).startswith("/tmp/pytest"):
            folder.chmod(0o755)
    yield tmp_path / "data"
    if (tmp_path / "data").exists():
        Stack(tmp_path / "data").stop()
