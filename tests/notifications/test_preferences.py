"""What people choose, by category and channel: read, changed, refused by name, and never for security or the law."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from config.kernel.auth import Principal
from identity import services as identity
from notifications.domain.categories import ALWAYS, Category, ChannelName, Choice
from notifications.models import AuditEntry, ChannelPreference
from notifications.services import choices, preferences
from tests.client import ApiClient
from tests.factories import make_account, principal_for

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("address", ["/preferences", "/notifications/preferences"])


@pytest.fixture
def me(maria: identity.AccountDTO) -> Principal:
    identity.update_profile(user_id=maria.id, changes={"time_zone": "Europe/Berlin"})
    return principal_for(maria)


@pytest.fixture
def mine(api: ApiClient, me: Principal) -> ApiClient:
    return api.as_(me)


def faults(answer: Any) -> dict[str, str]:
    return {one["pointer"]: one["code"] for one in answer.json()["errors"]}


@BOTH
def test_who_has_chosen_nothing_gets_mails_at_once_and_no_telephone_rings(mine: ApiClient, address: str) -> None:
    answer = mine.get(address)
    body = answer.json()
    assert (answer.status_code, answer["ETag"]) == (200, '"0"')
    assert body["choices"]["case"] == {"in_app": "now", "email": "now", "sms": "off", "push": "off"}
    assert body["choices"]["security"] == dict.fromkeys(ChannelName, "now")
    assert (body["email"], body["quiet_hours"], body["digest_at"]) == (True, None, "08:00")
    assert body["time_zone"] == "Europe/Berlin"


@BOTH
def test_what_is_named_changes_and_the_rest_stays(mine: ApiClient, address: str) -> None:
    night = {"from": "22:00", "to": "07:30"}
    first = mine.put(address, {"choices": {"case": {"email": "digest", "push": "now"}}, "quiet_hours": night})
    assert (first.status_code, first["ETag"]) == (200, '"1"')
    second = mine.put(address, {"digest_at": "18:15"}, headers={"If-Match": first["ETag"]})
    assert second["ETag"] == '"2"'
    body = mine.get(address).json()
    assert body == second.json()
    assert (body["choices"]["case"]["email"], body["choices"]["case"]["push"]) == ("digest", "now")
    assert (body["choices"]["messages"]["email"], body["quiet_hours"], body["digest_at"]) == ("now", night, "18:15")
    assert mine.put(address, {"quiet_hours": None}).json()["quiet_hours"] is None


@BOTH
def test_a_field_that_there_is_not_is_refused_by_name(mine: ApiClient, address: str) -> None:
    """It got 200, and was dropped."""
    answer = mine.put(address, {"sms": True, "email": False})
    assert answer.status_code == 422
    assert faults(answer) == {"#/sms": "unknown_field"}
    assert mine.get(address).json()["email"] is True


def test_everything_that_is_wrong_is_said_at_once(mine: ApiClient) -> None:
    answer = mine.put(
        "/preferences",
        {
            "email": "yes",
            "digest_at": "8 o'clock",
            "time_zone": "Europe/Madrid",
            "quiet_hours": {"from": "25:00", "until": "07:00"},
            "choices": {
                "gossip": {"email": "now"},
                "case": {"fax": "now", "email": "sometimes", "in_app": "off"},
                "security": {"email": "off"},
                "legal": {"email": "digest"},
            },
        },
    )
    assert answer.status_code == 422
    assert faults(answer) == {
        "#/email": "invalid",
        "#/digest_at": "invalid",
        "#/time_zone": "read_only",
        "#/quiet_hours/until": "unknown_field",
        "#/quiet_hours/from": "invalid",
        "#/quiet_hours/to": "invalid",
        "#/choices/gossip": "unknown_category",
        "#/choices/case/fax": "unknown_channel",
        "#/choices/case/email": "unknown_choice",
        "#/choices/case/in_app": "always_sent",
        "#/choices/security/email": "always_sent",
        "#/choices/legal/email": "always_sent",
    }


@pytest.mark.parametrize("body", [[], "now", {"choices": []}, {"choices": {"case": "off"}}, {"quiet_hours": 7}])
def test_a_body_of_another_shape_is_refused(mine: ApiClient, body: Any) -> None:
    assert mine.put("/preferences", body).status_code in (400, 422)
    assert not ChannelPreference.objects.exists()


def test_what_was_read_can_be_written_back_whole(mine: ApiClient) -> None:
    body = mine.put("/preferences", {"choices": {"case": {"email": "off"}}, "quiet_hours": None}).json()
    answer = mine.put("/preferences", body)
    assert (answer.status_code, answer.json()) == (200, body)


def test_quiet_hours_ask_for_a_zone(api: ApiClient) -> None:
    nowhere = api.as_(principal_for(make_account("patient")))
    answer = nowhere.put("/preferences", {"quiet_hours": {"from": "22:00", "to": "07:00"}})
    assert (answer.status_code, faults(answer)) == (422, {"#/quiet_hours": "time_zone_unknown"})
    assert nowhere.get("/preferences").json()["time_zone"] is None


def test_of_two_that_read_the_same_the_second_is_told(mine: ApiClient) -> None:
    tag = mine.get("/preferences")["ETag"]
    assert mine.put("/preferences", {"email": False}, headers={"If-Match": tag}).status_code == 200
    late = mine.put("/preferences", {"digest_at": "09:00"}, headers={"If-Match": tag})
    assert (late.status_code, late.json()["code"]) == (412, "version_mismatch")


@BOTH
def test_the_one_switch_of_before_means_all_but_security_and_law(mine: ApiClient, address: str) -> None:
    body = mine.put(address, {"email": False}).json()
    assert body["email"] is False
    assert {category: row["email"] for category, row in body["choices"].items()} == {
        one: "now" if one in ALWAYS else "off" for one in Category
    }
    assert mine.put(address, {"email": True}).json()["email"] is True


def test_the_one_switch_wipes_out_no_finer_choice_when_it_says_what_holds(mine: ApiClient) -> None:
    mine.put("/preferences", {"choices": {"case": {"email": "digest"}, "messages": {"email": "off"}}})
    body = mine.put("/notifications/preferences", {"email": True}).json()
    assert (body["choices"]["case"]["email"], body["choices"]["messages"]["email"]) == ("digest", "off")


def test_a_change_is_recorded_and_one_that_changes_nothing_is_not(me: Principal, mine: ApiClient) -> None:
    for _ in range(2):
        mine.put("/preferences", {"choices": {"case": {"email": "off"}}, "digest_at": "09:00"})
    (entry,) = AuditEntry.objects.filter(action="preferences.change")
    assert entry.patient_id == me.user_id
    assert entry.detail == {"by": "own", "case.email": "off", "digest_at": "09:00"}
    assert mine.get("/preferences")["ETag"] == '"1"'


def test_what_reaches_a_channel_on_purpose_goes_unless_it_was_switched_off(me: Principal) -> None:
    def chosen(category: str, channel: str) -> Choice:
        return choices.choice(user_id=me.require_user_id(), category=category, channel=channel)

    assert chosen("case", "sms") is Choice.NOW
    assert chosen("announcements", "sms") is Choice.OFF
    preferences.set_preferences(principal=me, changes={"choices": {"case": {"sms": "off"}}})
    assert chosen("case", "sms") is Choice.OFF


def test_however_many_people_they_are_it_is_two_statements() -> None:
    for count in (1, 6):
        people = [make_account("patient") for _ in range(count)]
        for person in people:
            preferences.set_email_preference(user_id=person.id, email=False)
        with CaptureQueriesContext(connections["notifications"]) as queries:
            found = choices.choices_of(user_ids=[person.id for person in people])
        assert len(queries) == 2
        assert not any(one.email for one in found.values())


def test_a_form_changes_what_was_touched_and_nothing_else(me: Principal) -> None:
    form = {f"choice:{category}:{channel}": "off" for category in ("case", "messages") for channel in ("sms", "push")}
    form |= {"choice:case:email": "digest", "choice:messages:email": "now", "version": "0"}
    form |= {"quiet_from": "21:00", "quiet_to": "06:00", "digest_at": "07:00"}
    held = preferences.set_preferences_by_form(principal=me, form=form)
    assert (held.quiet_hours, held.digest_at) == ({"from": "21:00", "to": "06:00"}, "07:00")
    rows = ChannelPreference.objects.filter(user_id=me.user_id).values_list("category", "channel", "choice")
    assert list(rows) == [("case", "email", "digest")]
    assert choices.choices_of(user_ids=[me.require_user_id()])[me.require_user_id()].digest_at == time(7)
