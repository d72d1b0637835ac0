"""What leaves the platform are ids and states: no text that a person wrote, and in analytics nothing that names one."""

import dataclasses
import json
import typing
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

import pytest

from config.kernel.events import Event, all_events
from config.kernel.feeds.cloud_events import analytics_of_row, audit_event, event_of_row
from config.kernel.feeds.payloads import leaving_fields, unidentified_fields
from config.kernel.outbox.rows import OutboxRow

# Every field of text or numbers that leaves, looked at one by one: a new one is added here by who has looked at it.
CODES = {
    "analysis.finding.decided.v1": {"decision"},
    "cases.assignment.stopped.v1": {"rule_id"},
    "cases.case.lies_still.v1": {"number"},
    "cases.document.read.v1": {"verdict"},
    "cases.outcome.due.v1": {"day"},
    "cases.promise.runs_out.v1": {"percent", "role"},
    "cases.records.requested.v1": {"reminder"},
    "identity.consent.granted.v1": {"purpose"},
    "identity.consent.withdrawn.v1": {"purpose"},
    "identity.role.changed.v1": {"role"},
    "identity.second_factor.changed.v1": {"change"},
    "identity.sessions.ended.v1": {"reason"},
    "professionals.licence.expiring.v1": {"days"},
}
# What tells of care leaves only where nobody is named.
FIGURES = {
    "analysis.findings.changed.v1": {"new", "changed", "vanished", "asked", "critical"},
    "analysis.run.completed.v1": {"findings"},
    "cases.opinion.signed.v1": {"diagnosis_agreement", "treatment_agreement", "confidence"},
    "cases.outcome.told.v1": {"day", "followed", "held"},
    "cases.rating.given.v1": {"score"},
}
CANARY = "Ada Lovelace: mammary carcinoma"
EVENTS = {name: cls for name, cls in all_events().items() if not cls.__module__.startswith("tests.")}


def row_of(cls: type[Event], **given: Any) -> OutboxRow:
    """A row of the event with something in every field; in those of text a sentence about a patient."""
    payload = {field.name: _sample(typing.get_type_hints(cls)[field.name]) for field in dataclasses.fields(cls)} | given
    return OutboxRow(
        position=1,
        event_id=uuid4(),
        name=cls.name,
        aggregate_id=UUID(payload["aggregate_id"]),
        payload=payload,
        correlation_id="c0ffee00c0ffee00",
        created_at=datetime(2026, 11, 30, 9, 41, 7, tzinfo=UTC),
    )


def _sample(hint: Any) -> Any:
    for part in (hint, *typing.get_args(hint)):
        if isinstance(part, type) and issubclass(part, StrEnum):
            return str(next(iter(part)))
        if part is UUID:
            return str(uuid4())
        if part is str:
            return [CANARY] if typing.get_origin(hint) is tuple else CANARY
        if part in (bool, int):
            return part(7)
        if part is datetime:
            return "2026-11-30T09:41:07+00:00"
    raise TypeError(hint)


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_no_event_lets_a_text_out_that_is_not_a_code(name: str) -> None:
    row = row_of(EVENTS[name])
    for event in (event_of_row(row), analytics_of_row(row)):
        for said in (event.structured(), event.body(), json.dumps(event.attributes()).encode()):
            assert b"Lovelace" not in said
            assert b"carcinoma" not in said


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_analytics_hold_nothing_that_can_be_joined_to_a_person_or_to_the_other_topics(name: str) -> None:
    row = row_of(EVENTS[name])
    said = analytics_of_row(row).structured().decode()
    for value in (*row.payload.values(), str(row.event_id), row.correlation_id, "09:41"):
        texts = [str(part) for part in (value if isinstance(value, list) else [value])]
        assert not any(len(text) > 8 and "-" in text and text in said for text in texts), (value, said)
    assert "T09:00:00Z" in said


def test_pseudonyms_are_the_same_for_one_subject_and_other_for_each_thing() -> None:
    cls = EVENTS["cases.case.opened.v1"]
    case = str(uuid4())
    first, second = (analytics_of_row(row_of(cls, aggregate_id=case)) for _ in range(2))
    assert first.subject == second.subject != case
    assert len({first.id, second.id, first.subject}) == 3


def test_texts_and_numbers_leave_only_where_somebody_has_looked() -> None:
    assert {name: set(cls.codes) for name, cls in EVENTS.items() if cls.codes} == CODES
    assert {name: set(cls.figures) for name, cls in EVENTS.items() if cls.figures} == FIGURES
    for name, cls in EVENTS.items():
        hints = typing.get_type_hints(cls)
        plain = {field for field in leaving_fields(name) if _names(hints[field]) & {str, int, float}}
        assert plain == CODES.get(name, set())
        ids = {field for field in unidentified_fields(name) if _names(hints[field]) & {UUID, datetime}}
        assert not ids


def _names(hint: Any) -> set[Any]:
    return {hint, *typing.get_args(hint)}


def test_ids_states_and_codes_leave_as_they_are() -> None:
    row = row_of(EVENTS["cases.document.read.v1"], verdict="complete")
    event = event_of_row(row)
    assert event.data == row.payload
    assert event.attributes() == {
        "specversion": "1.0",
        "id": str(row.event_id),
        "type": "cases.document.read.v1",
        "source": "/sop/cases",
        "subject": str(row.aggregate_id),
        "time": "2026-11-30T09:41:07Z",
        "correlationid": "c0ffee00c0ffee00",
    }
    assert json.loads(event.structured())["data"] == row.payload


def test_an_event_of_another_release_leaves_with_its_id_alone() -> None:
    row = row_of(EVENTS["cases.document.read.v1"])
    unknown = dataclasses.replace(row, name="cases.document.sung.v1")
    assert event_of_row(unknown).data == {"aggregate_id": row.payload["aggregate_id"]}
    assert analytics_of_row(unknown).data == {}


def test_an_audit_row_leaves_without_address_and_detail() -> None:
    at, entry, actor, patient, thing = datetime.now(UTC), uuid4(), uuid4(), uuid4(), uuid4()
    row = (entry, at, "c0ffee", thing, b"\1" * 32, 7, "case.read", "success", "care", "user", actor, patient, "case")
    event = audit_event("cases", row)
    told = json.loads(event.body())
    assert (event.topic, event.subject, event.type) == ("audit", "cases", "cases.audit.sealed.v1")
    assert told["sequence"] == 7
    assert told["entry_hash"] == "01" * 32
    assert set(told) == {
        *("id", "context", "sequence", "action", "outcome", "purpose", "actor_kind", "actor_id", "patient_id"),
        *("object_type", "object_id", "entry_hash"),
    }
