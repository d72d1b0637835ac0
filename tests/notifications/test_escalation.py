"""What must be read goes from channel to channel until it is, and after a day somebody of staff calls."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from unittest import mock
from uuid import uuid4

import pytest

from cases.events import CaseStatusChanged
from cases.services.workflow import State, Transition
from config.kernel import clock
from config.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from config.kernel.jobs import JobRun
from identity import services as identity
from identity.models import User
from notifications import services
from notifications.domain.kinds import KINDS
from notifications.models import AuditEntry, Delivery, Escalation, Notice, OutboxEntry
from notifications.services import escalation
from tests.factories import make_person, principal_for
from tests.factories.notifications import DeliveryFactory, EscalationFactory
from tests.notifications.support import deliver

pytestmark = pytest.mark.django_db
BEGIN = clock.now().replace(microsecond=0)
EVERY = ("email", "push", "sms")


@pytest.fixture(autouse=True)
def all_channels() -> Iterator[None]:
    with mock.patch("notifications.services.escalation.channels_on", return_value=EVERY):
        yield


def told(account: identity.AccountDTO, kind: str = "report_ready", **more: object) -> Notice:
    with clock.frozen(BEGIN):
        services.notify(user_id=account.id, kind=kind, event_key=str(uuid4()), **more)  # type: ignore[arg-type]  # what the test names
    return Notice.objects.get(user_id=account.id, kind=kind)


def look(after: timedelta) -> None:
    """The scheduler's job, so long after the notice."""
    run = mock.create_autospec(JobRun, instance=True)
    with clock.frozen(BEGIN + after):
        escalation.escalate(run)


def by_channel(notice: Notice) -> list[str]:
    return list(notice.deliveries.order_by("created_at", "id").values_list("channel", flat=True))


def ended(notice: Notice, channel: str, state: str) -> None:
    """As the provider, or what was decided at sending, left it."""
    Delivery.objects.filter(notice=notice, channel=channel).update(state=state)


def state_of(notice: Notice) -> str:
    return Escalation.objects.get(notice=notice).state


HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def test_what_must_be_read_is_followed_up_and_other_news_is_not(maria) -> None:
    told(maria)
    told(maria, "specialist_found")
    assert [row.notice.kind for row in Escalation.objects.select_related("notice")] == ["report_ready"]
    assert {kind.name for kind in KINDS.values() if kind.must_reach} >= {
        "report_ready",
        "question_asked",
        "case_closed",
    }


def test_unread_it_goes_on_every_four_hours_and_after_a_day_to_staff(maria) -> None:
    notice = told(maria)
    ended(notice, "email", "SENT")
    expected = {3.9: ["email"], 4: ["email", "push"], 7.9: ["email", "push"], 8: list(EVERY), 23.9: list(EVERY)}
    for hours, channels in expected.items():
        look(hours * HOUR)
        for channel in channels:
            ended(notice, channel, "SENT")
        assert by_channel(notice) == channels, hours
        assert state_of(notice) == "WATCHED"
    look(24 * HOUR)
    assert state_of(notice) == "UNREACHED"
    event = OutboxEntry.objects.get(name="notifications.person.unreachable.v1")
    assert event.payload == {"aggregate_id": str(maria.id), "notice_id": str(notice.id)}
    look(25 * HOUR)
    assert OutboxEntry.objects.filter(name="notifications.person.unreachable.v1").count() == 1


@pytest.mark.parametrize("state", ["FAILED", "BOUNCED", "SKIPPED"])
def test_what_comes_back_or_was_suppressed_goes_on_at_once(maria, state: str) -> None:
    notice = told(maria)
    ended(notice, "email", state)
    look(MINUTE)
    assert by_channel(notice) == ["email", "push"]
    look(2 * MINUTE)
    assert by_channel(notice) == ["email", "push"]
    ended(notice, "push", state)
    look(3 * MINUTE)
    assert by_channel(notice) == list(EVERY)
    ended(notice, "sms", state)
    for minutes in (4, 5, 6):
        look(minutes * MINUTE)
    assert by_channel(notice) == list(EVERY)
    assert state_of(notice) == "WATCHED"
    look(24 * HOUR)
    assert state_of(notice) == "UNREACHED"


def test_a_channel_that_is_off_is_left_out(maria) -> None:
    notice = told(maria)
    with mock.patch("notifications.services.escalation.channels_on", return_value=("email", "sms")):
        look(4 * HOUR)
        assert by_channel(notice) == ["email", "sms"]


def test_a_channel_that_it_went_by_already_is_not_asked_twice(maria) -> None:
    notice = told(maria)
    DeliveryFactory(notice=notice, user_id=maria.id, channel="push")
    look(4 * HOUR)
    assert by_channel(notice) == ["email", "push", "sms"]


