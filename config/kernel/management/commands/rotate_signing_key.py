"""``manage.py rotate_signing_key [--retire]``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.kernel.auth.signing_keys import LOOK_AGAIN, SIGNS_AFTER
from config.kernel.auth.signing_rotation import retire, rotate


class Command(BaseCommand):
    """Makes the key that signs access tokens, or removes those that verify nothing any more."""

    help = "Make a new token signing key; with --retire, remove superseded ones whose tokens have all ended."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--retire``."""
        parser.add_argument("--retire", action="store_true", help="remove superseded keys instead")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was done."""
        if options["retire"]:
            gone = retire()
            self.stdout.write(f"Removed: {', '.join(gone)}." if gone else "Nothing to remove: every key may be needed.")
            return
        name = rotate()
        self.stdout.write(f"{name}: known everywhere within {LOOK_AGAIN:.0f} s, signs after {SIGNS_AFTER:.0f} s.")
