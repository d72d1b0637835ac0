"""``manage.py rotate_data_keys``: new versions of people's data keys; what they sealed follows by jobs."""

from argparse import BooleanOptionalAction
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.kernel import clock
from config.kernel.crypto import KeyDestroyed
from config.kernel.errors import Conflict, NotFound
from identity import services


class Command(BaseCommand):
    """One person or all; ``--retire`` destroys the old versions that nothing is sealed with any more."""

    help = "Rotate data keys (--patient id or --all), or --retire versions that are in use no longer."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, and what."""
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("--patient", type=UUID)
        who.add_argument("--all", action="store_true", dest="everybody")
        parser.add_argument("--retire", action=BooleanOptionalAction, default=False)
        parser.add_argument("--before", type=datetime.fromisoformat, help="go on with a run that began at this instant")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints progress, and how to go on with a run that was cut short."""
        began = options["before"] or clock.now()
        if options["everybody"] and not options["retire"]:
            self.stdout.write(f"If this is cut short: rotate_data_keys --all --before {began.isoformat()}")
        done, refused = 0, 0
        for subject in _people(options, began):
            try:
                done += self._one(subject, retire=options["retire"])
            except Conflict as reason:
                refused += 1
                self.stderr.write(f"{subject}: {reason.detail}")
            except (NotFound, KeyDestroyed):
                if options["patient"]:
                    raise CommandError("This person has no data key.") from None
            if done and done % 100 == 0:
                self.stdout.write(f"  {done:,}")
        self.stdout.write(
            f"{done:,} {'versions retired' if options['retire'] else 'keys rotated; rows follow by jobs'}"
        )
        if refused:
            raise CommandError(f"{refused:,} people's old versions cannot go yet.")

    def _one(self, subject: UUID, *, retire: bool) -> int:
        if retire:
            return services.retire_data_keys(subject_id=subject)
        services.rotate_data_key(subject_id=subject)
        return 1


def _people(options: dict[str, Any], began: datetime) -> Iterator[UUID]:
    if options["patient"]:
        yield options["patient"]
        return
    before = None if options["retire"] else began
    for page in services.people_with_keys(made_before=before, several=options["retire"]):
        yield from page
