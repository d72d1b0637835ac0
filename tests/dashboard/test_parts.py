"""Parts of pages as htmx asks for them, and the same forms without a script."""

import re
from typing import Any

import pytest
from django.test import Client

from analysis import services as analysis
from analysis.models import Finding
from tests.analysis.working import run_jobs
from tests.analysis.world import World, make_world
from tests.dashboard.test_pages import as_specialist

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true", "HX-Current-URL": "http://testserver/dashboard/cases/here"}


@pytest.fixture
def world() -> World:
    world = make_world()
    analysis.request_analysis(principal=world.patient, document_id=world.document_id)
    run_jobs()
    return world


def decide(
    client: Client, finding: Any, decision: str, words: str = "", *, part: bool = True, shown: str | None = None
) -> Any:
    version = str(Finding.objects.get(id=finding.id).version) if shown is None else shown
    fields = {"decision": decision, "words": words, "version": version}
    return client.post(f"/dashboard/findings/{finding.id}", fields, headers=PART if part else {})


def test_a_decision_comes_back_as_its_finding_and_the_number_that_is_left(world: World) -> None:
    client, (first, second, *_) = as_specialist(world.specialist), Finding.objects.order_by("id")
    left = Finding.objects.count()
    told = decide(client, first, "accept").content.decode()
    assert told.startswith(f'<li id="finding-{first.id}"') and "<html" not in told
    assert 'data-decision="accepted"' in told
    assert f'<span id="undecided" hx-swap-oob="true">{left - 1}</span>' in told
    decide(client, second, "reject", "Not relevant here.")
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.decision, second.decision) == ("ACCEPTED", "REJECTED")


def test_a_refusal_stands_beside_the_finding_and_changes_nothing(world: World) -> None:
    client, finding = as_specialist(world.specialist), Finding.objects.first()
    assert finding is not None
    answer = decide(client, finding, "edit", "")
    assert answer.status_code == 400
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == (f"#decided-{finding.id}", "innerHTML")
    assert "<li" not in answer.content.decode()
    finding.refresh_from_db()
    assert finding.decision == "PROPOSED"
    assert decide(client, finding, "accept", part=False).status_code == 302


@pytest.mark.parametrize("part", [True, False])
def test_a_window_that_was_overtaken_is_told_and_changes_nothing(world: World, part: bool) -> None:
    client, finding = as_specialist(world.specialist), Finding.objects.first()
    assert finding is not None
    page = client.get(f"/dashboard/cases/{world.case_id}").content.decode()
    one = page.split(f'<li id="finding-{finding.id}"')[1].split("</li>")[0]
    shown = set(re.findall(r'name="version" value="(\d+)"', one))
    assert (shown, one.count('name="version"'), one.count("<form")) == ({str(finding.version)}, 2, 2)
    assert f'name="version" value="{finding.version + 1}"' in decide(client, finding, "accept").content.decode()
    late = decide(client, finding, "reject", "Not relevant.", part=part, shown=str(finding.version))
    assert late.status_code == 412
    assert "is accepted now; read it before you decide" in late.content.decode()
    assert decide(client, finding, "reject", part=part, shown="").status_code == 400
    finding.refresh_from_db()
    assert finding.decision == "ACCEPTED"


def test_without_a_script_the_workspace_follows(world: World) -> None:
    client, finding = as_specialist(world.specialist), Finding.objects.first()
    assert finding is not None
    answer = decide(client, finding, "edit", "Said in my words.", part=False)
    assert answer["Location"] == f"/dashboard/cases/{world.case_id}#finding-{finding.id}"
    assert 'data-decision="edited"' in client.get(f"/dashboard/cases/{world.case_id}").content.decode()
    refused = decide(client, finding, "edit", "", part=False)
    assert refused.status_code == 400 and b"<html" in refused.content


def test_a_session_that_ended_takes_the_whole_page_to_the_sign_in_and_back(world: World) -> None:
    answer = Client().post(f"/dashboard/cases/{world.case_id}/find", {"words": "ulcer"}, headers=PART)
    assert answer["HX-Redirect"] == "/dashboard/sign-in?next=%2Fdashboard%2Fcases%2Fhere"
    assert not answer.content


def test_hits_come_as_a_part_and_as_a_page(world: World) -> None:
    client = as_specialist(world.specialist)
    address = f"/dashboard/cases/{world.case_id}/find"
    part, page = client.post(address, {"words": "ulcer"}, headers=PART), client.post(address, {"words": "ulcer"})
    assert b"<html" not in part.content and b"<html" in page.content
    assert b"<mark>" in part.content and b"<mark>" in page.content
