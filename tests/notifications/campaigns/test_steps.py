"""A campaign is planned by one person and approved by another; whoever sees that it goes wrong stops it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from config.kernel import clock
from config.kernel.auth import Principal
from config.kernel.errors import Conflict, Forbidden, Unprocessable
from notifications import services
from notifications.models import AuditEntry, Campaign, Delivery, DeliveryEvent, Notice
from notifications.services.campaigns.health import watch_campaign
from notifications.services.campaigns.turns import give_turns
from tests.factories import make_account, make_person
from tests.factories.notifications import CampaignFactory
from tests.notifications.campaigns.conftest import Running
from tests.notifications.templates_in_force import VALUES, publish_template

pytestmark = pytest.mark.django_db


def plan(**changes: Any) -> services.CampaignPlan:
    """Tomorrow at nine, for everybody in Iceland, by mail."""
    fields: dict[str, Any] = {
        "name": "Autumn news",
        "template": "autumn_news",
        "channels": ("email",),
        "values": VALUES,
        "audience": {"countries": ["IS"]},
        "starts_at": datetime.combine(clock.now().date() + timedelta(days=2), datetime.min.time()),
        "zone": "recipient",
        "per_minute": 600,
    } | changes
    return services.CampaignPlan(**fields)


def _submitted(author: Principal, **changes: Any) -> services.CampaignDTO:
    made = services.create_campaign(principal=author, plan=plan(**changes))
    return services.submit_campaign(principal=author, campaign_id=made.id)


def test_a_draft_keeps_the_version_of_its_text(author: Principal, template: str) -> None:
    made = services.create_campaign(principal=author, plan=plan())
    publish_template(in_app_text_en="Something else.")
    found = services.get_campaign(principal=author, campaign_id=made.id)
    assert (found.state, found.template, found.template_version) == ("DRAFT", template, 1)
    assert found.category == "announcements"
    assert found.audience == {"countries": ("IS",)}
    with pytest.raises(Conflict) as refusal:
        services.submit_campaign(principal=author, campaign_id=made.id)
    assert refusal.value.code == "template_changed"


def test_every_fault_of_a_plan_is_said_at_once(author: Principal, template: str) -> None:
    wrong = plan(
        channels=("email", "sms"),
        values={"count": "many"},
        audience={"diagnosis": ["C50"]},
        zone="Mars/Base",
        variants=({"name": "a", "template": template, "share": 60}, {"name": "a", "template": "none", "share": 60}),
    )
    with pytest.raises(Unprocessable) as refusal:
        services.create_campaign(principal=author, plan=wrong)
    told = {fault.pointer for fault in refusal.value.errors}
    assert told >= {"#/channels/1", "#/audience/diagnosis", "#/zone", "#/variants", "#/variants/1/template"}
    assert any(pointer.startswith("#/values") for pointer in told)
    assert not Campaign.objects.exists()


def test_what_is_about_one_account_is_not_said_to_many(author: Principal) -> None:
    for category, fits in (("security", False), ("case", False), ("messages", False), ("legal", True)):
        publish_template(f"about_{category}", category=category)
        asked = plan(template=f"about_{category}")
        if fits:
            assert services.create_campaign(principal=author, plan=asked).category == category
            continue
        with pytest.raises(Unprocessable) as refusal:
            services.create_campaign(principal=author, plan=asked)
        assert [fault.pointer for fault in refusal.value.errors] == ["#/template"]


def test_neither_the_author_nor_who_submitted_it_approves(
    author: Principal, director: Principal, template: str
) -> None:
    made = services.create_campaign(principal=author, plan=plan())
    services.submit_campaign(principal=director, campaign_id=made.id)
    for person in (author, director):
        with pytest.raises(Forbidden) as refusal:
            services.approve_campaign(principal=person, campaign_id=made.id, small_audience=True)
        assert refusal.value.code == "second_person"
    third = make_person("administrator")
    done = services.approve_campaign(principal=third, campaign_id=made.id, small_audience=True)
    assert (done.state, done.approved_by) == ("SCHEDULED", third.user_id)


@pytest.mark.parametrize("by", ["author_id", "submitted_by"])
def test_the_table_itself_refuses_one_person(by: str) -> None:
    row = CampaignFactory(approved=True)
    with pytest.raises(IntegrityError), transaction.atomic(using="notifications"):
        Campaign.objects.filter(id=row.id).update(approved_by=getattr(row, by))
    with pytest.raises(IntegrityError), transaction.atomic(using="notifications"):
        Campaign.objects.filter(id=row.id).update(approved_by=None)


def test_approving_takes_a_fresh_second_factor(author: Principal, template: str) -> None:
    made = _submitted(author)
    with pytest.raises(Forbidden) as refusal:
        services.approve_campaign(principal=make_person("administrator", mfa=False), campaign_id=made.id)
    assert refusal.value.code == "step_up_required"


def test_an_audience_that_is_nearly_named_is_said_first(author: Principal, director: Principal, template: str) -> None:
    for _ in range(3):
        make_account("patient", country="IS")
    made = _submitted(author)
    with pytest.raises(Conflict) as refusal:
        services.approve_campaign(principal=director, campaign_id=made.id)
    assert (refusal.value.code, refusal.value.extra) == ("audience_small", {"people": 3})
    done = services.approve_campaign(principal=director, campaign_id=made.id, small_audience=True)
    assert done.people_at_approval == 3


@pytest.mark.parametrize("role", ["coordinator", "nurse", "patient", "professional", "privacy_officer", "support"])
def test_nobody_else_plans_reads_or_steps(role: str, template: str) -> None:
    somebody, campaign = make_person(role), CampaignFactory()
    for act in (
        lambda: services.create_campaign(principal=somebody, plan=plan()),
        lambda: services.get_campaign(principal=somebody, campaign_id=campaign.id),
        lambda: services.list_campaigns(principal=somebody, limit=5),
        lambda: services.preview_campaign(principal=somebody, campaign_id=campaign.id),
        lambda: services.try_campaign(principal=somebody, campaign_id=campaign.id),
        lambda: services.submit_campaign(principal=somebody, campaign_id=campaign.id),
        lambda: services.approve_campaign(principal=somebody, campaign_id=campaign.id),
        lambda: services.start_campaign(principal=somebody, campaign_id=campaign.id),
        lambda: services.pause_campaign(principal=somebody, campaign_id=campaign.id),
        lambda: services.resume_campaign(principal=somebody, campaign_id=campaign.id),
        lambda: services.cancel_campaign(principal=somebody, campaign_id=campaign.id),
        lambda: services.campaign_report(principal=somebody, campaign_id=campaign.id),
    ):
        with pytest.raises(Forbidden):
            act()


def test_each_step_is_recorded_with_who_took_it(author: Principal, director: Principal, template: str) -> None:
    made = _submitted(author)
    services.approve_campaign(principal=director, campaign_id=made.id, small_audience=True)
    services.start_campaign(principal=author, campaign_id=made.id)
    services.pause_campaign(principal=director, campaign_id=made.id, reason="A word is wrong.")
    services.resume_campaign(principal=author, campaign_id=made.id)
    services.cancel_campaign(principal=director, campaign_id=made.id)
    taken = AuditEntry.objects.filter(object_id=made.id).order_by("id").values_list("action", flat=True)
    assert [action.removeprefix("campaign.") for action in taken] == [
        "create",
        "submit",
        "approve",
        "start",
        "pause",
        "resume",
        "cancel",
    ]


def test_what_is_cancelled_is_taken_back_as_far_as_it_has_not_begun(running: Running, author: Principal) -> None:
    campaign = running(4)
    give_turns(campaign.id)
    ids = list(Delivery.objects.order_by("id").values_list("id", flat=True))
    for state, row_id in zip(("SENT", "SENDING", "HELD", "QUEUED"), ids, strict=True):
        Delivery.objects.filter(id=row_id).update(state=state)
    services.cancel_campaign(principal=author, campaign_id=campaign.id)
    states = dict(Delivery.objects.values_list("id", "state"))
    assert [states[row_id] for row_id in ids] == ["SENT", "SENDING", "CANCELLED", "CANCELLED"]
    lines = DeliveryEvent.objects.filter(what="cancelled", reason="campaign_cancelled")
    assert set(lines.values_list("delivery_id", flat=True)) == set(ids[2:])


def test_a_campaign_whose_mails_come_back_is_paused_and_says_why(running: Running, author: Principal) -> None:
    campaign = running(60)
    give_turns(campaign.id)
    Delivery.objects.update(state="SENT", sent_at=clock.now())
    returned = list(Delivery.objects.values_list("id", flat=True)[:3])
    Delivery.objects.filter(id__in=returned).update(state="BOUNCED")
    Campaign.objects.update(gathered_at=None)  # it goes on
    assert watch_campaign(campaign.id) == "", "three of sixty are not more than five in a hundred"
    Delivery.objects.filter(state="SENT").filter(id=Delivery.objects.filter(state="SENT").first().id).update(
        state="BOUNCED"
    )
    assert watch_campaign(campaign.id) == "bounces"
    campaign.refresh_from_db()
    assert (campaign.state, campaign.pause_reason) == ("PAUSED", "bounces")
    services.resume_campaign(principal=author, campaign_id=campaign.id)
    assert watch_campaign(campaign.id) == "", "whoever lets it go on is not overruled by what came back before"


def test_a_campaign_of_which_nothing_leaves_is_paused(running: Running) -> None:
    campaign = running(30)
    give_turns(campaign.id)
    with clock.shifted(timedelta(minutes=1)):
        assert watch_campaign(campaign.id) == ""
    with clock.shifted(timedelta(minutes=4)):
        Delivery.objects.filter(id=Delivery.objects.first().id).update(state="SENT", sent_at=clock.now())
        assert watch_campaign(campaign.id) == "", "it goes on, if late"
    with clock.shifted(timedelta(minutes=8)):
        assert watch_campaign(campaign.id) == "nothing_leaves"


def test_a_campaign_is_finished_when_everybody_had_their_turn_and_all_has_left(running: Running) -> None:
    campaign = running(2)
    give_turns(campaign.id)
    assert watch_campaign(campaign.id) == ""
    Delivery.objects.update(state="SENT")
    assert watch_campaign(campaign.id) == "finished"
    campaign.refresh_from_db()
    assert (campaign.state, campaign.ended_at is not None) == ("FINISHED", True)


def test_the_report_counts_by_state_channel_day_and_variant(running: Running, author: Principal) -> None:
    variants = [{"name": name, "template": "x", "template_version": 1, "share": 50} for name in ("plain", "warm")]
    campaign = running(6, variants=variants, latest_start=clock.now() + timedelta(days=1))
    for number, row in enumerate(campaign.recipients.all()):
        campaign.recipients.filter(id=row.id).update(variant=number % 2)
    last = campaign.recipients.last()
    campaign.recipients.filter(id=last.id).update(left_out="same_person")
    give_turns(campaign.id)
    Delivery.objects.filter(id__in=Delivery.objects.values("id")[:2]).update(state="SENT", sent_at=clock.now())
    read = Notice.objects.filter(user_id=campaign.recipients.first().user_id)
    read.update(read_at=clock.now())
    found = services.campaign_report(principal=author, campaign_id=campaign.id)
    assert (found.people, found.waiting, found.given, found.left_out) == (6, 0, 5, {"same_person": 1})
    assert found.by_state == {"QUEUED": 3, "SENT": 2}
    assert found.by_channel == {"email": 5}
    assert sum(found.by_day.values()) == sum(line.count for line in found.lines) == 5
    assert [(one.variant, one.people, one.read) for one in found.variants] == [("plain", 3, 1), ("warm", 2, 0)]


def test_a_preview_says_whom_when_and_what_and_writes_nothing_but_that_it_was_looked_at(
    author: Principal, template: str
) -> None:
    make_account("patient", country="IS", locale="de")
    made = services.create_campaign(principal=author, plan=plan())
    found = services.preview_campaign(principal=author, campaign_id=made.id)
    assert (found.audience.people, found.audience.small, found.minutes) == (1, True, 1)
    # What stands in people's news is read too, although mail alone tells of it.
    shown = {(one.channel, one.language) for one in found.texts}
    assert shown == {(channel, language) for channel in ("in_app", "email") for language in ("en", "de")}
    assert all("3 new pages" in one.text for one in found.texts if (one.channel, one.language) == ("email", "en"))
    assert not Notice.objects.exists()


def test_a_test_goes_to_whoever_asks_and_to_nobody_else(author: Principal, template: str) -> None:
    make_account("patient", country="IS")
    made = services.create_campaign(principal=author, plan=plan())
    assert services.try_campaign(principal=author, campaign_id=made.id) == 1
    assert list(Notice.objects.values_list("user_id", flat=True)) == [author.user_id]
    assert list(Delivery.objects.values_list("campaign_id", "channel")) == [(None, "email")]