@pytest.mark.parametrize("hours", [0.5, 5, 30])
def test_it_stops_when_it_is_read(maria, hours: float) -> None:
    notice = told(maria)
    look(hours * HOUR)
    services.mark_read(principal=principal_for(maria), notice_id=notice.id)
    before = by_channel(notice)
    look(hours * HOUR + MINUTE)
    assert state_of(notice) == "READ"
    look(40 * HOUR)
    assert (by_channel(notice), state_of(notice)) == (before, "READ")


def test_it_stops_when_the_person_does_something_in_the_case(maria) -> None:
    case_id = uuid4()
    notice = told(maria, "question_asked", subject_id=case_id)
    other = told(maria, "report_ready", subject_id=uuid4())
    deliver(
        CaseStatusChanged(
            aggregate_id=case_id,
            patient_id=maria.id,
            transition=Transition.SETTLE_CLARIFICATION,
            from_state=State.CLARIFICATION,
            to_state=State.IN_REVIEW,
            actor_id=maria.id,
        )
    )
    assert (state_of(notice), state_of(other)) == ("READ", "WATCHED")


def test_nobody_calls_for_an_account_that_is_closed(maria) -> None:
    notice = told(maria)
    User.objects.filter(id=maria.id).update(is_active=False)
    look(24 * HOUR)
    row = Escalation.objects.get(notice=notice)
    assert (row.state, row.outcome) == ("CLOSED", "account_closed")
    assert not OutboxEntry.objects.filter(name="notifications.person.unreachable.v1").exists()


def test_a_look_takes_what_is_due_and_no_more_than_so_many() -> None:
    """Bounded: what is due, and no more than so many at once."""
    rows = [EscalationFactory(next_at=BEGIN + timedelta(days=9)) for _ in range(30)]
    assert escalation._due() == []
    Escalation.objects.filter(id__in=[row.id for row in rows[:3]]).update(next_at=BEGIN)
    with mock.patch.object(escalation, "AT_ONCE", 2), clock.frozen(BEGIN + MINUTE):
        assert len(escalation._due()) == 2


class TestStaff:
    @pytest.fixture
    def unreached(self, maria) -> Escalation:
        notice = told(maria)
        look(24 * HOUR)
        return Escalation.objects.get(notice=notice)

    def test_one_person_takes_it_and_says_how_it_ended(self, unreached: Escalation) -> None:
        nurse, other = make_person("nurse"), make_person("coordinator")
        escalation.claim(principal=nurse, escalation_id=unreached.id)
        for act in (escalation.claim, escalation.give_back):
            with pytest.raises(Conflict):
                act(principal=other, escalation_id=unreached.id)
        with pytest.raises(Conflict):
            escalation.close(principal=other, escalation_id=unreached.id, outcome="told_by_phone")
        with pytest.raises(Invalid):
            escalation.close(principal=nurse, escalation_id=unreached.id, outcome="she has cancer")
        escalation.close(principal=nurse, escalation_id=unreached.id, outcome="told_by_phone")
        unreached.refresh_from_db()
        assert (unreached.state, unreached.outcome, unreached.claimed_by) == (
            "CLOSED",
            "told_by_phone",
            nurse.user_id,
        )
        actions = AuditEntry.objects.filter(object_id=unreached.id).order_by("at").values_list("action", "patient_id")
        assert list(actions) == [
            ("unreached.claim", unreached.user_id),
            ("unreached.close", unreached.user_id),
        ]

    def test_given_back_somebody_else_takes_it(self, unreached: Escalation) -> None:
        nurse, other = make_person("nurse"), make_person("coordinator")
        escalation.claim(principal=nurse, escalation_id=unreached.id)
        escalation.give_back(principal=nurse, escalation_id=unreached.id)
        escalation.claim(principal=other, escalation_id=unreached.id)
        assert Escalation.objects.get().claimed_by == other.user_id

    def test_what_was_read_meanwhile_is_nobodys_work(self, unreached: Escalation, maria) -> None:
        services.mark_read(principal=principal_for(maria))
        look(24 * HOUR + MINUTE)
        with pytest.raises(Conflict):
            escalation.claim(principal=make_person("nurse"), escalation_id=unreached.id)

    def test_others_do_not(self, unreached: Escalation) -> None:
        for role in ("support", "privacy_officer", "patient", "professional", "medical_director"):
            with pytest.raises(Forbidden):
                escalation.claim(principal=make_person(role), escalation_id=unreached.id)
        with pytest.raises(NotFound):
            escalation.claim(principal=make_person("nurse"), escalation_id=uuid4())


def test_no_kind_that_strangers_can_cause_makes_a_telephone_ring() -> None:
    assert not [kind.name for kind in KINDS.values() if kind.must_reach and (kind.asked or kind.secret)]
