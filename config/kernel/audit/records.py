"""Appending an audit row."""

import json
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.db import DatabaseError

from config.kernel import clock
from config.kernel.audit.capacity import capacity_of
from config.kernel.auth.context import current_principal
from config.kernel.db.context import ContextDatabase
from config.kernel.db.identifiers import uuid7
from config.kernel.db.router import alias_of
from config.kernel.errors import Unavailable
from config.kernel.observability.correlation import correlation_id

# The client's address, set by the middleware behind the configured number of proxies.
client_address: ContextVar[str | None] = ContextVar("client_address", default=None)

COLUMNS = (
    "id, at, action, outcome, purpose, actor_kind, actor_id, actor_roles, session_id, patient_id,"
    " object_type, object_id, address, request_id, detail"
)
PLACEHOLDERS = ", ".join(["%s"] * 15)


class AuditUnavailable(Unavailable):
    """The act could not be recorded, so it does not happen: health data is never read unaudited."""


def record(
    *,
    context: str,
    action: str,
    patient_id: UUID | None = None,
    object_type: str = "",
    object_id: UUID | None = None,
    outcome: str = "success",
    purpose: str = "",
    detail: Mapping[str, str | int | bool | None] | None = None,
) -> None:
    """Append one row to the context's audit table; the actor is the current principal.

    ``outcome`` is success, denied or failure. ``detail`` holds codes and counts, never PHI.
    """
    values = entry_values(action, patient_id, object_type, object_id, outcome, purpose, detail)
    try:
        with ContextDatabase(alias_of(context)).prepared() as cursor:
            cursor.execute(insert_statement(context), values, prepare=True)
    except DatabaseError as error:
        raise AuditUnavailable("The audit log does not answer; nothing was read or changed.") from error


def insert_statement(context: str) -> str:
    """The INSERT that ``entry_values`` fits; hot reads put it into the same round trip as their SELECT."""
    return f'INSERT INTO "{context}_auditentry" ({COLUMNS}) VALUES ({PLACEHOLDERS})'


def entry_values(
    action: str,
    patient_id: UUID | None,
    object_type: str,
    object_id: UUID | None,
    outcome: str = "success",
    purpose: str = "",
    detail: Mapping[str, Any] | None = None,
) -> list[Any]:
    """One row's values, in the order of ``COLUMNS``."""
    principal = current_principal()
    return [
        uuid7(),
        clock.now(),
        action,
        outcome,
        purpose,
        principal.kind,
        principal.actor_id,
        ",".join(sorted(principal.roles)),
        principal.session_id,
        patient_id,
        object_type,
        object_id,
        client_address.get(),
        correlation_id(),
        json.dumps({**(detail or {}), **capacity_of(principal.user_id, patient_id)}),
    ]
