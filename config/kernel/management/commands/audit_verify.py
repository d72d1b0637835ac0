"""``manage.py audit_verify``: walks the audit chains, through every head that was exported."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.kernel.audit.chain import head, verify
from config.kernel.audit.heads import HeadsDamaged, exported_heads
from config.kernel.db.router import context_labels


class Command(BaseCommand):
    """Names the first row that does not fit, and fails."""

    help = "Verify the audit chain of every context against its exported heads."

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify all five chains before failing, so that every fault is named."""
        try:
            heads = exported_heads()
        except HeadsDamaged as damage:
            raise CommandError(f"The exported heads are damaged at {damage}.") from damage
        faults = []
        for context in context_labels():
            fault = verify(context, anchors=heads[context])
            vouched = f"{len(heads[context])} exported heads"
            whole = f"whole, {head(context).sequence} entries, {vouched}"
            self.stdout.write(f"{context:14} {f'{fault.reason} at {fault.sequence}' if fault else whole}")
            faults += [fault] if fault else []
        if faults:
            raise CommandError(f"{len(faults)} audit chain(s) are broken.")
