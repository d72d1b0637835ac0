"""``manage.py key_report``: which versions of keys are in use, and what still waits for a newer one."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand

from config.kernel.crypto.data_key_resealing import rows_by_version
from config.kernel.crypto.master import master_keys
from config.kernel.crypto.master_key_rewrap import versions_in_use
from identity import services


class Command(BaseCommand):
    """Counts only; nobody is named."""

    help = "Show how much is sealed with which version of the master key and of data keys."

    def handle(self, *args: Any, **options: Any) -> None:
        """Reads every table once for the master key, and the rows of people whose key was rotated."""
        newest = master_keys().newest()
        in_use = versions_in_use()
        self.stdout.write(f"master key: versions {', '.join(map(str, master_keys().versions()))}; newest {newest}")
        for version, number in sorted(in_use.items()):
            self.stdout.write(f"  wrapped by version {version}: {number:,}")
        old_master = sum(number for version, number in in_use.items() if version < newest)
        self.stdout.write(f"on old versions of the master key: {old_master:,}")
        people, old = self._data_keys()
        self.stdout.write(f"people whose data key was rotated: {people:,}")
        for version, number in sorted(old.items()):
            self.stdout.write(f"  cells and files on version {version}, which is not the newest: {number:,}")
        self.stdout.write(f"on old versions of data keys: {old.total():,}")

    def _data_keys(self) -> tuple[int, Counter[int]]:
        people, old = 0, Counter[int]()
        for page in services.people_with_keys(several=True):
            people += len(page)
            for subject, versions in rows_by_version(list(page)).items():
                old.update({v: number for v, number in versions.items() if v < page[subject]})
        return people, old
