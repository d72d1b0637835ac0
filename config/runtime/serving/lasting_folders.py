"""Whether the folders of the product's state can be written to, and outlive the container."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from config.kernel.conf import setting
from config.runtime.serving.mounts import mount_of

MOUNTS = Path("/proc/self/mountinfo")
_IN_MEMORY = ("tmpfs", "ramfs", "devtmpfs")


def state_faults() -> Iterator[str]:
    """Each folder in which something would be lost or could not be written, with what to change."""
    for name, folder in state_folders().items():
        yield from folder_faults(name, folder)


def state_folders() -> dict[str, Path]:
    """What the product makes and must find again, by the setting that names the place."""
    found = {
        "SOP_STATE_DIR": Path(setting("STATE_DIR")),
        "REPORT_KEYS_DIR": Path(setting("REPORT_KEYS_DIR")),
        "AUDIT_HEADS_DIR": Path(setting("AUDIT_HEADS_DIR")),
        "AUDIT_HEADS_KEY": Path(setting("AUDIT_HEADS_KEY")).parent,
        "EXPORTS_DIR": Path(setting("EXPORTS_DIR")),
    }
    if shares := setting("KEY_SHARES_DIR"):
        found["KEY_SHARES_DIR"] = Path(shares)
    if setting("DOCUMENT_STORAGE") == "disk":
        found["DOCUMENT_STORAGE_DIR"] = Path(setting("DOCUMENT_STORAGE_DIR"))
    return found


def folder_faults(name: str, folder: Path) -> Iterator[str]:
    """What is wrong with one folder; it is made when it is not there."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"?")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        yield f"{name}: {folder} cannot be written to ({error.strerror}): mount a lasting folder of this account there."
        return
    mounted, kind = mount_of(folder, MOUNTS.read_text())
    if kind in _IN_MEMORY:
        yield f"{name}: {folder} lies in memory ({kind} at {mounted}) and ends with it: mount a volume there."
    elif kind == "overlay" and mounted == Path("/"):
        yield f"{name}: {folder} lies in the container's own layer and ends with it: mount a volume there."
