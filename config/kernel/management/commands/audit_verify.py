"""``manage.py audit_verify``: walks the audit chains."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.kernel.audit.chain import head, verify
from config.kernel.db.router import context_labels


class Command(BaseCommand):
    """Names the first row that does not fit, and fails."""

    help = "Verify the audit chain of every context."

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify all five chains before failing, so that every fault is named."""
        faults = []
        for context in context_labels():
            fault = verify(context)
            state = f"{fault.reason} at {fault.sequence}" if fault else f"whole, {head(context).sequence} entries"
            self.stdout.write(f"{context:14} {state}")
            faults += [fault] if fault else []
        if faults:
            raise CommandError(f"{len(faults)} audit chain(s) are broken.")
