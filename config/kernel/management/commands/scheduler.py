"""``manage.py scheduler``: the clock's work."""

from typing import Any

from django.core.management.base import BaseCommand

from config.kernel.processes.scheduler import Scheduler


class Command(BaseCommand):
    """Runs until SIGTERM."""

    help = "Start periodic jobs, retake jobs whose worker died, seal the audit chains."

    def handle(self, *args: Any, **options: Any) -> None:
        """Start the loop."""
        Scheduler().run()
