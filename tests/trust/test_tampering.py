"""A database user who edits, deletes, inserts, swaps, cuts off or rewrites audit rows is found, every time."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connections, transaction

from config.kernel import clock
from config.kernel.audit import record
from config.kernel.audit.chain import _FIELDS, GENESIS, _link, seal, verify
from config.kernel.audit.heads import HeadsDamaged, export_heads, exported_heads
from config.kernel.db import context_labels

pytestmark = pytest.mark.django_db
TRIES = range(10)
ROWS = 30


def _sql(statement: str, *values: object) -> Any:
    with connections["cases"].cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def _append(count: int) -> None:
    for number in range(count):
        record(context="cases", action="case.read", object_type="case", object_id=uuid4(), detail={"n": number})


def _forge_chain() -> None:
    """What somebody with all rights and our source does: new links for every row that stands."""
    previous = GENESIS
    for sequence, *fields in _sql(f"SELECT sequence, {_FIELDS} FROM cases_auditentry ORDER BY sequence"):
        current = _link(previous, fields)
        _sql(
            "UPDATE cases_auditentry SET previous_hash = %s, entry_hash = %s WHERE sequence = %s",
            previous,
            current,
            sequence,
        )
        previous = current


def _edit(at: int) -> None:
    _sql("UPDATE cases_auditentry SET actor_id = gen_random_uuid() WHERE sequence = %s", at)


def _delete(at: int) -> None:
    _sql("DELETE FROM cases_auditentry WHERE sequence = %s", at)


def _insert(at: int) -> None:
    _sql("UPDATE cases_auditentry SET sequence = -sequence - 1 WHERE sequence >= %s", at)
    _sql("UPDATE cases_auditentry SET sequence = -sequence WHERE sequence < 0")
    _append(1)
    _sql(
        "UPDATE cases_auditentry SET sequence = %s, previous_hash = %s, entry_hash = %s WHERE sequence IS NULL",
        at,
        GENESIS,
        hashlib.sha256(b"made up").digest(),
    )


def _swap(at: int) -> None:
    other = at + 1 if at < ROWS else at - 1
    _sql("UPDATE cases_auditentry SET sequence = -sequence WHERE sequence IN (%s, %s)", at, other)
    _sql("UPDATE cases_auditentry SET sequence = %s WHERE sequence = %s", other, -at)
    _sql("UPDATE cases_auditentry SET sequence = %s WHERE sequence = %s", at, -other)


def _cut_off(at: int) -> None:
    _sql("DELETE FROM cases_auditentry WHERE sequence >= %s", at)


def _rewrite(at: int) -> None:
    _edit(at)
    _forge_chain()


@pytest.mark.parametrize("attempt", TRIES)
@pytest.mark.parametrize("tampering", [_edit, _delete, _insert, _swap, _cut_off, _rewrite])
def test_tampering_is_found_and_the_first_bad_row_named(tampering: Any, attempt: int) -> None:
    at = random.Random(f"{tampering.__name__}{attempt}").randint(1, ROWS)
    for part in (10, 10, 10):
        _append(part)
        seal("cases")
        export_heads()
    tampering(at)
    fault = verify("cases", anchors=exported_heads()["cases"])
    assert fault is not None
    named = at - at % 10 + 1 if tampering is _rewrite and at % 10 else at
    if tampering is _rewrite and not at % 10:
        named = at - 9
    if tampering is _swap and at == ROWS:
        named = at - 1
    assert fault.sequence == named


def test_a_whole_chain_passes_through_all_its_heads(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(3):
        _append(4)
        seal("cases")
        assert export_heads() == 1
    assert export_heads() == 0
    assert [one.sequence for one in exported_heads()["cases"]] == [4, 8, 12]
    call_command("audit_verify")
    assert "whole, 12 entries, 3 exported heads" in capsys.readouterr().out


def test_the_command_finds_a_cut_tail_by_the_heads(capsys: pytest.CaptureFixture[str]) -> None:
    _append(5)
    seal("cases")
    export_heads()
    _cut_off(4)
    with pytest.raises(CommandError, match="1 audit chain"):
        call_command("audit_verify")
    assert "cut off at 4" in capsys.readouterr().out


@pytest.mark.parametrize("damage", ["edit", "remove", "forge", "garble"])
def test_heads_that_were_touched_are_not_believed(settings: Any, damage: str) -> None:
    for _ in range(3):
        _append(2)
        seal("cases")
        export_heads()
    (path,) = Path(settings.AUDIT_HEADS_DIR).glob("heads-*.jsonl")
    first, second, third = path.read_text().splitlines()
    changed = {
        "edit": [first, second.replace('"sequence":4', '"sequence":3'), third],
        "remove": [first, third],
        "forge": [first, second, first],
        "garble": [first, "{", third],
    }[damage]
    path.write_text("\n".join(changed) + "\n")
    with pytest.raises(HeadsDamaged, match=r"heads-.*:[23]"):
        exported_heads()
    with pytest.raises(CommandError, match="damaged"):
        call_command("audit_verify")


def test_heads_go_on_in_the_next_days_file() -> None:
    _append(1)
    seal("cases")
    export_heads()
    with clock.frozen(clock.now().replace(year=clock.now().year + 1)):
        _append(1)
        seal("cases")
        export_heads()
    assert [one.sequence for one in exported_heads()["cases"]] == [1, 2]


@pytest.mark.parametrize("label", context_labels())
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {t} SET action = 'x'",
        "UPDATE {t} SET sequence = 1",
        "UPDATE {t} SET entry_hash = NULL",
        "DELETE FROM {t}",
        "TRUNCATE {t}",
        "ALTER TABLE {t} ADD COLUMN x int",
        "DROP TABLE {t}",
    ],
)
def test_the_applications_role_may_only_add_and_read(label: str, statement: str) -> None:
    alias = "default" if label == "identity" else label
    record(context=label, action="x")
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE sop_{label}")
        cursor.execute(f'SELECT count(*) FROM "{label}_auditentry"')
        record(context=label, action="y")
        with pytest.raises(DatabaseError, match=r"permission denied|must be owner"), transaction.atomic(using=alias):
            cursor.execute(statement.format(t=f'"{label}_auditentry"'))


def test_the_role_seals_rows_and_never_a_sealed_one_again() -> None:
    _append(3)
    with transaction.atomic(using="cases"):
        _sql("SET LOCAL ROLE sop_cases")
        assert seal("cases") == 3
        rows = _sql("SELECT id, entry_hash FROM cases_auditentry")
        again = _sql(
            "SELECT seal_audit(%s::uuid[], %s::bigint[], %s::bytea[], %s::bytea[])",
            [row[0] for row in rows],
            [7, 8, 9],
            [GENESIS] * 3,
            [GENESIS] * 3,
        )
        _sql("RESET ROLE")
    assert again == [(0,)]
    assert verify("cases") is None
