"""Where the web processes listen behind the front."""

import hashlib
import os
import tempfile
from pathlib import Path

MAX_PATH_BYTES = 90  # a UNIX socket's path has at most 107 bytes, and gunicorn adds to it


def socket_folder(run: Path) -> Path:
    """A private folder for sockets: ``run`` itself, or one of our own when its path is too long."""
    if len(str(run)) > MAX_PATH_BYTES:
        digest = hashlib.sha256(str(run).encode()).hexdigest()[:12]
        run = Path(tempfile.gettempdir()) / f"sop-{os.getuid()}-{digest}"
    run.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Not through a link, which another account may have laid in the common folder.
    if run.lstat().st_uid != os.getuid() or run.is_symlink():
        raise PermissionError(f"{run} belongs to another account: set SOP_DATA_DIR to a folder of yours.")
    # Whoever made it before may have made it for everybody: front, web, realtime and ops run as one account.
    run.chmod(0o700)
    return run
