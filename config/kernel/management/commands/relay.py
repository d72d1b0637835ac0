"""``manage.py relay``: delivers events and rings the workers' bells."""

from typing import Any

from django.core.management.base import BaseCommand

from config.kernel.processes.relay import Relay


class Command(BaseCommand):
    """Runs until SIGTERM."""

    help = "Deliver outbox events and ring the bells of due jobs, woken by NOTIFY, polling as a safety net."

    def handle(self, *args: Any, **options: Any) -> None:
        """Start the loop."""
        Relay().run()
