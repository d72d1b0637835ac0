"""``manage.py load_questionnaires``: bring this release's questionnaires into the database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.services.intake import QuestionnaireChanged, load_questionnaires


class Command(BaseCommand):
    """Safe to run at every start, before or after migrations of other contexts."""

    help = "Add new versions of the questionnaires; refuses a file that was changed without a new version."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many are new."""
        try:
            added = load_questionnaires()
        except QuestionnaireChanged as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{added} new questionnaire version(s)")
