"""Schemas, roles and extensions, made before the first migration of an alias runs."""

from typing import Any

from django.apps import apps
from django.db import connections
from psycopg import sql

from config.kernel.db.router import CONTEXTS, alias_of
from config.kernel.editions.guard import guard_editions

EXTENSIONS = ("pgcrypto", "pg_trgm", "btree_gist", "citext", "unaccent")


def schema_of(alias: str) -> str:
    """The schema of an alias: the context's own name."""
    return "identity" if alias == "default" else alias


def prepare_schema(using: str) -> None:
    """Create schema, extensions and the context's login-less role, if they are not there.

    The role owns nothing outside its schema, so PostgreSQL itself refuses a read across contexts.
    """
    schema = schema_of(using)
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(72171)")
        try:
            cursor.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))
            for name in EXTENSIONS:
                statement = sql.SQL("CREATE EXTENSION IF NOT EXISTS {} WITH SCHEMA public")
                cursor.execute(statement.format(sql.Identifier(name)))
            _prepare_role(cursor, schema)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(72171)")


def grant_role(using: str) -> None:
    """After migrations: the context's role may use its own schema's tables; audit rows may only be added.

    Rows of models that are ``append_only`` may be added, and go with what they belong to, but are never changed.
    """
    schema = sql.Identifier(schema_of(using))
    role = sql.Identifier(role_of(using))
    with connections[using].cursor() as cursor:
        for text in (
            "GRANT USAGE ON SCHEMA {s} TO {r}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {s} TO {r}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {s} TO {r}",
        ):
            cursor.execute(sql.SQL(text).format(s=schema, r=role))
        for table in _append_only(using):
            cursor.execute("SELECT to_regclass(%s)", [f"{schema_of(using)}.{table}"])
            if cursor.fetchone()[0]:
                name = sql.Identifier(schema_of(using), table)
                cursor.execute(sql.SQL("REVOKE UPDATE ON {t} FROM {r}").format(t=name, r=role))
        cursor.execute("SELECT to_regclass(%s)", [f"{schema_of(using)}.{schema_of(using)}_auditentry"])
        if cursor.fetchone()[0]:
            _guard_audit(cursor, schema_of(using), role)
        cursor.execute("SELECT to_regclass(%s)", [f"{schema_of(using)}.{schema_of(using)}_edition"])
        if cursor.fetchone()[0]:
            guard_editions(cursor, schema_of(using))


def _append_only(using: str) -> list[str]:
    return [
        model._meta.db_table
        for model in apps.get_models()
        if getattr(model, "append_only", False) and alias_of(model._meta.app_label) == using
    ]


# The only way for the application to touch an audit row again: give one that has no link its link.
_SEALING = """
CREATE OR REPLACE FUNCTION {f}(ids uuid[], positions bigint[], befores bytea[], hashes bytea[]) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = {s}, pg_temp AS $$
  WITH sealed AS (
    UPDATE {t} a SET sequence = l.position, previous_hash = l.before, entry_hash = l.hash, sealed_at = clock_timestamp()
    FROM unnest(ids, positions, befores, hashes) AS l(id, position, before, hash)
    WHERE a.id = l.id AND a.sequence IS NULL RETURNING 1)
  SELECT count(*) FROM sealed
$$
"""


def _guard_audit(cursor: Any, schema: str, role: sql.Identifier) -> None:
    names = {
        "s": sql.Identifier(schema),
        "r": role,
        "t": sql.Identifier(schema, f"{schema}_auditentry"),
        "f": sql.Identifier(schema, "seal_audit"),
    }
    for text in (
        "REVOKE ALL ON {t} FROM {r}",
        "REVOKE UPDATE (sequence, previous_hash, entry_hash, sealed_at) ON {t} FROM {r}",
        "GRANT SELECT, INSERT ON {t} TO {r}",
        _SEALING,
        "REVOKE ALL ON FUNCTION {f}(uuid[], bigint[], bytea[], bytea[]) FROM PUBLIC",
        "GRANT EXECUTE ON FUNCTION {f}(uuid[], bigint[], bytea[], bytea[]) TO {r}",
    ):
        cursor.execute(sql.SQL(text).format(**names))


def role_of(using: str) -> str:
    """The PostgreSQL role of an alias."""
    return f"sop_{schema_of(using)}"


def _prepare_role(cursor: Any, schema: str) -> None:
    role = f"sop_{schema}"
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    if not cursor.fetchone():
        cursor.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
    # The login role must be a member to take the role on with `-c role=…`.
    cursor.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(role)))


def all_aliases() -> tuple[str, ...]:
    """The aliases of the five contexts."""
    return tuple(alias_of(context) for context in CONTEXTS)
