"""``manage.py make_secrets DIR``: every secret that production is given, made once. Needs no settings, no database."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

# The account of the image: it must read what root made for it.
IMAGE_ACCOUNT = 10001


def main(arguments: Sequence[str]) -> int:
    """Write the secrets that are not there yet; one that is there is never touched. Returns the exit status."""
    from config.settings.environment import new_signing_key, random_key

    parser = argparse.ArgumentParser(prog="manage.py make_secrets", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--owner", type=int, default=IMAGE_ACCOUNT if os.geteuid() == 0 else os.geteuid())
    asked = parser.parse_args(arguments)
    wanted = {
        "secret_key": lambda: random_key() + random_key(),
        "master_keys": lambda: json.dumps({"1": random_key()}),
        "blind_index_key": random_key,
        "signing/0001.pem": new_signing_key,
    }
    try:
        made = [name for name, make in wanted.items() if _write(asked.folder / name, make(), asked.owner)]
        for folder in (asked.folder, asked.folder / "signing"):
            os.chown(folder, asked.owner, -1)
    except OSError as error:
        sys.stderr.write(f"make_secrets: {error}\n")
        return 1
    there = [name for name in wanted if name not in made]
    sys.stdout.write(f"made {', '.join(made) or 'nothing'} in {asked.folder}, for account {asked.owner}\n")
    if there:
        sys.stdout.write(f"left as it was: {', '.join(there)}\n")
    sys.stdout.write(
        "Keep a copy apart from every backup of the database: without master_keys nobody reads the data.\n"
    )
    return 0


def _write(path: Path, text: str, owner: int) -> bool:
    """Whole or not at all, for its owner alone; False when there is one already."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.parent.name == "signing" and any(path.parent.glob("*.pem")):
        return False
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        os.fchown(descriptor, owner, -1)
    return True
