"""Why somebody did, or did not, get a message: in sentences, from what was written down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from identity import services as identity
from notifications.domain.deciding import Reason
from notifications.domain.delivery_reports import Happening
from notifications.domain.explanations import codes, explained
from notifications.domain.mail_texts import LANGUAGES
from notifications.models import AuditEntry, Delivery
from notifications.services import explanations, preferences
from tests.client import ApiClient
from tests.factories import make_account, make_person, principal_for
from tests.factories.notifications import DeliveryEventFactory, DeliveryFactory, NoticeFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 30, 11, 0, tzinfo=UTC)


@pytest.fixture
def anna() -> identity.AccountDTO:
    account = make_account("patient", locale="en")
    identity.update_profile(user_id=account.id, changes={"time_zone": "Europe/Berlin"})
    return account


def told(user_id: UUID, *events: tuple[str, str], **row: object) -> Delivery:
    notice = NoticeFactory(user_id=user_id)
    delivery = DeliveryFactory(**{"notice": notice, "user_id": user_id, "channel": "email"} | row)
    for number, (what, reason) in enumerate(events):
        DeliveryEventFactory(delivery=delivery, at=NOON + timedelta(minutes=number), what=what, reason=reason)
    return delivery


def sentences(body: dict[str, object], channel: str) -> list[str]:
    found = next(one for one in body["channels"] if one["channel"] == channel)  # type: ignore[attr-defined]  # a list
    return [line["text"] for line in found["lines"]]


def test_the_owner_reads_what_happened_on_every_way(api: ApiClient, anna: identity.AccountDTO) -> None:
    row = told(
        anna.id,
        ("held", "recipient_limit"),
        ("queued", "recipient_limit"),
        ("held", "quiet_hours"),
        ("sent", ""),
        ("delivered", ""),
        state="DELIVERED",
        not_before=datetime(2026, 12, 1, 7, 0, tzinfo=UTC),
    )
    answer = api.as_(principal_for(anna)).get(f"/notifications/{row.notice_id}/explanation")
    assert answer.status_code == 200
    body = answer.json()
    assert sentences(body, "email") == [
        "Held: there were many messages to this address within an hour.",
        "Ready to be sent.",
        "Held until 2026-12-01 08:00 (quiet hours).",
        "Sent.",
        "Delivered.",
    ]
    assert sentences(body, "in_app") == ["In your account; not read yet."]
    assert sentences(body, "sms") == sentences(body, "push") == ["Not sent this way: it is off for you."]
    assert (body["category"], body["time_zone"]) == ("case", "Europe/Berlin")
    assert not AuditEntry.objects.exists()


def test_on_the_same_day_the_hour_is_enough(anna: identity.AccountDTO) -> None:
    row = told(anna.id, ("held", "quiet_hours"), state="HELD", not_before=datetime(2026, 11, 30, 20, 0, tzinfo=UTC))
    found = explanations.explain_notice(principal=principal_for(anna), notice_id=row.notice_id)
    assert found.channels[1].lines[0].text == "Held until 21:00 (quiet hours)."


def test_whoever_names_their_zone_reads_its_hours_at_once(anna: identity.AccountDTO) -> None:
    row = told(anna.id, ("held", "quiet_hours"), state="HELD", not_before=datetime(2026, 11, 30, 20, 0, tzinfo=UTC))
    for zone, hour in (("Europe/Berlin", "21:00"), ("Europe/London", "20:00")):
        identity.update_profile(user_id=anna.id, changes={"time_zone": zone})
        found = explanations.explain_notice(principal=principal_for(anna), notice_id=row.notice_id)
        assert (found.time_zone, found.channels[1].lines[0].text) == (zone, f"Held until {hour} (quiet hours).")


def test_what_somebody_switched_off_is_said_in_their_language(anna: identity.AccountDTO) -> None:
    row = told(anna.id, ("skipped", "not_wanted"), state="SKIPPED")
    for locale, text in (
        ("de", "Nicht gesendet: Sie haben es abgeschaltet."),
        ("fr", "Not sent: you switched it off."),
    ):
        found = explanations.explain_notice(principal=principal_for(anna), notice_id=row.notice_id, locale=locale)
        assert found.channels[1].lines[0].text == text


def test_a_folded_one_tells_of_the_message_that_it_went_with(anna: identity.AccountDTO) -> None:
    digest = DeliveryFactory(notice=None, user_id=anna.id, key="digest:x", state="SENT")
    DeliveryEventFactory(delivery=digest, at=NOON + timedelta(hours=1), what="sent")
    row = told(anna.id, ("folded", "digest"), state="FOLDED", folded_into=digest.id)
    found = explanations.explain_notice(principal=principal_for(anna), notice_id=row.notice_id)
    assert [line.text for line in found.channels[1].lines] == ["Told in the daily summary.", "Sent."]


def test_what_an_earlier_release_sent_says_where_it_stands(anna: identity.AccountDTO) -> None:
    row = told(anna.id, state="SENT")
    found = explanations.explain_notice(principal=principal_for(anna), notice_id=row.notice_id)
    assert [line.text for line in found.channels[1].lines] == ["Sent."]


@pytest.mark.parametrize("role", ["support", "administrator"])
def test_staff_who_help_read_it_and_that_is_recorded(api: ApiClient, anna: identity.AccountDTO, role: str) -> None:
    row, helper = told(anna.id, ("sent", "")), make_person(role)
    assert api.as_(helper).get(f"/notifications/{row.notice_id}/explanation").status_code == 200
    (entry,) = AuditEntry.objects.all()
    assert (entry.action, entry.actor_id) == ("notice.explanation.read", helper.user_id)
    assert (entry.patient_id, entry.object_id) == (anna.id, row.notice_id)


@pytest.mark.parametrize(
    "role", ["patient", "professional", "nurse", "coordinator", "medical_director", "privacy_officer"]
)
def test_nobody_else_learns_that_there_is_one(api: ApiClient, anna: identity.AccountDTO, role: str) -> None:
    row, other = told(anna.id, ("sent", "")), api.as_(make_person(role))
    there, absent = (other.get(f"/notifications/{one}/explanation") for one in (row.notice_id, uuid4()))
    assert there.status_code == absent.status_code == 404
    assert there.json()["detail"] == absent.json()["detail"]


def test_a_page_of_them_is_a_few_statements_whatever_its_length(anna: identity.AccountDTO) -> None:
    counted = []
    for more in (1, 8):
        for _ in range(more):
            told(anna.id, ("held", "digest"), ("sent", ""))
        with CaptureQueriesContext(connections["notifications"]) as queries:
            page = explanations.sent_page(principal=principal_for(anna), locale="en")
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert len(page.notices) == 9
    assert page.older is None


def test_older_ones_stand_on_the_next_page(anna: identity.AccountDTO) -> None:
    rows = [told(anna.id, ("sent", "")) for _ in range(13)]
    me = principal_for(anna)
    first = explanations.sent_page(principal=me, locale="en")
    second = explanations.sent_page(principal=me, locale="en", before=str(first.older))
    shown = [one.notice_id for one in (*first.notices, *second.notices)]
    assert shown == [row.notice_id for row in reversed(rows)]
    assert second.older is None
    assert not explanations.sent_page(principal=make_person("patient"), locale="en").notices


def test_what_is_off_now_and_what_is_no_way_for_a_kind_are_told_apart(anna: identity.AccountDTO) -> None:
    preferences.set_preferences(principal=principal_for(anna), changes={"choices": {"case": {"push": "now"}}})
    row = told(anna.id, ("sent", ""))
    found = explanations.explain_notice(principal=principal_for(anna), notice_id=row.notice_id)
    assert [one.lines[0].reason for one in found.channels[2:]] == ["off", "kind"]


def test_there_is_a_sentence_for_everything_that_can_happen() -> None:
    known = codes()
    assert {str(one) for one in Happening} <= known
    assert {f"held:{one}" for one in ("quiet_hours", "digest", "recipient_limit", "scheduled", "day_limit")} <= known
    for language, what, reason in product(LANGUAGES, Happening, Reason):
        assert explained(what, reason, locale=language, until="08:00").endswith(".")
    assert "no words" in explained("of a later release", "", locale="en")
