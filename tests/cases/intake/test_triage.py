"""Triage chooses from lists; a case that nobody can have says why, and what would help."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from cases.services import assignment
from cases.services.intake.triage_choices import refuse_unknown_services
from professionals import services as professionals
from tests.cases.support import TRIAGE, Story, by, make_specialist
from tests.cases.test_admin import steer
from tests.client import ApiClient
from tests.factories import make_person
from tests.staff.support import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "professionals", "cases", "analysis", "notifications"])
ROOT = Path(__file__).resolve().parents[3]


def test_a_word_that_is_no_choice_is_refused_with_the_choices() -> None:
    story, nurse = Story().in_triage(), make_person("nurse")
    data = TRIAGE | {"specialty": "Internal medicine", "service_type": "x"}
    body = {"to": "T06", "data": data}
    answer = ApiClient(nurse).patch(f"/cases/{story.id}/status", body, headers={"If-Match": f'"{story.row.version}"'})
    assert answer.status_code == 422
    told = answer.json()
    assert told["code"] == "unknown_choice"
    assert told["choices"]["specialty"]["internal_medicine"] == "Internal medicine"
    assert told["choices"]["service_type"]["written_opinion"] == "Written second opinion"
    assert [one["pointer"] for one in told["errors"]] == ["#/data/specialty", "#/data/service_type"]
    assert (story.state, story.row.specialty) == ("TRIAGE", "")


def test_a_word_that_no_step_takes_is_refused_by_its_name() -> None:
    story, nurse = Story().in_triage(), make_person("nurse")
    body = {"to": "T06", "data": TRIAGE | {"urgncy": "urgent"}}
    answer = ApiClient(nurse).patch(f"/cases/{story.id}/status", body, headers={"If-Match": f'"{story.row.version}"'})
    (fault,) = answer.json()["errors"]
    assert (answer.status_code, fault["pointer"], fault["code"]) == (400, "#/data/urgncy", "unknown_field")
    assert story.state == "TRIAGE"


def test_the_staffs_page_offers_the_lists_by_name(settings) -> None:
    settings.PEER_REVIEWED_SERVICES = ("records",)
    story = Story().in_triage()
    page = signed_in("nurse").get(steer(story)).content.decode()
    for shown in (
        '<option value="internal_medicine">Internal medicine</option>',
        '<option value="written_opinion">Written second opinion</option>',
        '<option value="records">Review of the records (with peer review)</option>',
        '<option value="peer_to_peer">Advice to the treating clinician, who remains responsible</option>',
        '<option value="urgent">Urgent: 1 day</option>',
    ):
        assert shown in page
    assert "T06 →" not in page


def test_a_case_without_candidates_says_why_and_what_would_help() -> None:
    story, coordinator = Story().in_matching(), make_person("coordinator")

    def found() -> assignment.MatchingDTO:
        with by(coordinator):
            return assignment.candidates(principal=coordinator, case_id=story.id)

    (nobody,) = found().obstacles
    assert (nobody.kind, nobody.count) == ("none", 0)
    assert "Choose another specialty" in nobody.help
    for _ in range(2):
        make_specialist("US-CA")
    away = make_specialist()
    with by(away):
        professionals.set_availability(principal=away, changes={"accepting": False})
    assert [(one.kind, one.count) for one in found().obstacles] == [("licence", 2), ("accepting", 1)]
    told = ApiClient(coordinator).get(f"/cases/{story.id}/candidates").json()["obstacles"]
    assert told[0]["help"].startswith("Verify a licence for the patient's place")
    page = signed_in("coordinator").get(steer(story)).content.decode()
    assert "Nobody can take this case now" in page
    assert "2 of the field: has no valid licence" in page
    make_specialist()
    assert found().obstacles == ()


def test_a_setting_that_names_no_service_is_refused(settings) -> None:
    settings.PEER_REVIEWED_SERVICES = ("records", "written_opinion")
    refuse_unknown_services()
    settings.PEER_REVIEWED_SERVICES = ("record",)
    with pytest.raises(ImproperlyConfigured, match="has record: name some of written_opinion, records, imaging"):
        refuse_unknown_services()


def test_the_environment_switches_peer_review_on_and_a_wrong_word_stops_the_start() -> None:
    def started(value: str) -> subprocess.CompletedProcess[str]:
        code = "import django; django.setup(); from django.conf import settings; print(settings.PEER_REVIEWED_SERVICES)"
        environment = os.environ | {"PEER_REVIEWED_SERVICES": value, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
        command = [sys.executable, "-c", code]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert started("records,imaging").stdout.strip().endswith("('records', 'imaging')")
    refused = started("recods")
    assert refused.returncode != 0
    assert "PEER_REVIEWED_SERVICES has recods" in refused.stderr
