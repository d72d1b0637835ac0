"""Databases whose tables were made by the migrations that each context's ``0001_schema`` has replaced.

Both lead to the same tables. Which migrations a database has seen stands in its ``django_migrations``, so one of before
has names there that this release does not know; it is taken over by writing the new name in their place.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.transaction import atomic

from config.kernel.db.router import CONTEXTS, alias_of

SCHEMA = "0001_schema"
# The last migration of each context before they were replaced.
LAST_FORMER = {
    "identity": "0018_concurrency_keys",
    "professionals": "0015_concurrency_keys",
    "cases": "0032_assignment_loads",
    "analysis": "0008_concurrency_keys",
    "notifications": "0011_concurrency_keys",
}


@dataclass(frozen=True, kw_only=True)
class FormerSchema:
    """What a context's database has seen that this release does not know. ``complete``: up to the last of before."""

    context: str
    unknown: tuple[str, ...]
    complete: bool


def former_schemas() -> list[FormerSchema]:
    """The contexts whose databases have seen migrations that this release does not know."""
    known = frozenset(MigrationLoader(None).disk_migrations)
    return [found for context in CONTEXTS if (found := _former(context, known)).unknown]


def keep(contexts: Collection[str]) -> None:
    """Have this release take over the contexts' tables. Raises ``ValueError`` with what they lack."""
    lacking = [column for context in contexts for column in _missing_columns(context)]
    if lacking:
        raise ValueError(f"it lacks {', '.join(lacking)}")
    for context in contexts:
        connection = connections[alias_of(context)]
        with atomic(using=connection.alias):
            # Django writes down the migrations of all apps wherever it migrates, whether it makes their tables or not.
            rows = MigrationRecorder(connection).migration_qs
            rows.filter(app__in=CONTEXTS).delete()
            rows.bulk_create([MigrationRecorder.Migration(app=app, name=SCHEMA) for app in CONTEXTS])


def _former(context: str, known: Collection[tuple[str, str]]) -> FormerSchema:
    applied = {(app, name) for app, name in MigrationRecorder(connections[alias_of(context)]).applied_migrations()}
    return FormerSchema(
        context=context,
        unknown=tuple(sorted(name for app, name in applied.difference(known) if app == context)),
        complete=(context, LAST_FORMER[context]) in applied and (context, SCHEMA) not in applied,
    )


def _missing_columns(context: str) -> Iterator[str]:
    """Columns of the context's models that its tables have not."""
    connection = connections[alias_of(context)]
    with connection.cursor() as cursor:
        for model in apps.get_app_config(context).get_models(include_auto_created=True):
            table = model._meta.db_table
            cursor.execute(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_schema = current_schema() AND table_name = %s",
                [table],
            )
            there = {name for (name,) in cursor.fetchall()}
            yield from (f"{table}.{f.column}" for f in model._meta.local_concrete_fields if f.column not in there)
