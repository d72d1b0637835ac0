"""Data keys: made on first use, wrapped by the master key, remembered for a minute."""

import os
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from functools import partial
from threading import Lock
from uuid import UUID

from config.kernel.crypto import DataKey, KeyDestroyed, Place, UnreadableSecret, master_open, master_seal
from config.kernel.db import uuid7
from identity.adapters import key_changes, key_shares
from identity.db import atomic, database, on_commit
from identity.models import DataKeyRecord, DestroyedKey

_TTL_SECONDS = 60.0
_SIZE = 2048
_cache: OrderedDict[tuple[UUID, int | None], tuple[DataKey, float]] = OrderedDict()
_lock = Lock()
# Counts how often everything was forgotten: what was fetched before that is not remembered after it.
_generation = 0


def data_key(*, subject_id: UUID, version: int | None = None) -> DataKey:
    """The data key of a person: the given version, or the newest (version 1 is made on first use).

    It opens what any living version sealed. Raises ``KeyDestroyed`` once the person's keys were destroyed, else
    ``UnreadableSecret`` for a version that was retired or never was.
    """
    wanted = (subject_id, version)
    if key_changes.changed():
        forget_keys()
    with _lock:
        known = _cache.get(wanted)
    if known and known[1] > time.monotonic():
        return known[0]
    generation = _generation
    key = _load(subject_id, version)
    # A key made in an open transaction may be rolled back: it is remembered once it is committed.
    on_commit(lambda: _remember(wanted, key, generation))
    return key


def data_keys(*, subject_ids: Iterable[UUID]) -> Mapping[UUID, DataKey]:
    """The newest data keys of several people: one query for all that are not remembered.

    People whose keys were destroyed are absent.
    """
    wanted = set(subject_ids)
    if key_changes.changed():
        forget_keys()
    instant, generation = time.monotonic(), _generation
    with _lock:
        known = {s: _cache[s, None] for s in wanted if (s, None) in _cache}
    found = {subject: key for subject, (key, until) in known.items() if until > instant}
    missing = wanted - found.keys()
    records = DataKeyRecord.objects.filter(subject_id__in=missing).order_by("number") if missing else ()
    newest = {record.subject_id: record for record in records}
    for subject in missing:
        try:
            found[subject] = opened(newest[subject]) if subject in newest else data_key(subject_id=subject)
        except KeyDestroyed:
            continue
        on_commit(partial(_remember, (subject, None), found[subject], generation))
    return found


def newest_key(*, subject_id: UUID) -> DataKey:
    """The newest data key as the table has it now, whatever this process remembers."""
    return _load(subject_id, None)


def forget_keys() -> None:
    """Empty this process's cache (after rotation or destruction, and between tests)."""
    global _generation
    with _lock:
        _generation += 1
        _cache.clear()


def opened(record: DataKeyRecord) -> DataKey:
    """The key of a record: unwrapped, and put together with its share where it has one."""
    secret = master_open(wrapping_place(record.id), record.wrapped)
    if record.shared:
        secret = _xor(secret, key_shares.get(record.id))
    return DataKey(record.subject_id, record.number, secret, partial(_of_version, record.subject_id))


def make_record(subject_id: UUID, number: int) -> DataKeyRecord:
    """A new random key as a row that is not yet saved; its share, if it has one, is already durable."""
    row_id, secret = uuid7(), os.urandom(32)
    shared = key_shares.in_use()
    kept = _xor(secret, key_shares.put(row_id)) if shared else secret
    wrapped = master_seal(wrapping_place(row_id), kept)
    return DataKeyRecord(id=row_id, subject_id=subject_id, number=number, wrapped=wrapped, shared=shared)


def hold_subject(subject_id: UUID, *, alone: bool) -> None:
    """Until the transaction ends, nobody destroys (or, ``alone``, makes) keys of this person beside us."""
    function = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    with database.connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [f"data-key:{subject_id}"])


def refuse_destroyed(subject_id: UUID) -> None:
    """Raises ``KeyDestroyed`` where the person's keys were destroyed."""
    if DestroyedKey.objects.filter(subject_id=subject_id).exists():
        raise KeyDestroyed("this person's keys were destroyed")


def wrapping_place(row_id: UUID) -> Place:
    """Where a wrapped key lives."""
    return Place("identity_datakeyrecord", "wrapped", row_id)


def _of_version(subject_id: UUID, version: int) -> DataKey:
    return data_key(subject_id=subject_id, version=version)


def _load(subject_id: UUID, version: int | None) -> DataKey:
    records = DataKeyRecord.objects.filter(subject_id=subject_id).order_by("-number")
    record = records.filter(number=version).first() if version is not None else records.first()
    if record is None and version is None:
        record = _make(subject_id)
    if record is None:
        refuse_destroyed(subject_id)
        raise UnreadableSecret(f"version {version} of this data key does not exist")
    return opened(record)


def _make(subject_id: UUID) -> DataKeyRecord:
    with atomic():
        hold_subject(subject_id, alone=False)
        refuse_destroyed(subject_id)
        fresh = make_record(subject_id, 1)
        DataKeyRecord.objects.bulk_create([fresh], ignore_conflicts=True)
        # Another process may have been first: the row that stands is the key.
        standing = DataKeyRecord.objects.get(subject_id=subject_id, number=1)
    if standing.id != fresh.id and fresh.shared:
        key_shares.discard(fresh.id)
    return standing


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _remember(wanted: tuple[UUID, int | None], key: DataKey, generation: int) -> None:
    with _lock:
        if generation != _generation:
            return
        _cache[wanted] = (key, time.monotonic() + _TTL_SECONDS)
        while len(_cache) > _SIZE:
            _cache.popitem(last=False)
