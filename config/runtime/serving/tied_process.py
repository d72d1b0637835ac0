"""``python -m config.runtime.serving.tied_process COMMAND…``: run a command that ends when its parent is killed.

Without it the processes of a supervisor that dies by SIGKILL live on, hold the port and do jobs unwatched.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def tie_to_parent() -> None:
    """Ask the kernel for a SIGTERM when the parent ends. Elsewhere than on Linux nothing happens."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def main() -> None:
    """Become the command."""
    parent = os.getppid()
    tie_to_parent()
    if os.getppid() != parent:
        sys.exit("The supervisor ended before its process began.")
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606  becoming the command is the purpose


if __name__ == "__main__":
    main()
