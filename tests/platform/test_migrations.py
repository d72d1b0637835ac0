"""One migration a context makes its tables, later ones change them without a pause, and older databases are safe."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management.base import CommandError
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django_migration_linter import MigrationLinter

from config.kernel.db.former_migrations import LAST_FORMER, SCHEMA, former_schemas
from config.kernel.db.router import CONTEXTS, alias_of
from config.kernel.db.schema import all_aliases
from config.kernel.management.commands.migrate_all import take_over

ROOT = Path(__file__).resolve().parents[2]
with_databases = pytest.mark.django_db(databases=[alias_of(context) for context in CONTEXTS])


@pytest.fixture
def outside_transactions(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """An index that is made while others write is made, and shown as SQL, outside transactions alone."""
    with django_db_blocker.unblock():
        yield


def faulty(context: str) -> int:
    """How many of a context's migrations would stop or break the release that still runs beside them."""
    linter = MigrationLinter(
        database=alias_of(context),
        include_apps=[context],
        ignore_initial_migrations=True,
        all_warnings_as_errors=True,
        no_cache=True,
        no_output=True,
        analyser_string="postgresql",
    )
    linter.lint_all_migrations(app_label=context)
    assert linter.nb_total
    found: int = linter.nb_erroneous
    return found


@pytest.mark.parametrize("app", CONTEXTS)
def test_a_context_begins_with_one_migration_and_goes_on_without_a_pause(app: str, outside_transactions: None) -> None:
    first, *later = sorted(path.stem for path in (ROOT / app / "migrations").glob("0*.py"))
    assert first == SCHEMA
    assert all(name > "0002" for name in later)
    assert not faulty(app)


def test_planted_migrations_that_need_a_pause_are_refused(settings: Any, outside_transactions: None) -> None:
    settings.MIGRATION_MODULES = {"cases": "tests.platform.planted_migrations"}
    assert faulty("cases") == 3, "a column that must be filled, a column that is gone, an index that locks"


def former(context: str, *names: str) -> None:
    """Have the context's database look as the former migrations left it."""
    for one in CONTEXTS:
        recorder = MigrationRecorder(connections[alias_of(context)])
        recorder.migration_qs.filter(app=one).delete()
        for name in names or ("0001_initial", LAST_FORMER[one]):
            recorder.record_applied(one, name)


@with_databases
def test_a_database_of_this_release_is_not_a_former_one() -> None:
    assert former_schemas() == []


@with_databases
def test_a_former_database_is_stopped_at_with_both_ways_on() -> None:
    for context in CONTEXTS:
        former(context)
    with pytest.raises(CommandError) as told:
        take_over(former_schemas(), keeps=False)
    assert "migrate_all --keep" in str(told.value)
    assert "To drop it instead" in str(told.value)
    assert len(former_schemas()) == len(CONTEXTS), "nothing was changed"


@with_databases
def test_a_former_database_is_kept_when_that_is_asked() -> None:
    for context in CONTEXTS:
        former(context)
    take_over(former_schemas(), keeps=True)
    assert former_schemas() == []
    for alias in all_aliases():
        loader = MigrationLoader(connections[alias])
        loader.check_consistent_history(connections[alias])
        assert {name for app, name in loader.applied_migrations if app in CONTEXTS} == {SCHEMA}


@with_databases
@pytest.mark.parametrize("names", [("0001_initial", "0002_audit_newest"), (SCHEMA, "9999_of_a_newer_release")])
def test_a_database_that_is_half_way_or_newer_is_never_kept(names: tuple[str, ...]) -> None:
    former("cases", *names)
    with pytest.raises(CommandError, match="does not know"):
        take_over(former_schemas(), keeps=True)
    assert [one.context for one in former_schemas()] == ["cases"]


@with_databases
def test_a_former_database_that_lacks_a_column_is_not_kept() -> None:
    former("cases")
    with connections["cases"].cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("ALTER TABLE cases_job DROP COLUMN last_error")
    with pytest.raises(CommandError, match=r"cases_job\.last_error"):
        take_over(former_schemas(), keeps=True)
    assert [one.context for one in former_schemas()] == ["cases"]
