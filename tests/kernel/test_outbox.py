"""Events reach their receivers in order, at least once, and take effect exactly once."""

import dataclasses
import threading
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from django.db import connections

from cases.models import InboxEntry as CasesInbox
from cases.models import OutboxEntry
from config.kernel.auth import current_principal
from config.kernel.db import ContextDatabase
from config.kernel.events import Event, event, signal_for
from config.kernel.observability.correlation import correlated, correlation_id
from config.kernel.outbox import once, publish
from config.kernel.outbox.dispatch import MAX_TRIES, relay_once, resubmit
from config.kernel.outbox.publication import PublishedOutsideTransaction

cases_db = ContextDatabase("cases")
pytestmark = pytest.mark.django_db(transaction=True)


@event("cases.parcel.sent.v1")
@dataclasses.dataclass(frozen=True, kw_only=True)
class ParcelSent(Event):
    number: int


class Receiver:
    """A handler in analysis that can be told to fail."""

    def __init__(self) -> None:
        self.got: list[tuple[UUID, int]] = []
        self.failures_left = 0
        self.principals: list[str] = []
        self.correlations: list[str] = []
        self.lock = threading.Lock()

    def __call__(self, event: ParcelSent) -> None:
        if self.failures_left:
            self.failures_left -= 1
            raise ConnectionError("busy")
        with self.lock:
            self.got.append((event.aggregate_id, event.number))
            self.principals.append(current_principal().kind)
            self.correlations.append(correlation_id())


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    signal = signal_for(ParcelSent.name)
    receiver.__module__, receiver.__qualname__, receiver.__name__ = __name__, f"receiver-{uuid4()}", "receiver"  # type: ignore[attr-defined]
    connected = once(ParcelSent, context="analysis")(receiver)
    yield receiver
    assert signal.disconnect(dispatch_uid=receiver.__module__ + "." + receiver.__qualname__), connected  # type: ignore[attr-defined]


def _send(*numbers: int, case: UUID | None = None) -> UUID:
    case = case or uuid4()
    with cases_db.atomic():
        for number in numbers:
            publish(ParcelSent(aggregate_id=case, number=number))
    return case


def _relay_all() -> None:
    while relay_once("cases"):
        pass


def _make_due() -> None:
    with connections["cases"].cursor() as cursor:
        cursor.execute("UPDATE cases_outboxentry SET available_at = now()")


def test_an_event_published_in_a_transaction_reaches_its_receiver(receiver: Receiver) -> None:
    case = _send(1)
    _relay_all()
    assert receiver.got == [(case, 1)]
    assert receiver.principals == ["system"]
    assert OutboxEntry.objects.get().status == "SENT"


def test_an_event_of_a_transaction_that_rolls_back_was_never_sent(receiver: Receiver) -> None:
    with pytest.raises(ZeroDivisionError), cases_db.atomic():
        publish(ParcelSent(aggregate_id=uuid4(), number=1))
        raise ZeroDivisionError
    _relay_all()
    assert receiver.got == []


def test_publishing_outside_the_contexts_transaction_is_refused() -> None:
    with pytest.raises(PublishedOutsideTransaction):
        publish(ParcelSent(aggregate_id=uuid4(), number=1))
    with ContextDatabase("analysis").atomic(), pytest.raises(PublishedOutsideTransaction):
        publish(ParcelSent(aggregate_id=uuid4(), number=1))


def test_events_of_one_case_arrive_in_their_order(receiver: Receiver) -> None:
    case = _send(*range(10))
    _relay_all()
    assert receiver.got == [(case, n) for n in range(10)]


def test_a_failing_event_holds_back_its_case_and_no_other(receiver: Receiver) -> None:
    receiver.failures_left = 1
    stuck = _send(1, 2)
    free = _send(7)
    _relay_all()
    assert receiver.got == [(free, 7)]
    _make_due()
    _relay_all()
    assert receiver.got == [(free, 7), (stuck, 1), (stuck, 2)]


def test_a_second_delivery_has_no_effect(receiver: Receiver) -> None:
    _send(1)
    _relay_all()
    OutboxEntry.objects.update(status="PENDING")
    _relay_all()
    assert len(receiver.got) == 1


def test_a_handler_that_fails_leaves_no_inbox_row_behind(receiver: Receiver) -> None:
    from analysis.models import InboxEntry

    receiver.failures_left = 1
    _send(1)
    _relay_all()
    assert InboxEntry.objects.count() == 0
    assert CasesInbox.objects.count() == 0


def test_an_event_that_always_fails_ends_dead_with_the_errors_type_and_can_be_resubmitted(receiver: Receiver) -> None:
    receiver.failures_left = MAX_TRIES
    case = _send(1, 2)
    for _ in range(MAX_TRIES):
        _make_due()
        relay_once("cases")
    dead = OutboxEntry.objects.get(status="DEAD")
    assert (dead.tries, dead.last_error) == (MAX_TRIES, "ConnectionError")
    _make_due()
    _relay_all()
    assert receiver.got == [(case, 2)]
    assert resubmit("cases", [dead.position]) == 1
    _relay_all()
    assert receiver.got == [(case, 2), (case, 1)]


def test_an_event_that_no_code_knows_is_kept_not_dropped() -> None:
    with cases_db.atomic():
        publish(ParcelSent(aggregate_id=uuid4(), number=1))
    OutboxEntry.objects.update(name="cases.parcel.unknown.v9")
    relay_once("cases")
    row = OutboxEntry.objects.get()
    assert (row.status, row.last_error) == ("PENDING", "LookupError")


def test_the_requests_correlation_id_travels_with_the_event(receiver: Receiver) -> None:
    with correlated("request-12345678"):
        _send(1)
    _relay_all()
    assert receiver.correlations == ["request-12345678"]


def test_two_relays_at_once_deliver_everything_once_and_in_order(receiver: Receiver) -> None:
    cases = [_send(*range(5)) for _ in range(12)]

    def work() -> None:
        try:
            idle = 0
            while idle < 3:
                idle = 0 if relay_once("cases", limit=3) else idle + 1
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    _relay_all()
    for case in cases:
        assert [n for c, n in receiver.got if c == case] == list(range(5))
    assert len(receiver.got) == 60
