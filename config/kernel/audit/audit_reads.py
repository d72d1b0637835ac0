"""Reading audit rows of all contexts as one list, newest first."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connections

from config.kernel.audit.records import COLUMNS, AuditUnavailable
from config.kernel.db.router import alias_of, context_labels
from config.kernel.errors import Conflict, FieldError, Invalid

_NAMES = tuple(COLUMNS.replace(" ", "").split(","))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class AuditRow:
    """One row as it was written, with the context that wrote it."""

    context: str
    id: UUID
    at: datetime
    action: str
    outcome: str
    purpose: str
    actor_kind: str
    actor_id: UUID | None
    actor_roles: str
    session_id: UUID | None
    patient_id: UUID | None
    object_type: str
    object_id: UUID | None
    address: str | None
    request_id: str
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class Mark:
    """A place in the list: rows after it are older, or as old with a smaller id."""

    at: datetime
    id: UUID

    def __str__(self) -> str:
        """As text for a cursor."""
        since = (self.at - _EPOCH) // _MICROSECOND
        return base64.urlsafe_b64encode(since.to_bytes(8, "big") + self.id.bytes).decode()


def mark_of(cursor: str) -> Mark:
    """The mark that an earlier answer wrote; ``Conflict`` for one that none wrote, ``Invalid`` for any other text."""
    try:
        raw = base64.b64decode(cursor.encode("ascii"), altchars=b"-_", validate=True)
        return Mark(_EPOCH + int.from_bytes(raw[:8], "big") * _MICROSECOND, UUID(bytes=raw[8:]))
    except OverflowError:
        detail = "The cursor is of another list; begin again without it."
        raise Conflict(detail, code="cursor_strange") from None
    except ValueError:
        detail = "cursor must be the cursor of an earlier answer's next link."
        raise Invalid(detail, errors=[FieldError("?cursor", "invalid", detail)]) from None


def newest_rows(*, limit: int, after: Mark | None = None, patient_id: UUID | None = None) -> tuple[AuditRow, ...]:
    """At most ``limit`` rows of all contexts, newest first; one statement a context."""
    found: list[AuditRow] = []
    for context in context_labels():
        found += _rows_of(context, limit, after, patient_id)
    found.sort(key=lambda row: (row.at, row.id), reverse=True)
    return tuple(found[:limit])


def _rows_of(context: str, limit: int, after: Mark | None, patient_id: UUID | None) -> Sequence[AuditRow]:
    conditions: list[str] = ["true"]
    values: list[Any] = []
    if patient_id is not None:
        conditions.append("patient_id = %s")
        values.append(patient_id)
    if after is not None:
        conditions.append("(at, id) < (%s, %s)")
        values += [after.at, after.id]
    statement = (
        f'SELECT {COLUMNS} FROM "{context}_auditentry" WHERE {" AND ".join(conditions)}'
        " ORDER BY at DESC, id DESC LIMIT %s"
    )
    try:
        with connections[alias_of(context)].cursor() as cursor:
            cursor.execute(statement, [*values, limit])
            rows = cursor.fetchall()
    except DatabaseError as error:
        raise AuditUnavailable("The audit log does not answer.") from error
    return [_row(context, values) for values in rows]


def _row(context: str, values: Sequence[Any]) -> AuditRow:
    found = dict(zip(_NAMES, values, strict=True))
    address, detail = found["address"], found["detail"]
    found["address"] = str(address) if address is not None else None
    found["detail"] = json.loads(detail) if isinstance(detail, str) else detail
    return AuditRow(context=context, **found)
