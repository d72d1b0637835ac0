"""uv, as the environment of the tests has it: locked like everything else."""

import subprocess
import sys
from pathlib import Path

COMPILE = (
    "pip",
    "compile",
    "--quiet",
    "--universal",
    "--python-version",
    "3.11",
    "--generate-hashes",
    "--no-header",
    "--no-emit-index-url",
    "--no-emit-find-links",
)


def uv(folder: Path, *arguments: str) -> None:
    """Run it in ``folder``; a failure raises."""
    subprocess.run([Path(sys.executable).with_name("uv"), *arguments], cwd=folder, check=True)
