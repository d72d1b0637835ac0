"""``manage.py migrate_all``: every context's schema, one after the other, under one lock."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections

from config.kernel.db.schema import all_aliases
from config.kernel.db.timeouts import wait_at_most

LOCK = 72170
MAX_SECONDS = 3600


class Command(BaseCommand):
    """Migrates all five aliases; several containers may start it at once."""

    help = "Create schemas, roles and extensions, and apply all migrations of all contexts."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run as the databases' owner: the contexts' roles have no right to change tables."""
        # Nobody waits for a page: an index over a million rows, or another container's migrations, take their time.
        wait_at_most(MAX_SECONDS)
        for alias in all_aliases():
            connections[alias].close()
            database_options = connections[alias].settings_dict["OPTIONS"]
            database_options["options"] = database_options["options"].split(" -c role=")[0]
        with connections["default"].cursor() as cursor:
            cursor.execute("SET lock_timeout = 0")
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            cursor.execute("RESET lock_timeout")
            try:
                for alias in all_aliases():
                    call_command("migrate", database=alias, interactive=False, verbosity=options["verbosity"])
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        self.stdout.write(f"Migrated: {', '.join(all_aliases())}")
