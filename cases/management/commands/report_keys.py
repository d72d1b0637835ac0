"""``manage.py report_keys [--rotate] [--write FILE]``."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cases.services import report


class Command(BaseCommand):
    """Shows, rotates and writes down the public keys that reports are checked with."""

    help = "List the public keys of reports; --rotate makes a new one, --write saves them for use without a network."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--rotate`` and ``--write``."""
        parser.add_argument("--rotate", action="store_true", help="make a new key; only public halves stay of others")
        parser.add_argument("--write", type=Path, metavar="FILE", help="write the key set (JWKS) to FILE")

    def handle(self, *args: Any, rotate: bool, write: Path | None, **options: Any) -> None:
        """The last key printed is the one that signs."""
        if rotate:
            report.rotate_report_keys()
        keys = report.published_keys()
        if write is not None:
            write.write_text(json.dumps(keys, indent=1) + "\n")
        for key in keys["keys"]:
            self.stdout.write(key["kid"])
