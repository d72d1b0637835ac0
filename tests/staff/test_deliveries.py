"""Staff see what became of each message, let an address go again with a reason, and call whom nobody reached."""

from __future__ import annotations

from datetime import timedelta

import pytest

from config.kernel import clock
from config.kernel.admin.home import queues_for
from config.kernel.errors import Forbidden, Invalid, NotFound
from notifications.admin import figures
from notifications.admin.figures import delivery_figures
from notifications.models import AuditEntry, Delivery, Escalation, Suppression
from notifications.services.addresses.suppression_release import lift
from tests.factories import make_person
from tests.factories.notifications import (
    DeliveryEventFactory,
    DeliveryFactory,
    EscalationFactory,
    SuppressionFactory,
)
from tests.staff.support import Counted, signed_in

pytestmark = pytest.mark.django_db
DELIVERIES, PEOPLE = "/admin/notifications/delivery/", "/admin/notifications/escalation/"


class TestDeliveries:
    def test_a_delivery_shows_its_whole_timeline_in_order(self) -> None:
        row = DeliveryFactory(state="DELIVERED")
        for number, what in enumerate(("queued", "held", "sending", "sent", "delivered")):
            DeliveryEventFactory(delivery=row, what=what, at=clock.now() + timedelta(seconds=number))
        page = signed_in("support").get(f"{DELIVERIES}{row.id}/change/").content.decode()
        assert "What happened" in page
        places = [page.rindex(word) for word in ("Queued", "Held", "Sending", "Sent", "Delivered")]
        assert places == sorted(places)

    def test_a_folded_one_names_the_one_that_tells(self) -> None:
        teller = DeliveryFactory(state="HELD")
        row = DeliveryFactory(state="FOLDED", folded_into=teller.id)
        page = signed_in("support").get(f"{DELIVERIES}{row.id}/change/").content.decode()
        assert str(teller.id)[-12:] in page

    def test_figures_say_states_channels_days_and_how_long_it_took(self) -> None:
        at = clock.now()
        for seconds in range(1, 21):
            DeliveryFactory(state="SENT", created_at=at, sent_at=at + timedelta(seconds=seconds))
        late = at + timedelta(hours=1)
        # What was to wait is late from then on only.
        DeliveryFactory(
            channel="push", state="SENT", created_at=at, not_before=late, sent_at=late + timedelta(seconds=2)
        )
        DeliveryFactory(channel="sms", state="FAILED")
        found = delivery_figures()
        by_state, by_channel, by_day = ({bar.label: bar.value for bar in plot.bars} for plot in found.plots)
        assert by_state == {"Sent": 21, "Failed": 1}
        assert by_channel == {"Email": 20, "Push": 1, "SMS": 1}
        assert by_day[f"{at:%Y-%m-%d}"] == 22
        took = {one.channel: (one.sent, one.seconds and round(one.seconds, 2)) for one in found.promptness}
        assert took == {"Email": (20, 19.05), "Push": (1, 2.0), "SMS": (0, None)}

    def test_figures_cost_two_statements_and_look_at_the_newest(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(figures, "_NEWEST", figures._NEWEST.replace(f"LIMIT {figures.NEWEST}", "LIMIT 3"))
        for state in ("FAILED", "FAILED", "SENT", "SENT", "SENT"):
            DeliveryFactory(state=state)
        with Counted() as counted:
            found = delivery_figures()
        assert counted.number == 2
        assert {bar.label: bar.value for bar in found.plots[0].bars} == {"Sent": 3}

    def test_the_page_is_for_operations_and_audited(self) -> None:
        assert signed_in("support").get(f"{DELIVERIES}figures/").status_code == 200
        assert AuditEntry.objects.filter(action="admin.figures").count() == 1
        assert signed_in("coordinator").get(f"{DELIVERIES}figures/").status_code == 403


class TestSuppressions:
    def test_it_is_lifted_with_a_reason_that_the_audit_keeps(self) -> None:
        row, other = SuppressionFactory(), SuppressionFactory()
        path = f"/admin/notifications/suppression/{row.id}/lift/"
        client = signed_in("support")
        assert "Why nothing is sent to it" in client.get(path).content.decode()
        assert client.post(path, {"reason": ""}).status_code == 200
        assert Suppression.objects.count() == 2
        assert client.post(path, {"reason": "The mailbox works again."}).status_code == 302
        assert list(Suppression.objects.values_list("id", flat=True)) == [other.id]
        entry = AuditEntry.objects.get(action="suppression.lift")
        assert entry.detail == {"channel": "email", "was": "hard", "reason": "The mailbox works again."}

    def test_others_may_not_and_nothing_is_lifted_twice(self) -> None:
        row = SuppressionFactory()
        for role in ("coordinator", "nurse", "patient"):
            with pytest.raises(Forbidden):
                lift(principal=make_person(role), suppression_id=row.id, reason="because I want to")
        with pytest.raises(Invalid):
            lift(principal=make_person("support"), suppression_id=row.id, reason="  ok   ")
        lift(principal=make_person("support"), suppression_id=row.id, reason="asked by phone")
        with pytest.raises(NotFound):
            lift(principal=make_person("support"), suppression_id=row.id, reason="asked by phone")


class TestPeople:
    def test_the_first_page_counts_them_for_those_who_call(self) -> None:
        EscalationFactory(state="UNREACHED")
        EscalationFactory(state="CLAIMED")
        EscalationFactory()
        for role, counts in (("coordinator", [1]), ("nurse", [1]), ("support", [])):
            queues = [one for one in queues_for(frozenset({role})) if one.title == "People we cannot reach"]
            assert [one.count for one in queues] == counts
            assert all(one.late for one in queues)

    def test_it_is_taken_given_back_and_closed_on_the_page(self) -> None:
        row = EscalationFactory(state="UNREACHED", unreached_at=clock.now(), channel="")
        mine, other = signed_in("coordinator"), signed_in("nurse")
        path = f"{PEOPLE}{row.id}/reach/"
        assert "Take it" in mine.get(path).content.decode()
        mine.post(path, {"act": "claim"})
        assert "Somebody else has taken it" in other.get(path).content.decode()
        told = other.post(path, {"act": "close", "outcome": "told_by_phone"}, follow=True)
        assert "Somebody else has taken it." in told.content.decode()
        mine.post(path, {"act": "give_back"})
        other.post(path, {"act": "claim"})
        assert other.post(path, {"act": "close", "outcome": ""}).status_code == 200
        other.post(path, {"act": "close", "outcome": "told_by_phone"})
        assert Escalation.objects.values_list("state", "outcome").get() == ("CLOSED", "told_by_phone")
        assert Delivery.objects.count() == 0

    def test_the_list_leads_to_the_person_and_names_nobody(self) -> None:
        row = EscalationFactory(state="UNREACHED", unreached_at=clock.now())
        client = signed_in("nurse")
        page = client.get(f"{PEOPLE}?state__exact=UNREACHED").content.decode()
        assert "Report ready" in page
        assert str(row.user_id)[-12:] in page
        assert signed_in("support").get(PEOPLE).status_code == 403
