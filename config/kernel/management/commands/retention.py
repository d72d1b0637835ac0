"""``manage.py retention``: what is kept how long, and what the next run would take out."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from config.kernel.db.router import context_labels
from config.kernel.privacy.retention import apply_rules, plan


class Command(BaseCommand):
    """Looks, unless told to apply."""

    help = "List what is past its retention (a dry run), or take it out with --apply."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """``--ids`` names the first rows of each rule; ``--apply`` does what the daily job does."""
        parser.add_argument("--ids", type=int, default=0, metavar="N", help="show the first N ids of each rule")
        parser.add_argument("--apply", action="store_true", help="take out what is due and was listed long enough")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line per rule: name, days, due, due with the next run, and why that long."""
        self.stdout.write(f"{'rule':32} {'days':>5} {'due':>7} {'next':>7}  basis")
        for context in context_labels():
            for line in plan(context, ids=options["ids"]):
                self.stdout.write(f"{line.rule:32} {line.days:5} {line.due:7} {line.ripe:7}  {line.basis}")
                for one in line.ids:
                    self.stdout.write(f"    {one}")
            if options["apply"]:
                for rule, rows in apply_rules(context).items():
                    if rows:
                        self.stdout.write(f"{rule}: {rows} taken out")
