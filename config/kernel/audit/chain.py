"""The hash chain over audit rows: one sealer appends links, a verifier names the first bad row.

Rows are inserted without a lock and sealed a moment later by one process, which is as fast as plain
inserts and cannot fork the chain. Hash of a row = SHA-256(previous hash || canonical JSON of the row).
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction

from config.kernel.db.router import alias_of

GENESIS = bytes(32)
_FIELDS = (
    "id, at, action, outcome, purpose, actor_kind, actor_id, actor_roles, session_id, patient_id,"
    " object_type, object_id, address, request_id, detail::text"
)


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
    table = f'"{context}_auditentry"'
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"audit:{context}"])
        position = head(context)
        cursor.execute(f"SELECT {_FIELDS} FROM {table} WHERE sequence IS NULL ORDER BY at, id LIMIT %s", [limit])
        updates = []
        sequence, previous = position.sequence, position.entry_hash
        for row in cursor.fetchall():
            sequence += 1
            current = _link(previous, row)
            updates.append((sequence, previous, current, row[0]))
            previous = current
        cursor.executemany(
            f"UPDATE {table} SET sequence = %s, previous_hash = %s, entry_hash = %s,"
            " sealed_at = clock_timestamp() WHERE id = %s",
            updates,
        )
    return len(updates)


def head(context: str) -> ChainHead:
    """The last link; sequence 0 and zero bytes for an empty chain."""
    with connections[alias_of(context)].cursor() as cursor:
        cursor.execute(
            f'SELECT sequence, entry_hash FROM "{context}_auditentry" WHERE sequence IS NOT NULL'
            " ORDER BY sequence DESC LIMIT 1"
        )
        row = cursor.fetchone()
    return ChainHead(context, row[0], bytes(row[1])) if row else ChainHead(context, 0, GENESIS)


def verify(context: str, *, anchor: ChainHead | None = None) -> ChainFault | None:
    """Walk the chain; ``None`` when it is whole, and (with an ``anchor``) reaches the anchored head."""
    with connections[alias_of(context)].cursor() as cursor:
        cursor.execute(
            f'SELECT sequence, previous_hash, entry_hash, {_FIELDS} FROM "{context}_auditentry"'
            " WHERE sequence IS NOT NULL ORDER BY sequence"
        )
        return _walk(context, cursor.fetchall(), anchor)


def _walk(context: str, rows: Iterable[tuple[Any, ...]], anchor: ChainHead | None) -> ChainFault | None:
    expected, previous = 1, GENESIS
    for sequence, previous_hash, entry_hash, *fields in rows:
        if sequence != expected:
            return ChainFault(context, expected, "missing")
        if bytes(previous_hash) != previous or _link(previous, fields) != bytes(entry_hash):
            return ChainFault(context, sequence, "altered")
        previous, expected = bytes(entry_hash), expected + 1
        if anchor and sequence == anchor.sequence and previous != anchor.entry_hash:
            return ChainFault(context, sequence, "rewritten")
    if anchor and expected <= anchor.sequence:
        return ChainFault(context, expected, "cut off")
    return None


def _link(previous: bytes, row: Iterable[Any]) -> bytes:
    text = json.dumps([_plain(value) for value in row], separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(previous + text.encode()).digest()


def _plain(value: Any) -> str | None:
    if value is None:
        return None
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
