"""Bringing everything that the master key wraps onto its newest version, in batches that can be cut short."""

import struct
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db import models, transaction
from django.db.models.functions import Substr

from config.kernel.crypto.inventory import MASTER, SealedModel, sealed_models
from config.kernel.crypto.master import VERSION_BYTES, master_keys, master_open, master_seal
from config.kernel.db.router import alias_of

BATCH = 200


def wrapped_models() -> tuple[SealedModel, ...]:
    """Every model that holds something wrapped by the master key."""
    return tuple(found for found in sealed_models() if found.owner == MASTER)


def rewrap(found: SealedModel, *, batch: int = BATCH) -> Iterator[int]:
    """Re-wrap the rows of a model; yields after each committed batch how many were done so far.

    Rows are chosen by the version in their bytes, so a run that was cut short is simply run again.
    """
    done = 0
    for field in found.fields:
        after = None
        while True:
            changed, last = _batch(found, field, after, batch)
            if changed:
                done += changed
                yield done
            elif after is None:
                break
            # One more round from the beginning finds what was written meanwhile by who did not yet know the version.
            after = last


def versions_in_use() -> Counter[int]:
    """How many wrapped values there are of each version of the master key."""
    counted: Counter[int] = Counter()
    for found in wrapped_models():
        for field in found.fields:
            heads = found.rows.exclude(**{field: None}).values_list(_head(field)).annotate(rows=models.Count("pk"))
            for head, rows in heads:
                counted[int(struct.unpack(">H", bytes(head))[0])] += rows
    return counted


def _batch(found: SealedModel, field: str, after: Any, size: int) -> tuple[int, Any]:
    alias, newest = alias_of(found.context), struct.pack(">H", master_keys().newest())
    with transaction.atomic(using=alias):
        waiting = found.rows.annotate(sealed_head=_head(field)).filter(sealed_head__lt=newest)
        if after is not None:
            waiting = waiting.filter(pk__gt=after)
        rows = list(waiting.order_by("pk").select_for_update().values_list("pk", field)[:size])
        for row_id, sealed in rows:
            place = found.place(field, row_id)
            found.rows.filter(pk=row_id).update(**{field: master_seal(place, master_open(place, sealed))})
    return len(rows), rows[-1][0] if rows else None


def _head(field: str) -> Substr:
    return Substr(field, 1, VERSION_BYTES, output_field=models.BinaryField())
