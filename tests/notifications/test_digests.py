"""What waits for an hour: released when it comes, or folded into one digest a day that counts and names nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from config.kernel import clock
from identity import services as identity
from notifications.domain.digest_texts import DigestCounts, digest_subject, digest_text
from notifications.domain.mail_texts import LANGUAGES, LINK
from notifications.models import Delivery, DeliveryEvent, Job, Notice
from notifications.services import preferences
from notifications.services.digest_counts import digest_counts
from notifications.services.waiting.digests import build_digests
from notifications.services.waiting.held_deliveries import release_held
from tests.factories import make_account, principal_for
from tests.factories.notifications import DeliveryFactory, NoticeFactory

pytestmark = pytest.mark.django_db
RUN: Any = None


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def berliner() -> identity.AccountDTO:
    account = make_account("patient")
    identity.update_profile(user_id=account.id, changes={"time_zone": "Europe/Berlin"})
    return account


def held(
    user_id: UUID, until: str, reason: str = "digest", *, case: UUID | None = None, channel: str = "email"
) -> Delivery:
    notice = NoticeFactory(user_id=user_id, subject_id=case)
    return DeliveryFactory(
        notice=notice, user_id=user_id, channel=channel, state="HELD", reason=reason, not_before=at(until)
    )


def states(*rows: Delivery) -> list[str]:
    found = dict(Delivery.objects.filter(id__in=[row.id for row in rows]).values_list("id", "state"))
    return [found[row.id] for row in rows]


def test_what_was_held_for_a_night_goes_on_when_it_ends_and_not_before() -> None:
    row = held(uuid4(), "2026-11-30T07:00", "quiet_hours")
    for instant, state in (("2026-11-30T06:59", "HELD"), ("2026-11-30T07:00", "QUEUED")):
        with clock.frozen(at(instant)):
            release_held(RUN)
        assert states(row) == [state]
    assert Job.objects.get().subject_id == row.id
    assert list(DeliveryEvent.objects.values_list("what", "reason")) == [("queued", "quiet_hours")]
    with clock.frozen(at("2026-11-30T07:01")):
        release_held(RUN)
    assert Job.objects.count() == 1


def test_a_digest_counts_by_case_and_its_children_are_folded() -> None:
    me, one, other = berliner(), uuid4(), uuid4()
    rows = [held(me.id, "2026-11-30T07:00", case=case) for case in (one, one, one, other, None)]
    with clock.frozen(at("2026-11-30T06:59")):
        build_digests(RUN)
    assert states(*rows) == ["HELD"] * 5
    with clock.frozen(at("2026-11-30T07:00")):
        build_digests(RUN)
        release_held(RUN)
    assert states(*rows) == ["FOLDED"] * 5
    digest = Delivery.objects.get(key=f"digest:{me.id}:email:2026-11-30")
    assert (digest.state, digest.notice_id, digest.user_id) == ("QUEUED", None, me.id)
    assert set(Delivery.objects.filter(folded_into=digest.id)) == set(rows)
    assert digest_counts(delivery_ids=[digest.id]) == {digest.id: DigestCounts(by_case=(3, 1), others=1)}
    assert [job.subject_id for job in Job.objects.all()] == [digest.id]
    assert set(DeliveryEvent.objects.values_list("what", "reason")) == {("folded", "digest")}


def test_it_is_one_a_day_channel_and_person_by_their_own_date() -> None:
    berlin, auckland = berliner(), make_account("patient")
    identity.update_profile(user_id=auckland.id, changes={"time_zone": "Pacific/Auckland"})
    held(berlin.id, "2026-11-30T07:00"), held(berlin.id, "2026-11-30T07:00", channel="push")
    held(auckland.id, "2026-11-29T19:00")
    with clock.frozen(at("2026-11-30T07:00")):
        build_digests(RUN)
        build_digests(RUN)
    keys = Delivery.objects.filter(key__startswith="digest:").order_by("key").values_list("key", flat=True)
    assert sorted(keys) == sorted(
        [
            f"digest:{berlin.id}:email:2026-11-30",
            f"digest:{berlin.id}:push:2026-11-30",
            f"digest:{auckland.id}:email:2026-11-30",
        ]
    )


def test_what_comes_due_before_the_digest_left_is_counted_too_and_after_it_waits_for_the_next() -> None:
    me = berliner()
    first = held(me.id, "2026-11-30T07:00")
    with clock.frozen(at("2026-11-30T07:00")):
        build_digests(RUN)
    digest = Delivery.objects.get(notice=None)
    second = held(me.id, "2026-11-30T07:01")
    with clock.frozen(at("2026-11-30T07:01")):
        build_digests(RUN)
    assert states(first, second) == ["FOLDED", "FOLDED"]
    Delivery.objects.filter(id=digest.id).update(state="SENT")
    third = held(me.id, "2026-11-30T08:00")
    with clock.frozen(at("2026-11-30T08:00")):
        build_digests(RUN)
    third.refresh_from_db()
    assert (third.state, third.not_before) == ("HELD", at("2026-12-01T07:00"))
    with clock.frozen(at("2026-12-01T07:00")):
        build_digests(RUN)
    assert Delivery.objects.filter(notice=None).count() == 2


def test_after_a_standstill_of_days_there_is_one_digest() -> None:
    me = berliner()
    rows = [held(me.id, f"2026-11-{day}T07:00") for day in (27, 28, 30)]
    with clock.frozen(at("2026-11-30T12:00")):
        build_digests(RUN)
    assert states(*rows) == ["FOLDED"] * 3
    assert Delivery.objects.get(notice=None).key == f"digest:{me.id}:email:2026-11-30"


def test_what_was_read_meanwhile_is_no_news_and_makes_no_digest() -> None:
    me = berliner()
    row = held(me.id, "2026-11-30T07:00")
    Notice.objects.update(read_at=at("2026-11-29T20:00"))
    with clock.frozen(at("2026-11-30T07:00")):
        build_digests(RUN)
    row.refresh_from_db()
    assert (row.state, row.reason) == ("SKIPPED", "read_already")
    assert not Delivery.objects.filter(notice=None).exists()


def test_whoever_chooses_anew_waits_by_their_former_choice_no_longer() -> None:
    me = berliner()
    principal = principal_for(me)
    preferences.set_preferences(principal=principal, changes={"choices": {"case": {"email": "digest"}}})
    mine, planned = held(me.id, "2026-11-30T07:00"), held(me.id, "2026-11-30T07:00", "scheduled")
    others = held(uuid4(), "2026-11-30T07:00")
    preferences.set_preferences(principal=principal, changes={"choices": {"case": {"email": "now"}}})
    assert states(mine, planned, others) == ["QUEUED", "HELD", "HELD"]
    mine.refresh_from_db()
    assert mine.not_before is None


def test_the_number_of_statements_does_not_grow_with_the_people() -> None:
    counted = []
    for people in (1, 5):
        for person in (berliner() for _ in range(people)):
            held(person.id, "2026-11-30T07:00")
        with CaptureQueriesContext(connections["notifications"]) as queries, clock.frozen(at("2026-11-30T07:00")):
            build_digests(RUN)
        counted.append(sum("INSERT INTO" not in one["sql"] or "_job" not in one["sql"] for one in queries))
        assert Delivery.objects.filter(state="HELD").count() == 0
    assert counted[0] == counted[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_digest_says_how_many_in_every_language(language: str) -> None:
    counts = DigestCounts(by_case=(3, 2, 1, 1, 1, 1, 1), others=2)
    text = digest_text(counts, language)
    assert (text.language, text.code) == (language, "digest")
    assert "12" in text.subject
    assert [line for line in text.text.splitlines() if line.strip() == LINK] == [LINK]
    assert [int(line.split()[1]) for line in text.text.splitlines() if line.startswith("- ")] == [3, 2, 1, 1, 1, 2, 2]
    assert digest_subject(DigestCounts(by_case=(1,)), language).startswith("1 ")
