"""The audit chain is whole, or its first bad row is named."""

import threading
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from cases.models import AuditEntry
from config.kernel.audit import AuditUnavailable, record
from config.kernel.audit.chain import ChainHead, head, seal, verify
from config.kernel.auth import acting_as
from tests.client import make_principal

pytestmark = pytest.mark.django_db(transaction=True)


def _append(count: int) -> None:
    for number in range(count):
        record(context="cases", action="case.read", object_type="case", object_id=uuid4(), detail={"n": number})


def _sql(statement: str, *values: object) -> None:
    with connections["cases"].cursor() as cursor:
        cursor.execute(statement, values)


@pytest.fixture
def anchor() -> ChainHead:
    _append(20)
    assert seal("cases") == 20
    return head("cases")


def test_a_row_says_who_did_what_with_whose_data() -> None:
    nurse, patient = make_principal("nurse", "coordinator"), uuid4()
    with acting_as(nurse):
        record(context="cases", action="case.read", patient_id=patient, object_type="case", object_id=uuid4())
    row = AuditEntry.objects.get()
    assert (row.actor_id, row.actor_kind, row.patient_id) == (nurse.user_id, "user", patient)
    assert (row.action, row.outcome, row.actor_roles) == ("case.read", "success", "coordinator,nurse")


def test_a_sealed_chain_verifies(anchor: ChainHead) -> None:
    assert anchor.sequence == 20
    assert verify("cases", anchors=[anchor]) is None


def test_sealing_goes_on_where_it_stopped(anchor: ChainHead) -> None:
    _append(5)
    assert seal("cases", limit=3) == 3
    assert seal("cases") == 2
    assert seal("cases") == 0
    assert verify("cases", anchors=[anchor]) is None


def test_eight_writers_and_two_sealers_make_one_chain() -> None:
    def write() -> None:
        try:
            _append(25)
            seal("cases")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seal("cases")
    assert head("cases").sequence == 200
    assert verify("cases") is None


@pytest.mark.parametrize(
    ("tampering", "reason", "sequence"),
    [
        ("UPDATE cases_auditentry SET action = 'case.none' WHERE sequence = 7", "altered", 7),
        ("UPDATE cases_auditentry SET actor_id = gen_random_uuid() WHERE sequence = 1", "altered", 1),
        ("UPDATE cases_auditentry SET detail = '{}' WHERE sequence = 9", "altered", 9),
        ("UPDATE cases_auditentry SET at = at + interval '1 second' WHERE sequence = 20", "altered", 20),
        ("DELETE FROM cases_auditentry WHERE sequence = 12", "missing", 12),
        ("DELETE FROM cases_auditentry WHERE sequence > 15", "cut off", 16),
        ("DELETE FROM cases_auditentry", "cut off", 1),
        (
            "UPDATE cases_auditentry SET sequence = CASE sequence WHEN 3 THEN -4 WHEN 4 THEN -3 END"
            " WHERE sequence IN (3, 4); UPDATE cases_auditentry SET sequence = -sequence WHERE sequence < 0",
            "altered",
            3,
        ),
    ],
)
def test_tampering_is_found_and_its_first_row_named(
    anchor: ChainHead, tampering: str, reason: str, sequence: int
) -> None:
    _sql(tampering)
    fault = verify("cases", anchors=[anchor])
    assert fault is not None
    assert (fault.reason, fault.sequence) == (reason, sequence)


def test_a_chain_that_was_rewritten_from_the_start_does_not_reach_its_anchor(anchor: ChainHead) -> None:
    _sql("UPDATE cases_auditentry SET action = 'x' WHERE sequence = 5")
    _sql("UPDATE cases_auditentry SET sequence = NULL, previous_hash = NULL, entry_hash = NULL")
    seal("cases")
    assert verify("cases") is None
    fault = verify("cases", anchors=[anchor])
    assert fault is not None
    assert fault.reason == "rewritten"


def test_the_command_names_the_broken_chain_and_fails(anchor: ChainHead, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("audit_verify")
    assert "whole, 20 entries" in capsys.readouterr().out
    _sql("UPDATE cases_auditentry SET action = 'x' WHERE sequence = 5")
    with pytest.raises(CommandError, match="1 audit chain"):
        call_command("audit_verify")
    assert "altered at 5" in capsys.readouterr().out


def test_what_cannot_be_recorded_is_refused_as_unavailable() -> None:
    _sql("ALTER TABLE cases_auditentry RENAME TO gone")
    try:
        with pytest.raises(AuditUnavailable):
            record(context="cases", action="case.read", object_id=UUID(int=1))
    finally:
        _sql("ALTER TABLE gone RENAME TO cases_auditentry")
