"""Which file system holds a folder, by the kernel's own list."""

import re
from pathlib import Path


def mount_of(folder: Path, mounts: str) -> tuple[Path, str]:
    """Where the file system that holds ``folder`` is mounted, and its kind; of two at one place the later counts."""
    place = folder.resolve()
    found, kind = Path("/"), ""
    for line in mounts.splitlines():
        left, _, right = line.partition(" - ")
        # Blanks and the like stand as \040 there.
        mounted = Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), left.split()[4]))
        if place.is_relative_to(mounted) and len(mounted.parts) >= len(found.parts):
            found, kind = mounted, right.split()[0]
    return found, kind
