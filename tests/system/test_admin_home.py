"""The staff's first page: what waits for each role, at a constant price, and never a name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from config.kernel import clock
from config.kernel.admin.home import queues_for
from identity import services as identity
from tests.authorization.world import ALIASES
from tests.cases.support import Story, by
from tests.factories import PASSWORD, TOTP_SECRET, make_account, make_patient, make_person, totp_code
from tests.factories.cases import JobFactory

pytestmark = pytest.mark.django_db


def signed_in(role: str) -> Client:
    account = make_account(role)
    identity.seed_totp(user_id=account.id, secret=TOTP_SECRET)
    client = Client()
    client.post("/admin/login/", {"email": account.email, "password": PASSWORD, "code": totp_code()})
    return client


def waiting(role: str) -> dict[str, int]:
    return {queue.title: queue.count for queue in queues_for(frozenset({role}))}


def price(client: Client) -> int:
    with _captured() as queries:
        assert client.get("/admin/").status_code == 200
    return sum(len(one) for one in queries)


class _captured:
    def __enter__(self) -> Any:
        self.all = [CaptureQueriesContext(connections[alias]) for alias in ALIASES]
        return [one.__enter__() for one in self.all]

    def __exit__(self, *error: Any) -> None:
        for one in self.all:
            one.__exit__(*error)


def test_each_role_sees_the_work_that_is_its_own() -> None:
    assert "Cases to triage" in waiting("nurse")
    assert "Intake to look at" not in waiting("nurse")
    assert {"Intake to look at", "Records to collect", "Cases to match"} <= set(waiting("coordinator"))
    assert "Disagreements to decide" in waiting("medical_director")
    assert "Emergency accesses to review" in waiting("privacy_officer")
    assert "Cases to triage" not in waiting("privacy_officer")
    assert waiting("support") == {}


def test_a_case_is_counted_where_it_waits_and_as_late_when_it_is() -> None:
    story = Story(make_patient()).in_review()
    Case.objects.filter(id=story.id).update(state="TRIAGE", promised_at=clock.now() + timedelta(days=1))
    assert waiting("nurse")["Cases to triage"] == 1
    assert waiting("coordinator")["Cases beyond their promised day"] == 0
    with clock.shifted(timedelta(days=2)):
        assert waiting("coordinator")["Cases beyond their promised day"] == 1
        late = next(q for q in queues_for(frozenset({"coordinator"})) if q.title == "Cases beyond their promised day")
        assert late.late
        Case.objects.filter(id=story.id).update(held_by=story.author.user_id)
        assert waiting("coordinator")["Cases beyond their promised day"] == 0


def test_dead_work_and_claims_are_seen_by_those_who_mend_them() -> None:
    patient = make_patient()
    JobFactory(dead=True)
    with by(patient):
        identity.request_rectification(
            principal=patient, user_id=patient.require_user_id(), about="case", wrong="left", right="right"
        )
    assert waiting("support") == {"Dead jobs of cases": 1}
    assert waiting("privacy_officer")["Claims that something is wrong"] == 1


def test_the_page_shows_figures_and_links_that_open_at_a_constant_price() -> None:
    client = signed_in("administrator")
    client.get("/admin/")
    before = price(client)
    for _ in range(3):
        Story(make_patient(full_name="Zelda Quint")).in_review()
    assert price(client) == before <= 30
    page = client.get("/admin/").content.decode()
    assert "Open cases by state" in page
    assert "Cases submitted by week" in page
    assert "Zelda" not in page
    links = {queue.link for role in ("administrator", "privacy_officer") for queue in queues_for(frozenset({role}))}
    for link in links:
        assert client.get(link).status_code == 200, link


@pytest.mark.parametrize("role", ["coordinator", "nurse", "medical_director", "privacy_officer", "support"])
def test_every_role_of_the_staff_has_a_first_page_whose_links_it_may_open(role: str) -> None:
    client = signed_in(role)
    assert client.get("/admin/").status_code == 200
    for queue in queues_for(frozenset({role})):
        assert client.get(queue.link).status_code == 200, queue.link


def test_who_is_no_staff_has_none() -> None:
    assert queues_for(make_person("professional").roles) == []
