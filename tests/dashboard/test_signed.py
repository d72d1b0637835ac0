"""What was signed stays at hand: the opinion, its files, and the patient's questions, which are answered there."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from cases.models import FollowUpQuestion
from cases.services import followup
from config.kernel.due_work import drain
from notifications import services as notifications
from tests.cases.followup.test_followup import ask, read_by_the_patient
from tests.cases.support import Story, by, make_specialist
from tests.dashboard.test_pages import as_specialist, workspace

# The whole platform is listening here: news goes up to notifications as well.
pytestmark = pytest.mark.django_db(databases=["default", "professionals", "cases", "analysis", "notifications"])


@pytest.fixture
def story() -> Story:
    return read_by_the_patient(Story().delivered())


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content
    return " ".join(answer.content.decode().split())


def send(client: Client, story: Story, follow_up_id: Any, text: str) -> Any:
    return client.post(workspace(story, f"/follow-ups/{follow_up_id}"), {"answer": text})


def test_a_signed_opinion_and_its_files_stay_in_the_workspace(story: Story) -> None:
    client = as_specialist(story.author)
    assert f'href="/dashboard/cases/{story.id}"' in page(client, "/dashboard/")
    shown = page(client, workspace(story))
    assert "Your signed opinion" in shown
    assert "The records support the diagnosis of severe stenosis." in shown
    # Nothing invites to write what cannot be written any more.
    assert 'id="opinion-form"' not in shown
    assert "Preview of the report" not in shown
    pdf = client.get(workspace(story, "/reports/1.pdf"))
    assert (pdf.status_code, pdf["Content-Type"], pdf.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert pdf["Cache-Control"] == "private, no-store"
    fhir = client.get(workspace(story, "/reports/1.fhir.json"))
    assert fhir["Content-Type"] == "application/fhir+json"
    assert fhir.json()["resourceType"] == "Bundle"
    assert client.get(workspace(story, "/reports/2.pdf")).status_code == 404


def test_before_the_report_is_built_the_page_says_so() -> None:
    story = Story().written()
    opinion = story.submit()
    story.sign(opinion.content_hash)
    shown = page(as_specialist(story.author), workspace(story))
    assert "Your signed opinion" in shown
    assert "The report is being built" in shown


def test_a_question_is_answered_where_it_stands_and_counted(story: Story) -> None:
    asked = ask(story, "May I fly in June?")
    client = as_specialist(story.author)
    listed = page(client, "/dashboard/")
    assert "1 questions about your opinion" in listed
    assert "your turn" in listed
    shown = page(client, workspace(story))
    assert "May I fly in June?" in shown
    assert "2 of 3 left" in shown
    answer = send(client, story, asked.id, "Yes, after the check.")
    assert (answer.status_code, answer["Location"]) == (302, workspace(story) + "#follow-ups")
    after = page(client, workspace(story))
    assert "Yes, after the check." in after
    assert "/follow-ups/" not in after
    assert "questions about your opinion" not in page(client, "/dashboard/").replace("The patient's questions", "")
    with by(story.patient):
        found = followup.list_follow_ups(principal=story.patient, case_id=story.id)
    assert (found.questions[0].answer, found.left, found.allowed) == ("Yes, after the check.", 2, 3)


def test_a_refused_answer_keeps_what_was_written_and_says_why(story: Story) -> None:
    asked = ask(story)
    client = as_specialist(story.author)
    written = "A long careful answer. " * 500
    refused = send(client, story, asked.id, written)
    assert refused.status_code == 400
    shown = refused.content.decode()
    assert "Write 1 to 10000 characters." in shown
    assert written.strip() in shown
    assert FollowUpQuestion.objects.get().answered_at is None
    send(client, story, asked.id, "Yes.")
    again = send(client, story, asked.id, "No.")
    assert again.status_code == 409
    assert "an addendum does not change" in again.content.decode()


def test_nobody_else_reads_or_answers(story: Story) -> None:
    asked = ask(story)
    client = as_specialist(make_specialist())
    assert client.get(workspace(story, "/reports/1.pdf")).status_code == 404
    assert send(client, story, asked.id, "Mine.").status_code == 404
    stranger = Client()
    assert stranger.get(workspace(story, "/reports/1.pdf")).status_code == 302
    assert FollowUpQuestion.objects.get().answered_at is None


def test_a_notice_names_its_case_and_leads_to_the_thing_itself(story: Story) -> None:
    ask(story)
    drain()
    client = as_specialist(story.author)
    shown = page(client, "/dashboard/news")
    opening = re.search(r'<a href="(/account/news/[0-9a-f-]{36})">A patient asks about an opinion of yours\.', shown)
    assert opening
    # Opening it marks it read, and leads to the thing itself.
    assert client.get(opening[1])["Location"] == f"/dashboard/cases/{story.id}#follow-ups"
    assert story.row.reference in shown
    assert "Second look at the valve" in shown


def test_a_notice_of_a_case_that_is_no_longer_theirs_names_and_opens_nothing(story: Story) -> None:
    other = make_specialist()
    notifications.notify(user_id=other.require_user_id(), kind="offer_made", event_key="x", subject_id=story.id)
    shown = page(as_specialist(other), "/dashboard/news")
    assert "A case is offered to you." in shown
    assert story.row.reference not in shown
    assert str(story.id) not in shown
