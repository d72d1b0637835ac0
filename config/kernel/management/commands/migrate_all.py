"""``manage.py migrate_all``: every context's schema, one after the other, under one lock."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from config.kernel.db.former_migrations import FormerSchema, former_schemas, keep
from config.kernel.db.schema import all_aliases
from config.kernel.db.timeouts import wait_at_most

LOCK = 72170
MAX_SECONDS = 3600
# The last commit that has the former migrations.
LAST_RELEASE = "5d1be9e09d72"
DROP = "To drop it instead: drop and create the database (on a desk: `make clean`, then remove .local)."
FORMER = (
    "This database was made by migrations that one migration a context has replaced ({found}). Nothing was changed."
    f" To keep its data: make a backup, then run `manage.py migrate_all --keep`. {DROP}"
)
STRANGE = (
    "This database has seen migrations that this release does not know ({found}). Nothing was changed. If a newer"
    " release made it, run that one. If an older one did, to keep its data: make a backup, run `manage.py migrate_all`"
    f" of commit {{last}}, then `manage.py migrate_all --keep` of this release. {DROP}"
)


class Command(BaseCommand):
    """Migrates all five aliases; several containers may start it at once."""

    help = "Create schemas, roles and extensions, and apply all migrations of all contexts."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--keep``: take over the tables of a database from before the migrations were replaced."""
        parser.add_argument("--keep", action="store_true", help="Keep a database that the former migrations made.")

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
                take_over(former_schemas(), keeps=options["keep"])
                for alias in all_aliases():
                    call_command("migrate", database=alias, interactive=False, verbosity=options["verbosity"])
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        self.stdout.write(f"Migrated: {', '.join(all_aliases())}")


def take_over(former: list[FormerSchema], *, keeps: bool) -> None:
    """Stop on databases that other migrations made, or, if they are to be kept and complete, go on with them."""
    if not former:
        return
    if not all(one.complete for one in former):
        raise CommandError(STRANGE.format(found=_told(former), last=LAST_RELEASE))
    if not keeps:
        raise CommandError(FORMER.format(found=_told(former)))
    try:
        keep([one.context for one in former])
    except ValueError as fault:
        raise CommandError(f"The database cannot be kept as it is: {fault}. Nothing of it was changed.") from None


def _told(former: list[FormerSchema]) -> str:
    return "; ".join(f"{one.context}: {one.unknown[-1]}" for one in former)
