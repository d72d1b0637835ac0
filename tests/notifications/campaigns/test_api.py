"""A campaign over HTTP, from the plan to the report, and who may take which step."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from config.kernel import clock
from config.kernel.auth import Principal
from notifications.models import Campaign, Delivery, Edition
from notifications.services.campaigns import runs
from tests.client import ApiClient
from tests.factories import make_account, make_person
from tests.factories.notifications import CampaignFactory
from tests.notifications.templates_in_force import VALUES

pytestmark = pytest.mark.django_db


def _plan(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Autumn news",
        "template": "autumn_news",
        "channels": ["email"],
        "values": VALUES,
        "audience": {"countries": ["IS"]},
        "starts_at": f"{clock.now() + timedelta(days=2):%Y-%m-%dT09:00}",
        "zone": "recipient",
        "per_minute": 600,
        "window_from": "00:00",
        "window_to": "23:59",
    } | changes


class _Run:
    """A job for one campaign."""

    def __init__(self, campaign_id: Any) -> None:
        self.subject_id = campaign_id


def test_from_the_plan_to_the_report(author: Principal, director: Principal, template: str) -> None:
    people = [make_account("patient", country="IS").id for _ in range(3)]
    planner, approver = ApiClient(author), ApiClient(director)
    made = planner.post("/campaigns", _plan())
    assert made.status_code == 201, made.content
    campaign = made.json()
    address = f"/campaigns/{campaign['id']}"
    assert made["Location"] == f"/api/v1{address}"
    assert (campaign["state"], campaign["starts_at"][-5:], campaign["zone"]) == ("DRAFT", "09:00", "recipient")
    assert planner.get("/campaigns").json()["results"][0]["id"] == campaign["id"]
    seen = planner.post(f"{address}/preview").json()
    assert (seen["audience"]["people"], seen["audience"]["small"]) == (3, True)
    assert planner.post(f"{address}/test").json() == {"sent": 1}
    assert planner.post(f"{address}/approve", {}).json()["code"] == "second_person"
    assert planner.post(f"{address}/submit").json()["state"] == "SUBMITTED"
    small = approver.post(f"{address}/approve", {})
    assert (small.status_code, small.json()["code"], small.json()["people"]) == (409, "audience_small", 3)
    assert approver.post(f"{address}/approve", {"small_audience": True}).json()["state"] == "SCHEDULED"
    assert planner.post(f"{address}/start").json()["state"] == "RUNNING"
    row = Campaign.objects.get(id=campaign["id"])
    runs.fill_campaign(_Run(row.id))  # type: ignore[arg-type]  # its id is all that is asked of it
    assert set(Delivery.objects.filter(campaign_id=row.id).values_list("user_id", flat=True)) == set(people)
    assert planner.post(f"{address}/pause", {"reason": "a wrong word"}).json()["pause_reason"] == "a wrong word"
    assert approver.post(f"{address}/resume").json()["state"] == "RUNNING"
    Delivery.objects.filter(campaign_id=row.id).update(state="SENT", sent_at=clock.now())
    runs.watch_campaigns(_Run(None))  # type: ignore[arg-type]  # as above
    report = planner.get(f"{address}/report").json()
    assert (report["state"], report["given"], report["by_state"]) == ("FINISHED", 3, {"SENT": 3})
    late = planner.post(f"{address}/cancel")
    assert (late.status_code, late.json()["code"]) == (409, "state_step_refused")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("starts_at", "2026-12-01T09:00:00+01:00"),
        ("starts_at", "0001-01-01T00:00"),
        ("starts_at", "9999-12-31T23:59"),
        ("zone", "Mars/Base"),
        ("zone", "localtime"),
        ("zone", "Factory"),
        ("name", "Autumn\u202enews"),
        ("name", "Autumn\x07news"),
        ("latest_start", "2027-01-01T00:00:00"),
        ("audience", {"countries": ["XX"]}),
        ("audience", {"countries": ["UK"]}),
        ("audience", {"zones": ["localtime"]}),
        ("per_minute", 0),
        ("channels", []),
        ("window_from", "25:00"),
        ("window_to", "00:00"),
        ("latest_start", "2020-01-01T00:00:00Z"),
        ("audience", {"diagnosis": ["C50.9"]}),
        ("audience", {"age_over": 60}),
        ("variants", [{"name": "a", "template": "autumn_news", "share": 50}]),
    ],
)
def test_a_plan_that_cannot_be_carried_out_is_refused(author: Principal, template: str, field: str, value: Any) -> None:
    answer = ApiClient(author).post("/campaigns", _plan(**{field: value}))
    assert answer.status_code in (400, 422), answer.content
    assert any(field in fault["pointer"] for fault in answer.json()["errors"])
    assert not Campaign.objects.exists()


STEPS = ("preview", "test", "submit", "approve", "start", "pause", "resume", "cancel")


@pytest.mark.parametrize("role", ["nurse", "privacy_officer", "support", "coordinator"])
def test_other_staff_have_no_part_in_campaigns(role: str, template: str) -> None:
    client, row = ApiClient(make_person(role)), CampaignFactory()
    answers = [client.post(f"/campaigns/{row.id}/{step}").status_code for step in STEPS]
    answers += [client.get(path).status_code for path in ("/campaigns", f"/campaigns/{row.id}")]
    answers += [client.get(f"/campaigns/{row.id}/report").status_code, client.post("/campaigns", _plan()).status_code]
    assert set(answers) == {403}


def test_a_director_may_do_what_an_administrator_may(director: Principal, template: str) -> None:
    client, row = ApiClient(director), CampaignFactory(template=template, values=VALUES)
    assert client.post("/campaigns", _plan()).status_code == 201
    assert {client.get(path).status_code for path in ("/campaigns", f"/campaigns/{row.id}/report")} == {200}
    assert client.post(f"/campaigns/{row.id}/submit").status_code == 200


def test_an_unknown_campaign_is_not_found(author: Principal) -> None:
    client, unknown = ApiClient(author), "01a207c1-f45e-7b90-b52e-58235da14958"
    assert {client.post(f"/campaigns/{unknown}/{step}").status_code for step in STEPS} == {404}
    assert client.get(f"/campaigns/{unknown}/report").status_code == 404


def test_a_time_that_no_clock_shows_is_said_where_a_zone_is_named(author: Principal, template: str) -> None:
    client, skipped = ApiClient(author), "2027-03-28T02:30"
    refused = client.post("/campaigns", _plan(zone="Europe/Berlin", starts_at=skipped))
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [("#/starts_at", "no_such_time")]
    assert client.post("/campaigns", _plan(zone="Europe/Berlin", starts_at="2027-03-28T03:00")).status_code == 201
    # Each by their own clock: for some it is there, and for the others the next instant counts, as the field says.
    assert client.post("/campaigns", _plan(starts_at=skipped)).status_code == 201


def test_a_reason_shows_all_that_it_is(author: Principal) -> None:
    campaign = CampaignFactory(running=True)
    answer = ApiClient(author).post(f"/campaigns/{campaign.id}/pause", {"reason": "fine\u2066ton"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "#/reason")


def test_a_campaign_whose_template_was_retired_meanwhile_stops_before_anybody_s_turn(
    author: Principal, template: str
) -> None:
    row = CampaignFactory(approved=True, template=template, values=VALUES, starts_on=clock.now().date())
    Edition.objects.filter(code=template).update(state="RETIRED")
    with clock.shifted(timedelta(days=2)):
        runs.tend_campaigns(_Run(None))  # type: ignore[arg-type]  # as above
    row.refresh_from_db()
    assert (row.state, row.pause_reason) == ("PAUSED", "template_retired")
    resumed = ApiClient(author).post(f"/campaigns/{row.id}/resume")
    assert (resumed.status_code, resumed.json()["code"]) == (409, "template_retired")
    assert not Delivery.objects.exists()


def test_a_draft_is_changed_by_its_author_who_says_what_they_read(
    author: Principal, director: Principal, template: str
) -> None:
    client = ApiClient(author)
    made = client.post("/campaigns", _plan())
    place, read = f"/campaigns/{made.json()['id']}", {"If-Match": made["ETag"]}
    assert client.send("PUT", place, _plan()).status_code == 428
    assert ApiClient(director).put(place, _plan(), headers=read).json()["code"] == "author_only"
    assert client.put(place, _plan(per_minute=0), headers=read).status_code == 400
    done = client.put(place, _plan(name="Winter news", per_minute=30), headers=read)
    assert (done.status_code, done.json()["name"], done.json()["per_minute"]) == (200, "Winter news", 30)
    assert done["ETag"] != made["ETag"]
    assert client.put(place, _plan(), headers=read).status_code == 412
    assert client.post(f"{place}/submit").status_code == 200
    late = client.put(place, _plan(), headers={"If-Match": client.get(place)["ETag"]})
    assert (late.status_code, late.json()["code"]) == (409, "not_a_draft")
    assert Campaign.objects.get().name == "Winter news"
