"""Data keys: made on first use, wrapped by the master key, remembered for a minute."""

import os
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from functools import partial
from threading import Lock
from uuid import UUID

from config.kernel.crypto import DataKey, Place, UnreadableSecret, master_open, master_seal
from config.kernel.db import uuid7
from identity.db import atomic, on_commit
from identity.models import DataKeyRecord

_TTL_SECONDS = 60.0
_SIZE = 2048
_cache: OrderedDict[tuple[UUID, int | None], tuple[DataKey, float]] = OrderedDict()
_lock = Lock()


def data_key(*, subject_id: UUID, version: int | None = None) -> DataKey:
    """The data key of a person: the given version, or the newest (version 1 is made on first use).

    Raises ``UnreadableSecret`` for a version that was destroyed or never was.
    """
    wanted = (subject_id, version)
    with _lock:
        known = _cache.get(wanted)
    if known and known[1] > time.monotonic():
        return known[0]
    key = _load(subject_id, version)
    # A key made in an open transaction may be rolled back: it is remembered once it is committed.
    on_commit(lambda: _remember(wanted, key))
    return key


def data_keys(*, subject_ids: Iterable[UUID]) -> Mapping[UUID, DataKey]:
    """The newest data keys of several people: one query for all that are not remembered."""
    wanted = set(subject_ids)
    instant = time.monotonic()
    with _lock:
        known = {s: _cache[s, None] for s in wanted if (s, None) in _cache}
    found = {subject: key for subject, (key, until) in known.items() if until > instant}
    missing = wanted - found.keys()
    records = DataKeyRecord.objects.filter(subject_id__in=missing).order_by("number") if missing else ()
    newest = {record.subject_id: record for record in records}
    for subject in missing:
        found[subject] = _opened(newest[subject]) if subject in newest else data_key(subject_id=subject)
        on_commit(partial(_remember, (subject, None), found[subject]))
    return found


def forget_keys() -> None:
    """Empty this process's cache (after rotation or destruction, and between tests)."""
    with _lock:
        _cache.clear()


def _load(subject_id: UUID, version: int | None) -> DataKey:
    records = DataKeyRecord.objects.filter(subject_id=subject_id).order_by("-number")
    record = records.filter(number=version).first() if version is not None else records.first()
    if record is None and version is None:
        record = _make(subject_id)
    if record is None:
        raise UnreadableSecret(f"version {version} of this data key does not exist")
    return _opened(record)


def _opened(record: DataKeyRecord) -> DataKey:
    place = Place("identity_datakeyrecord", "wrapped", record.id)
    return DataKey(record.subject_id, record.number, master_open(place, bytes(record.wrapped)))


def _make(subject_id: UUID) -> DataKeyRecord:
    row_id = uuid7()
    wrapped = master_seal(Place("identity_datakeyrecord", "wrapped", row_id), os.urandom(32))
    with atomic():
        DataKeyRecord.objects.bulk_create(
            [DataKeyRecord(id=row_id, subject_id=subject_id, number=1, wrapped=wrapped)], ignore_conflicts=True
        )
    # Another process may have been first: the row that stands is the key.
    return DataKeyRecord.objects.get(subject_id=subject_id, number=1)


def _remember(wanted: tuple[UUID, int | None], key: DataKey) -> None:
    with _lock:
        _cache[wanted] = (key, time.monotonic() + _TTL_SECONDS)
        while len(_cache) > _SIZE:
            _cache.popitem(last=False)
