"""``manage.py reread``: documents that an older reader read, or an older engine analysed, once more."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from analysis import services
from cases.services import documents


class Command(BaseCommand):
    """What the scheduler does by itself after a deployment: with ``--dry-run`` counts of it, else its next minute."""

    help = "Queue what an older reader read or an older engine analysed; --dry-run only counts it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to look only."""
        parser.add_argument("--dry-run", action="store_true", help="count, and queue nothing")

    def handle(self, *args: Any, dry_run: bool = False, **options: Any) -> None:
        """Numbers alone: no name, no id, nothing that was read."""
        plan, reruns = documents.rereading_plan(), services.rerun_plan()
        self.stdout.write(
            f"Reader {plan.reader_version}: {plan.documents} documents ({plan.pages} pages) of {plan.cases} open cases"
            f" and {plan.patients} patients were read by an older one."
        )
        for version, number in plan.by_version.items():
            self.stdout.write(f"  by reader {version}: {number}")
        for state, number in plan.states.items():
            self.stdout.write(f"  queued for this reader so far, {state.lower()}: {number}")
        self.stdout.write(
            f"Engine {reruns.engine_version}: {reruns.documents} documents that are read by now were analysed by an"
            f" older one, or in an older reading; {reruns.findings} findings, {reruns.decided} of them decided."
        )
        if not plan.a_minute:
            self.stdout.write("REREAD_A_MINUTE is 0: nothing is read again.")
        elif dry_run:
            minutes = -(-plan.documents // plan.a_minute)
            self.stdout.write(f"At {plan.a_minute} a minute it takes at least {minutes} minutes. Nothing was queued.")
        else:
            read = documents.queue_rereadings()
            analysed = services.queue_reruns(a_minute=plan.a_minute, minutes=1)
            self.stdout.write(f"Queued: {read} to be read again, {analysed} to be analysed again.")
