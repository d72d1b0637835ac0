"""Running the servers' own tools, under the account that the server has."""

import pwd
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from config.runtime.embedded.errors import ServiceError


def as_account(account: pwd.struct_passwd | None) -> dict[str, Any]:
    """``subprocess`` arguments that drop to ``account``; nothing when there is none."""
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def run(
    command: Sequence[str | Path],
    *,
    account: pwd.struct_passwd | None = None,
    env: Mapping[str, str] | None = None,
    check: bool = True,
) -> subprocess.CompletedProcess[str]:
    """Run a tool to its end and return its output; a failure raises ``ServiceError`` with what it said."""
    done = subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd="/",
        env=env,
        check=False,
        **as_account(account),
    )
    if check and done.returncode:
        raise ServiceError(f"{Path(command[0]).name}: {done.stdout}{done.stderr}".strip())
    return done
