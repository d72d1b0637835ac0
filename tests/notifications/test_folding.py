"""Few mails instead of many: what is not urgent waits an hour, and what comes meanwhile goes with it."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest

from config.kernel import clock
from config.kernel.due_work import drain
from config.kernel.jobs import JobRun
from identity import services as identity
from notifications import services
from notifications.domain.categories import Choice
from notifications.domain.kinds import KINDS
from notifications.models import Delivery, DeliveryEvent, Notice
from notifications.services.waiting.held_deliveries import release_held
from tests.factories import make_account, principal_for
from tests.factories.notifications import ChannelPreferenceFactory
from tests.notifications.support import link_in, parts

pytestmark = pytest.mark.django_db(databases=["default", "professionals", "cases", "analysis", "notifications"])
BEGIN = clock.now().replace(microsecond=0)
MINUTE = timedelta(minutes=1)
# A specialist's 41 minutes with three cases, as 18 mails told them once: minute, kind, case.
SEQUENCE = (
    (0, "offer_made", 0),
    (2, "question_answered", 1),
    (3, "message_received", 1),
    (5, "message_received", 2),
    (8, "follow_up_asked", 2),
    (9, "question_answered", 1),
    (12, "message_received", 1),
    (15, "opinion_returned", 2),
    (16, "message_received", 2),
    (19, "question_answered", 1),
    (22, "message_received", 1),
    (24, "question_ended", 2),
    (27, "follow_up_asked", 1),
    (30, "message_received", 2),
    (33, "opinion_approved", 2),
    (36, "message_received", 1),
    (39, "question_answered", 2),
    (41, "message_received", 1),
)


@pytest.fixture
def specialist() -> identity.AccountDTO:
    return make_account("professional")


def tell(account: identity.AccountDTO, kind: str, after: timedelta = timedelta(), case: UUID | None = None) -> Delivery:
    with clock.frozen(BEGIN + after):
        services.notify(user_id=account.id, kind=kind, event_key=str(uuid4()), subject_id=case)
        drain("notifications")
    return Delivery.objects.filter(user_id=account.id).order_by("-id")[0]


def look(after: timedelta) -> None:
    """The scheduler and the workers, so long after the beginning."""
    run = mock.create_autospec(JobRun, instance=True)
    with clock.frozen(BEGIN + after):
        release_held(run)
        drain("notifications")


def states(account: identity.AccountDTO) -> list[str]:
    return list(Delivery.objects.filter(user_id=account.id).order_by("id").values_list("state", flat=True))


def test_eighteen_pieces_of_news_in_41_minutes_are_two_mails(smtp, specialist) -> None:
    cases = [uuid4() for _ in range(3)]
    assert len(SEQUENCE) == 18
    for minute in range(180):
        for at, kind, case in SEQUENCE:
            if at == minute:
                tell(specialist, kind, minute * MINUTE, cases[case])
        look(minute * MINUTE)
    offer, rest = smtp.to(specialist.email)
    assert offer["Subject"].startswith("An offer for you")
    assert rest["Subject"] == "Several pieces of news for you"
    assert parts(rest)[0].startswith("17 pieces of news have come for you.")
    # In the application all of it was there at once.
    assert Notice.objects.filter(user_id=specialist.id).count() == 18
    assert sorted(states(specialist)) == ["FOLDED"] * 16 + ["SENT"] * 2


def test_what_is_folded_names_the_delivery_that_tells_it(specialist) -> None:
    first = tell(specialist, "message_received")
    others = [tell(specialist, "question_answered", number * MINUTE) for number in (1, 2)]
    assert (first.state, first.reason, first.not_before) == ("HELD", "folding", BEGIN + timedelta(hours=1))
    assert {(one.state, one.folded_into) for one in others} == {("FOLDED", first.id)}
    told = DeliveryEvent.objects.order_by("id").values_list("delivery_id", "what", "reason")
    assert list(told) == [
        (first.id, "held", "folding"),
        *((one.id, "folded", "folding") for one in others),
    ]


@pytest.mark.parametrize(
    "kind", [kind.name for kind in KINDS.values() if kind.email and not kind.folds and not kind.to and not kind.asked]
)
def test_what_is_urgent_waits_for_nothing(smtp, specialist, kind: str) -> None:
    tell(specialist, "message_received")
    assert smtp.to(specialist.email) == []
    tell(specialist, kind, MINUTE)
    assert len(smtp.to(specialist.email)) == 1


def test_one_piece_alone_is_told_as_itself(smtp, specialist) -> None:
    tell(specialist, "credentials_verified")
    smtp.taken.clear()
    tell(specialist, "outcome_wanted")
    for minutes in (1, 59):
        look(minutes * MINUTE)
        assert smtp.to(specialist.email) == []
    look(60 * MINUTE)
    (mail,) = smtp.to(specialist.email)
    assert mail["Subject"] == "News about your second opinion"


def test_after_the_hour_the_next_one_begins(smtp, maria) -> None:
    for minutes in (0, 30, 61, 90):
        look(minutes * MINUTE)
        tell(maria, "specialist_found", minutes * MINUTE)
    look(121 * MINUTE)
    assert [parts(mail)[0][:2] for mail in smtp.to(maria.email)] == ["2 ", "2 "]


def test_several_pieces_lead_to_the_list_of_them(smtp, maria) -> None:
    for minutes in (0, 1):
        tell(maria, "specialist_found", minutes * MINUTE)
    look(60 * MINUTE)
    (mail,) = smtp.to(maria.email)
    assert urlsplit(link_in(mail)).path == "/account/news"


@pytest.mark.parametrize(("locale", "words"), [("de", "Für Sie gibt es 2"), ("es", "Hay 2 novedades")])
def test_their_number_is_said_in_the_readers_language(smtp, locale: str, words: str) -> None:
    account = make_account("patient", locale=locale)
    for minutes in (0, 1):
        tell(account, "specialist_found", minutes * MINUTE)
    look(60 * MINUTE)
    (mail,) = smtp.to(account.email)
    assert parts(mail)[0].startswith(words)


class TestWhatChangesMeanwhile:
    def test_what_was_read_is_not_counted_and_when_all_was_read_nothing_is_sent(self, smtp, maria) -> None:
        for minutes in (0, 1, 2):
            tell(maria, "specialist_found", minutes * MINUTE)
        first = Notice.objects.filter(user_id=maria.id).order_by("sequence")[0]
        me = principal_for(maria)
        services.mark_read(principal=me, notice_id=first.id)
        look(60 * MINUTE)
        assert parts(smtp.to(maria.email)[0])[0].startswith("2 pieces")
        smtp.taken.clear()
        row = tell(maria, "specialist_found", 70 * MINUTE)
        services.mark_read(principal=me)
        look(130 * MINUTE)
        row.refresh_from_db()
        assert (smtp.taken, row.state, row.reason) == ([], "SKIPPED", "read_already")

    def test_a_category_that_is_switched_off_takes_no_other_with_it(self, smtp, maria) -> None:
        tell(maria, "specialist_found")
        tell(maria, "message_received", MINUTE)
        ChannelPreferenceFactory(user_id=maria.id, category="case")
        look(60 * MINUTE)
        (mail,) = smtp.to(maria.email)
        assert mail["Subject"] == "News about your second opinion"

    @pytest.mark.parametrize("choice", [Choice.OFF, Choice.DIGEST])
    def test_what_is_not_wanted_now_is_not_folded(self, specialist, choice: Choice) -> None:
        ChannelPreferenceFactory(user_id=specialist.id, category="messages", choice=choice)
        row = tell(specialist, "message_received")
        assert row.reason != "folding"
        assert row.folded_into is None


def test_one_persons_news_never_goes_with_anothers(maria) -> None:
    tell(maria, "specialist_found")
    other = tell(make_account("patient"), "specialist_found", MINUTE)
    assert (other.state, other.folded_into) == ("HELD", None)
