"""The hash chain over audit rows: one sealer appends links, a verifier names the first bad row.

Rows are inserted without a lock and sealed a moment later by one process, which is as fast as plain
inserts and cannot fork the chain. Hash of a row = SHA-256(previous hash || canonical JSON of the row).
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction

from config.kernel.db.router import alias_of

GENESIS = bytes(32)
_FIELDS = (
    "id, at, action, outcome, purpose, actor_kind, actor_id, actor_roles, session_id, patient_id,"
    " object_type, object_id, address, request_id, detail::text"
)
_CHUNK = 5000


@dataclass(frozen=True)
class ChainHead:
    """The last sealed link of a context's chain."""

    context: str
    sequence: int
    entry_hash: bytes


@dataclass(frozen=True)
class ChainFault:
    """The first row that does not fit: its position and what is wrong."""

    context: str
    sequence: int
    reason: str


def seal(context: str, *, limit: int = 2000) -> int:
    """Chain up to ``limit`` unsealed rows; returns how many. A second sealer waits its turn."""
    alias = alias_of(context)
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"audit:{context}"])
        position = head(context)
        cursor.execute(
            f'SELECT {_FIELDS} FROM "{context}_auditentry" WHERE sequence IS NULL ORDER BY at, id LIMIT %s', [limit]
        )
        links = []
        sequence, previous = position.sequence, position.entry_hash
        for row in cursor.fetchall():
            sequence += 1
            current = _link(previous, row)
            links.append((row[0], sequence, previous, current))
            previous = current
        if links:
            columns = [list(column) for column in zip(*links, strict=True)]
            cursor.execute("SELECT seal_audit(%s::uuid[], %s::bigint[], %s::bytea[], %s::bytea[])", columns)
    return len(links)


def head(context: str) -> ChainHead:
    """The last link; sequence 0 and zero bytes for an empty chain."""
    with connections[alias_of(context)].cursor() as cursor:
        cursor.execute(
            f'SELECT sequence, entry_hash FROM "{context}_auditentry" WHERE sequence IS NOT NULL'
            " ORDER BY sequence DESC LIMIT 1"
        )
        row = cursor.fetchone()
    return ChainHead(context, row[0], bytes(row[1])) if row else ChainHead(context, 0, GENESIS)


def verify(context: str, *, anchors: Sequence[ChainHead] = ()) -> ChainFault | None:
    """Walk the chain; ``None`` when it is whole and passes through every one of ``anchors``, its earlier heads.

    A row that was changed, taken out, put in or moved is named itself. Of a chain that was written anew the first
    row is named that no head vouches for any more.
    """
    known = {anchor.sequence: anchor.entry_hash for anchor in anchors if anchor.sequence}
    return _walk(context, _links(context), known)


def _links(context: str) -> Iterator[tuple[Any, ...]]:
    last = None
    with connections[alias_of(context)].cursor() as cursor:
        while True:
            cursor.execute(
                f'SELECT sequence, previous_hash, entry_hash, {_FIELDS} FROM "{context}_auditentry"'
                " WHERE sequence IS NOT NULL AND (%s::bigint IS NULL OR sequence > %s) ORDER BY sequence LIMIT %s",
                [last, last, _CHUNK],
            )
            rows = cursor.fetchall()
            yield from rows
            if len(rows) < _CHUNK:
                return
            last = rows[-1][0]


def _walk(context: str, rows: Iterable[tuple[Any, ...]], anchors: Mapping[int, bytes]) -> ChainFault | None:
    expected, previous, vouched = 1, GENESIS, 0
    for sequence, previous_hash, entry_hash, *fields in rows:
        if sequence != expected:
            return ChainFault(context, min(expected, sequence), "missing" if sequence > expected else "altered")
        if bytes(previous_hash) != previous or _link(previous, fields) != bytes(entry_hash):
            return ChainFault(context, sequence, "altered")
        previous, expected = bytes(entry_hash), expected + 1
        anchor = anchors.get(sequence)
        if anchor is not None and anchor != previous:
            return ChainFault(context, vouched + 1, "rewritten")
        vouched = sequence if anchor else vouched
    if anchors and expected <= max(anchors):
        return ChainFault(context, expected, "cut off")
    return None


def _link(previous: bytes, row: Iterable[Any]) -> bytes:
    text = json.dumps([_plain(value) for value in row], separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(previous + text.encode()).digest()


def _plain(value: Any) -> str | None:
    if value is None:
        return None
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
