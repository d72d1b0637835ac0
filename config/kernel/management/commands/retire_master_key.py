"""``manage.py retire_master_key --version n``: a version of the master key that nothing needs is removed for good."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.kernel.crypto.master import master_keys
from config.kernel.crypto.master_key_rewrap import versions_in_use
from config.kernel.crypto.providers import RotatedElsewhere


class Command(BaseCommand):
    """Refuses while anything is still wrapped by the version."""

    help = "Remove an old version of the master key. What it wrapped in old backups can be opened no more."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which version."""
        # ``--version`` is Django's own.
        parser.add_argument("--key-version", type=int, required=True, dest="number")

    def handle(self, *args: Any, number: int, **options: Any) -> None:
        """Looks at every table first."""
        keys = master_keys()
        if number not in keys.versions():
            raise CommandError(f"There is no version {number}; there are {', '.join(map(str, keys.versions()))}.")
        if number == keys.newest():
            raise CommandError("The newest version is in use by definition: run rotate_master_key first.")
        left = versions_in_use()[number]
        if left:
            raise CommandError(f"{left:,} values are still wrapped by version {number}: run rewrap_keys first.")
        try:
            keys.retire(number)
        except RotatedElsewhere as reason:
            raise CommandError(str(reason)) from None
        self.stdout.write(f"Version {number} of the master key is gone.")
