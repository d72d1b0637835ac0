"""Rotating data keys: a new version seals from now on, what is there follows by jobs, old versions are retired."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max

from config.kernel.audit import record
from config.kernel.crypto.data_key_resealing import rows_by_version
from config.kernel.crypto.data_key_resealing_jobs import spread
from config.kernel.errors import Conflict, NotFound
from config.kernel.jobs import enqueue
from identity.adapters import key_changes, key_shares
from identity.db import atomic, now, on_commit
from identity.models import DataKeyRecord
from identity.services.keys.data_keys import forget_keys, hold_subject, make_record, refuse_destroyed

# Longer than anybody remembers a key, or works with one that they fetched.
GRACE = timedelta(minutes=10)
_PAGE = 500


def rotate_data_key(*, subject_id: UUID) -> int:
    """Give the person a new version of their data key; what is sealed with older ones follows by jobs.

    Returns the version. ``NotFound`` for somebody without a key, ``KeyDestroyed`` for somebody who was erased.
    """
    with atomic():
        hold_subject(subject_id, alone=True)
        refuse_destroyed(subject_id)
        newest = _newest([subject_id]).get(subject_id)
        if newest is None:
            raise NotFound("This person has no data key.")
        fresh = make_record(subject_id, newest + 1)
        fresh.save(force_insert=True)
        enqueue(context="identity", kind="identity.spread_resealing", subject_id=subject_id, queue="bulk")
        record(context="identity", action="keys.rotate", patient_id=subject_id, object_type="key", object_id=fresh.id)
        on_commit(_tell)
    return fresh.number


def spread_resealing(*, subject_id: UUID) -> None:
    """Have every context seal anew what it holds of the person; nothing happens where it was asked before."""
    newest = _newest([subject_id]).get(subject_id)
    if newest is not None:
        spread(subject_id, newest)


def retire_data_keys(*, subject_id: UUID) -> int:
    """Destroy the versions before the newest; returns how many there were.

    ``Conflict`` while anything is sealed with one of them, or while somebody may still hold one (ten minutes).
    """
    newest_number = _newest([subject_id]).get(subject_id, 1)
    if newest_number > 1 and _left_on_old(subject_id, newest_number):
        # Written by who still held an old version when the jobs went by: they go by once more.
        spread(subject_id)
    with atomic():
        hold_subject(subject_id, alone=True)
        records = list(DataKeyRecord.objects.filter(subject_id=subject_id).order_by("number"))
        if len(records) < 2:
            return 0
        *old, newest = records
        if newest.created_at > now() - GRACE:
            raise Conflict("The newest version is younger than ten minutes; try again later.", code="key_young")
        versions = rows_by_version([subject_id])[subject_id]
        left = sum(number for version, number in versions.items() if version < newest.number)
        if left:
            raise Conflict(
                f"{left} cells or files are sealed with an older version; let the jobs run.", code="key_used"
            )
        DataKeyRecord.objects.filter(id__in=[row.id for row in old]).delete()
        detail = {"versions": len(old)}
        record(context="identity", action="keys.retire", patient_id=subject_id, object_type="key", detail=detail)
        on_commit(lambda: _drop([row.id for row in old if row.shared]))
        on_commit(_tell)
    return len(old)


def people_with_keys(*, made_before: datetime | None = None, several: bool = False) -> Iterator[Mapping[UUID, int]]:
    """Everybody who has data keys, with the newest version, in pages of 500 ordered by id.

    ``made_before``: whose newest version is older; ``several``: who has more than one version, or had.
    """
    after = UUID(int=0)
    while True:
        people = DataKeyRecord.objects.order_by("subject_id").values("subject_id").filter(subject_id__gt=after)
        people = people.annotate(newest=Max("number"), made=Max("created_at"))
        if made_before is not None:
            people = people.filter(made__lt=made_before)
        if several:
            people = people.filter(newest__gt=1)
        page = {row["subject_id"]: row["newest"] for row in people[:_PAGE]}
        if not page:
            return
        yield page
        after = max(page)


def _newest(subject_ids: list[UUID]) -> dict[UUID, int]:
    rows = DataKeyRecord.objects.filter(subject_id__in=subject_ids).order_by().values_list("subject_id")
    return dict(rows.annotate(newest=Max("number")))


def _left_on_old(subject_id: UUID, newest: int) -> int:
    versions = rows_by_version([subject_id])[subject_id]
    return sum(number for version, number in versions.items() if version < newest)


def _drop(row_ids: list[UUID]) -> None:
    for row_id in row_ids:
        key_shares.destroy(row_id)
        key_shares.discard(row_id)


def _tell() -> None:
    key_changes.announce()
    forget_keys()
