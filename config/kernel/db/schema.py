"""Schemas, roles and extensions, made before the first migration of an alias runs."""

from typing import Any

from django.db import connections
from psycopg import sql

from config.kernel.db.router import CONTEXTS, alias_of

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
    """After migrations: the context's role may use its own schema's tables; audit rows may only be added."""
    schema = sql.Identifier(schema_of(using))
    role = sql.Identifier(role_of(using))
    with connections[using].cursor() as cursor:
        for text in (
            "GRANT USAGE ON SCHEMA {s} TO {r}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {s} TO {r}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {s} TO {r}",
        ):
            cursor.execute(sql.SQL(text).format(s=schema, r=role))
        audit = sql.Identifier(schema_of(using), f"{schema_of(using)}_auditentry")
        cursor.execute("SELECT to_regclass(%s)", [f"{schema_of(using)}.{schema_of(using)}_auditentry"])
        if cursor.fetchone()[0]:
            cursor.execute(sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {t} FROM {r}").format(t=audit, r=role))
            sealing = sql.SQL("GRANT UPDATE (sequence, previous_hash, entry_hash, sealed_at) ON {t} TO {r}")
            cursor.execute(sealing.format(t=audit, r=role))


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
