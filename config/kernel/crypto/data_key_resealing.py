"""Bringing what is sealed for a person onto the newest version of their data key, while others read and write."""

import struct
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from django.db import models, transaction
from django.db.models.functions import Substr

from config.kernel.crypto.inventory import MASTER, SealedModel, sealed_models
from config.kernel.crypto.keys import DataKey
from config.kernel.crypto.sealed_values import HEADER_BYTES, open_bytes, seal_bytes
from config.kernel.db.router import alias_of
from config.kernel.ports import SEALED_FILES

BATCH = 100


class NoSealedFiles:
    """Of a context that seals nothing outside of its tables."""

    def reseal_files(self, *, subject_id: UUID) -> None:
        """There is none."""

    def files_by_version(self, *, subject_id: UUID) -> Counter[int]:
        """None."""
        return Counter()


def reseal_rows(context: str, key: DataKey) -> int:
    """Seal every cell of the person in a context's tables anew, where an older version sealed it; returns how many.

    Each batch is a transaction that locks its rows, so that no change of somebody else's is lost.
    """
    done = 0
    for found in personal_models(context):
        for field in found.fields:
            while changed := _batch(found, field, key):
                done += changed
    return done


def personal_models(context: str | None = None) -> Iterator[SealedModel]:
    """The models that are sealed by people's data keys."""
    return (found for found in sealed_models(context) if found.owner != MASTER)


def rows_by_version(subject_ids: Sequence[UUID]) -> Mapping[UUID, Counter[int]]:
    """How many cells and files of each person every version of their data key seals."""
    counted: dict[UUID, Counter[int]] = {subject: Counter() for subject in subject_ids}
    for found in personal_models():
        for field in found.fields:
            rows = found.rows.filter(**{f"{found.owner}__in": list(subject_ids)}).exclude(**{field: None})
            heads = rows.values_list(found.owner, _head(field)).annotate(rows=models.Count("pk"))
            for subject, head, number in heads:
                counted[subject][int(struct.unpack(">I", bytes(head))[0])] += number
    for files in SEALED_FILES.each():
        for subject in subject_ids:
            counted[subject].update(files.files_by_version(subject_id=subject))
    return counted


def _batch(found: SealedModel, field: str, key: DataKey) -> int:
    with transaction.atomic(using=alias_of(found.context)):
        rows = list(
            found.rows.filter(**{found.owner: key.subject_id})
            .annotate(sealed_head=_head(field))
            # Never back to an older version, should this key be the newest no longer.
            .filter(sealed_head__lt=struct.pack(">I", key.version))
            .order_by("pk")
            .select_for_update(of=("self",))
            .values_list("pk", field)[:BATCH]
        )
        for row_id, sealed in rows:
            place = found.place(field, row_id)
            found.rows.filter(pk=row_id).update(**{field: seal_bytes(key, place, open_bytes(key, place, sealed))})
    return len(rows)


def _head(field: str) -> Substr:
    return Substr(field, 1, HEADER_BYTES, output_field=models.BinaryField())
