"""``manage.py rewrap_keys``: everything that the master key wraps, onto its newest version."""

from typing import Any

from django.core.management.base import BaseCommand

from config.kernel.crypto.master import master_keys
from config.kernel.crypto.master_key_rewrap import rewrap, wrapped_models


class Command(BaseCommand):
    """In batches; cut it short whenever you like and run it again."""

    help = "Re-wrap every data key and every value sealed by the master key onto its newest version."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints progress after each batch."""
        self.stdout.write(f"To version {master_keys().newest()} of the master key:")
        for found in wrapped_models():
            done = 0
            for done in rewrap(found):
                self.stdout.write(f"  {found.model._meta.db_table}: {done:,}")
            self.stdout.write(f"{found.model._meta.db_table}: {done:,} re-wrapped, none left")
