"""The rows about a person as plain data, with what is sealed for them opened."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from config.kernel.crypto import DataKey, UnreadableSecret, open_bytes
from config.kernel.crypto.inventory import MASTER, SealedModel, sealed_models
from config.kernel.ports import ContextPort
from config.kernel.privacy.inventory import PersonalModel, personal_models

# Of these the copy is of no use to the person, and of much to a thief.
_SECRETS = frozenset({"password", "wrapped", "public_key", "credential_id", "bound_to"})
_SECRET_ENDINGS = ("_hash", "_index", "_key")


@dataclass(frozen=True)
class ExportPart:
    """One file of an export: its path inside the archive and its bytes, in chunks."""

    path: str
    chunks: Iterable[bytes]


# What an export holds of a person, in each context: of their id and their data key.
EXPORT_PARTS: ContextPort[Callable[[UUID, DataKey], Iterable[ExportPart]]] = ContextPort("export_parts")


def exported_rows(context: str, subject_id: UUID, key: DataKey) -> Iterator[ExportPart]:
    """For each personal table of a context, ``data/<context>/<table>.json``: an array of its rows about the person.

    A cell that is sealed for the person is opened; one sealed for somebody else, and every secret, is left out.
    """
    sealed = {one.model: one for one in sealed_models(context)}
    for table in personal_models(context):
        rows = [_row(row, table, sealed.get(table.model), subject_id, key) for row in table.rows_of(subject_id)]
        name = table.model._meta.model_name
        yield ExportPart(f"data/{context}/{name}.json", (orjson.dumps(rows, default=str, option=_PRETTY),))


_PRETTY = orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z


def _row(row: Any, table: PersonalModel, sealed: SealedModel | None, subject_id: UUID, key: DataKey) -> dict[str, Any]:
    fields = {}
    own = sealed is not None and sealed.owner != MASTER and _value(row, sealed.owner) == subject_id
    for field in table.model._meta.concrete_fields:
        name, value = field.attname, getattr(row, field.attname)
        if sealed is not None and name in sealed.fields:
            fields[name.removesuffix("_sealed")] = _opened(row, sealed, name, key) if own else "(not about you)"
        elif not (name in _SECRETS or name.endswith(_SECRET_ENDINGS) or isinstance(value, bytes | memoryview)):
            fields[name] = value
    return fields


def _opened(row: Any, sealed: SealedModel, name: str, key: DataKey) -> Any:
    value = getattr(row, name)
    if value is None:
        return None
    try:
        plain = open_bytes(key, sealed.place(name, row.pk), value)
    except UnreadableSecret:
        return "(no longer readable)"
    return _readable(plain)


def _readable(plain: bytes) -> Any:
    """JSON where it is JSON, text where it is text; secrets that are neither are left out."""
    try:
        return orjson.loads(plain)
    except orjson.JSONDecodeError:
        pass
    try:
        return plain.decode()
    except UnicodeDecodeError:
        return "(left out: a secret)"


def _value(row: Any, path: str) -> Any:
    """The value at the end of a path such as ``case__patient_id``."""
    for name in path.split("__"):
        row = getattr(row, name)
    return row
