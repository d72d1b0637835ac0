"""``manage.py import_templates DIR --author ID``: Handlebars files of another system become drafts."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.kernel.auth import Principal, acting_as
from config.kernel.editions.kinds import STAFF_WRITERS
from config.kernel.errors import NotFound
from identity import services as identity
from notifications import services
from notifications.domain.categories import Category
from notifications.domain.template_files import ENDINGS

MAX_FILES, MAX_BYTES = 2_000, 200_000


class Command(BaseCommand):
    """Prints what is outside the subset, with advice and place; another person than the author publishes the drafts."""

    help = "Make drafts of the Handlebars files (*.hbs, *.handlebars) in a folder, and list what is to be mended."

    def add_arguments(self, parser: CommandParser) -> None:
        """The folder, in whose name, and whether anything is written."""
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--author", type=UUID, help="id of an administrator or medical director, who owns the drafts"
        )
        parser.add_argument("--category", choices=[one.value for one in Category], default=Category.REMINDERS.value)
        parser.add_argument("--dry-run", action="store_true", help="list everything and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, write, tell."""
        files, dry = _files(options["folder"]), options["dry_run"]
        author = _author(options["author"], dry_run=dry)
        with acting_as(author):
            report = services.import_folder(principal=author, files=files, category=options["category"], dry_run=dry)
        for finding in report.findings:
            self.stdout.write(f"{finding.where}: {finding.advice}")
        for code, faults in report.drafts.items():
            self.stdout.write(f"{'would be a draft' if dry else 'draft'}: {code}, {faults} to mend")
        ready = sum(not faults for faults in report.drafts.values())
        self.stdout.write(
            f"{report.files} files, {len(report.drafts)} templates, {ready} of them ready to publish,"
            f" {len(report.findings)} findings."
        )


def _files(folder: Path) -> dict[str, bytes]:
    if not folder.is_dir():
        raise CommandError(f"{folder} is no folder.")
    root = folder.resolve()
    found: dict[str, bytes] = {}
    for path in sorted(root.rglob("*")):
        # A link may lead out of the folder.
        if path.suffix not in ENDINGS or not path.is_file() or not path.resolve().is_relative_to(root):
            continue
        if len(found) == MAX_FILES or path.stat().st_size > MAX_BYTES:
            raise CommandError(f"{path}: at most {MAX_FILES} files of {MAX_BYTES} bytes are read.")
        found[path.relative_to(root).as_posix()] = path.read_bytes()
    return found


def _author(user_id: UUID | None, *, dry_run: bool) -> Principal:
    if user_id is None:
        if dry_run:
            return Principal(kind="system")
        raise CommandError("Say with --author whose drafts these are.")
    try:
        account = identity.get_account(user_id=user_id)
    except NotFound:
        raise CommandError("There is no such account.") from None
    if not account.active or account.roles.isdisjoint(STAFF_WRITERS):
        raise CommandError(f"The author is one of: {', '.join(sorted(STAFF_WRITERS))}.")
    return Principal(user_id=account.id, roles=account.roles, email_verified=account.email_verified)
