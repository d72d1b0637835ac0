"""Events are typed, versioned and plain."""

import dataclasses
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.kernel.events import Event, event, event_class, signal_for


@event("cases.sample.happened.v1")
@dataclasses.dataclass(frozen=True, kw_only=True)
class SampleHappened(Event):
    patient_id: UUID
    when: datetime
    count: int = 0
    tags: tuple[str, ...] = ()
    note: str | None = None


@given(count=st.integers(), tags=st.lists(st.text(), max_size=4), note=st.none() | st.text())
def test_a_payload_rebuilds_the_same_event(count: int, tags: list[str], note: str | None) -> None:
    sent = SampleHappened(
        aggregate_id=uuid4(),
        patient_id=uuid4(),
        when=datetime(2026, 1, 2, tzinfo=UTC),
        count=count,
        tags=tuple(tags),
        note=note,
    )
    assert SampleHappened.from_payload(sent.payload()) == sent


def test_a_newer_senders_extra_keys_are_ignored() -> None:
    sent = SampleHappened(aggregate_id=uuid4(), patient_id=uuid4(), when=datetime.now(UTC))
    assert SampleHappened.from_payload(sent.payload() | {"added_later": 1}) == sent


@pytest.mark.parametrize(
    "name", ["cases.submitted", "Cases.case.submitted.v1", "cases.case.submitted", "billing.x.y.v1"]
)
def test_a_name_without_context_subject_and_version_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="form"):
        event(name)


def test_an_event_that_carries_more_than_plain_data_is_refused() -> None:
    @dataclasses.dataclass(frozen=True, kw_only=True)
    class Fat(Event):
        body: dict[str, str]

    with pytest.raises(TypeError, match="ids and primitives"):
        event("cases.fat.sent.v1")(Fat)


def test_two_classes_cannot_share_a_name() -> None:
    @dataclasses.dataclass(frozen=True, kw_only=True)
    class Other(Event):
        pass

    with pytest.raises(ValueError, match="taken"):
        event("cases.sample.happened.v1")(Other)


def test_a_receiver_may_connect_by_name_before_the_sender_is_loaded() -> None:
    assert signal_for("cases.sample.happened.v1") is SampleHappened.signal
    assert event_class("cases.sample.happened.v1") is SampleHappened
