"""``manage.py rotate_master_key``: a new version of the master key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.kernel.crypto.master import master_keys
from config.kernel.crypto.providers import RotatedElsewhere


class Command(BaseCommand):
    """Adds a version to the key ring in a file, or has the KMS add one."""

    help = "Add a version of the master key; new wrappings use it at once. Then run rewrap_keys."

    def handle(self, *args: Any, **options: Any) -> None:
        """Fails where the ring is not ours to change, and says what to do instead."""
        try:
            version = master_keys().rotate()
        except RotatedElsewhere as reason:
            raise CommandError(str(reason)) from None
        self.stdout.write(f"The master key has version {version} now. Next: manage.py rewrap_keys")
