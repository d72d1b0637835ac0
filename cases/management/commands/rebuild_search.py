"""``manage.py rebuild_search``: the search index of cases anew, from what is sealed."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandParser

from cases.services import index


class Command(BaseCommand):
    """In batches while everybody works on: after BLIND_INDEX_KEY was changed, or for cases older than the index."""

    help = "Write the search index of all cases anew."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to go on."""
        parser.add_argument("--after", type=UUID, help="go on after this case, as the last run printed")

    def handle(self, *args: Any, after: UUID | None = None, **options: Any) -> None:
        """Prints where it is after each batch."""
        while after := index.rebuild_index(after=after):
            self.stdout.write(f"  done up to {after} (to go on from here: --after {after})")
        self.stdout.write("The search index is complete.")
