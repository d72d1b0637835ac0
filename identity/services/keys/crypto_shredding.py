"""Crypto-shredding: destroying a person's keys makes rows, files, index and old backups unreadable."""

from uuid import UUID

from config.kernel.audit import record
from config.kernel.outbox import publish
from identity.adapters import key_changes, key_shares
from identity.db import atomic, on_commit
from identity.events import DataKeysDestroyed
from identity.models import DataKeyRecord, DestroyedKey
from identity.services.dto import KeysDestroyed
from identity.services.keys.data_keys import forget_keys, hold_subject


def destroy_keys(*, subject_id: UUID) -> KeysDestroyed:
    """Destroy every version of a person's data keys, for good; doing it again finishes what was left.

    No key is ever made for this person again. At commit the shares outside the database are overwritten, and every
    process forgets the keys within a second (a minute at most, while Valkey is down).
    """
    with atomic():
        hold_subject(subject_id, alone=True)
        rows = list(DataKeyRecord.objects.filter(subject_id=subject_id).values_list("id", "shared"))
        stone, made = DestroyedKey.objects.get_or_create(subject_id=subject_id, defaults={"versions": len(rows)})
        stone.shares_left += [str(row_id) for row_id, shared in rows if shared]
        stone.save()
        DataKeyRecord.objects.filter(subject_id=subject_id).delete()
        if made:
            detail = {"versions": len(rows)}
            record(context="identity", action="keys.destroy", patient_id=subject_id, object_type="key", detail=detail)
            publish(DataKeysDestroyed(aggregate_id=subject_id))
        on_commit(lambda: finish_destruction(subject_id=subject_id))
    return KeysDestroyed(subject_id=subject_id, versions=stone.versions, destroyed_at=stone.created_at)


def finish_destruction(*, subject_id: UUID) -> None:
    """Overwrite the shares that a tombstone still names, and have every process forget."""
    stone = DestroyedKey.objects.get(subject_id=subject_id)
    for row_id in stone.shares_left:
        key_shares.destroy(UUID(row_id))
    DestroyedKey.objects.filter(id=stone.id).update(shares_left=[])
    key_changes.announce()
    forget_keys()


def unfinished_destructions() -> tuple[UUID, ...]:
    """People whose shares are still to be overwritten: a process died, or the folder did not answer."""
    return tuple(DestroyedKey.objects.exclude(shares_left=[]).values_list("subject_id", flat=True))
