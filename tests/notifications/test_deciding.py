"""What is decided about a message: its order, what never waits, and that whoever waits waits for something."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.domain.categories import ALWAYS, Category, ChannelName, Choice
from notifications.domain.deciding import ORDER, Facts, Hold, Reason, Send, Skip, SuppressionReason, decide

NOW = datetime(2026, 11, 30, 21, 30, tzinfo=UTC)
SOON, OUTWARD = NOW + timedelta(hours=1), (ChannelName.EMAIL, ChannelName.SMS, ChannelName.PUSH)
CHOSEN = frozenset({Reason.NOT_WANTED, Reason.QUIET_HOURS, Reason.DIGEST, Reason.SCHEDULED})
instants = st.none() | st.integers(-100_000, 100_000).map(lambda seconds: NOW + timedelta(seconds=seconds))
situations = st.builds(
    Facts,
    channel=st.sampled_from(OUTWARD),
    category=st.sampled_from(Category),
    instant=st.just(NOW),
    asked=st.booleans(),
    missing=st.none() | st.sampled_from((Reason.NO_ACCOUNT, Reason.ACCOUNT_CLOSED, Reason.NO_LONGER_ASKED)),
    verified=st.booleans(),
    suppressed=st.none() | st.sampled_from(SuppressionReason),
    suppressed_until=instants,
    choice=st.sampled_from(Choice),
    quiet_until=instants,
    digest_at=instants,
    address_full_until=instants,
    not_before=instants,
    day_full_until=instants,
)
# All that can speak against a piece of news, in the order in which it is asked.
AGAINST = (
    ({"missing": Reason.ACCOUNT_CLOSED}, Skip(why=Reason.ACCOUNT_CLOSED)),
    ({"verified": False}, Skip(why=Reason.ADDRESS_UNCONFIRMED)),
    ({"suppressed": SuppressionReason.HARD}, Skip(why=Reason.BOUNCED_BEFORE)),
    ({"choice": Choice.OFF}, Skip(why=Reason.NOT_WANTED)),
    ({"quiet_until": SOON}, Hold(until=SOON, why=Reason.QUIET_HOURS)),
    ({"choice": Choice.DIGEST, "digest_at": SOON}, Hold(until=SOON, why=Reason.DIGEST)),
    ({"address_full_until": SOON}, Hold(until=SOON, why=Reason.RECIPIENT_LIMIT)),
    ({"not_before": SOON}, Hold(until=SOON, why=Reason.SCHEDULED)),
    ({"day_full_until": SOON}, Hold(until=SOON, why=Reason.DAY_LIMIT)),
)
NEWS = Facts(channel=ChannelName.PUSH, category=Category.CASE, instant=NOW)


@given(situations)
def test_security_and_law_are_never_held_and_no_choice_of_anybody_stops_them(facts):
    decision = decide(replace(facts, category=Category.SECURITY))
    assert not isinstance(decision, Hold)
    law = decide(replace(facts, category=Category.LEGAL, asked=False))
    assert not isinstance(law, Hold)
    for said in (decision, law):
        assert getattr(said, "why", None) not in CHOSEN


@given(situations)
def test_an_open_account_hears_of_its_security_by_mail_at_once(facts):
    """Whatever bounced, whoever complained, and however full the day is; only its own hour can be full."""
    own = replace(facts, channel=ChannelName.EMAIL, category=Category.SECURITY, missing=None, asked=False)
    gone = own.suppressed in (SuppressionReason.STOP, SuppressionReason.GONE)
    free = replace(own, suppressed=None if gone else own.suppressed, address_full_until=None)
    assert decide(free) == Send()


@given(situations)
def test_who_waits_waits_for_an_instant_to_come(facts):
    decision = decide(facts)
    if isinstance(decision, Hold):
        assert decision.until > facts.instant
        # And then nothing of the same kind holds it any more.
        later = decide(replace(facts, instant=decision.until))
        assert later != decision


@given(situations)
def test_the_first_rule_that_speaks_is_heard(facts):
    spoken = [said for rule in ORDER if (said := rule(facts)) is not None]
    assert decide(facts) == (spoken[0] if spoken else Send())


@pytest.mark.parametrize("first", range(len(AGAINST)))
def test_of_several_reasons_the_first_of_the_order_is_told(first):
    changes = {}
    for against, _ in reversed(AGAINST[first:]):
        changes |= against
    assert decide(replace(NEWS, **changes)) == AGAINST[first][1]


def test_nothing_against_it_sends_it():
    for channel in OUTWARD:
        for category in Category:
            assert decide(Facts(channel=channel, category=category, instant=NOW)) == Send()


def test_quiet_hours_are_for_what_makes_a_sound():
    assert decide(replace(NEWS, channel=ChannelName.EMAIL, quiet_until=SOON)) == Send()


def test_a_number_that_is_not_known_to_be_theirs_gets_nothing_at_all():
    for category in Category:
        facts = Facts(channel=ChannelName.SMS, category=category, instant=NOW, verified=False)
        assert decide(facts) == Skip(why=Reason.ADDRESS_UNCONFIRMED)


def test_an_unconfirmed_mailbox_gets_security_alone():
    told = [
        category
        for category in Category
        if decide(Facts(channel=ChannelName.EMAIL, category=category, instant=NOW, verified=False)) == Send()
    ]
    assert told == [Category.SECURITY]


@pytest.mark.parametrize("category", sorted(ALWAYS))
def test_a_stop_binds_even_security_and_a_bounce_does_not(category):
    facts = Facts(channel=ChannelName.SMS, category=category, instant=NOW)
    assert decide(replace(facts, suppressed=SuppressionReason.STOP)) == Skip(why=Reason.STOPPED)
    for reason in (SuppressionReason.HARD, SuppressionReason.COMPLAINT, SuppressionReason.MANUAL):
        assert decide(replace(facts, suppressed=reason)) == Send()


def test_a_suppression_whose_time_is_over_stops_nothing():
    facts = replace(NEWS, suppressed=SuppressionReason.HARD, suppressed_until=NOW)
    assert decide(facts) == Send()


def test_news_wait_for_room_and_links_that_strangers_ask_for_are_dropped():
    full = {"address_full_until": SOON, "day_full_until": SOON}
    asked = Facts(channel=ChannelName.EMAIL, category=Category.SECURITY, instant=NOW, asked=True)
    assert decide(replace(NEWS, **full)) == Hold(until=SOON, why=Reason.RECIPIENT_LIMIT)
    assert decide(replace(asked, **full)) == Skip(why=Reason.RECIPIENT_LIMIT)
    assert decide(replace(asked, day_full_until=SOON)) == Skip(why=Reason.DAY_LIMIT)
    assert decide(replace(asked, asked=False, day_full_until=SOON)) == Send()
