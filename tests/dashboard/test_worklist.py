"""What is new in each case, filters, and the views that a specialist keeps."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from cases.models import Clarification
from cases.services import casefile, opinion
from config.kernel import clock
from config.kernel.due_work import drain
from config.kernel.errors import Conflict, Invalid, NotFound
from notifications.models import Notice
from professionals import services
from professionals.dashboard.worklist_filters import due_of, fits
from tests.cases.support import Story, by, make_specialist
from tests.dashboard.test_pages import as_specialist

pytestmark = pytest.mark.django_db
NOTHING = (0, 0, 0)


def news(story: Story) -> tuple[int, int, int]:
    with by(story.author):
        found = casefile.worklist(principal=story.author)
    item = next(one for one in found if one.kind == "case" and one.case_id == story.id)
    return item.unread_messages, item.new_answers, item.new_documents


def test_what_is_new_is_counted_once_and_gone_when_it_was_looked_at() -> None:
    story = Story().in_review()
    client, patient = as_specialist(story.author), story.patient
    path = f"/dashboard/cases/{story.id}"
    client.get(path)
    assert news(story) == NOTHING
    record = story.put_document()
    for text in ("One", "Two"):
        with by(patient):
            opinion.send_message(principal=patient, case_id=story.id, text=text)
    form = {"question": "Since when?", "due_days": "3", "document": [str(record.id)]}
    assert client.post(f"{path}/ask", form).status_code == 302
    with by(patient):
        unread = Clarification.objects.filter(case_id=story.id, question_seen_at=None)
        assert unread.count() == 1
        (asked,) = opinion.list_clarifications(principal=patient, case_id=story.id)
        assert not unread.exists()
        assert asked.question_documents == (record.id,)
        assert timedelta(days=2, hours=23) < asked.due_at - clock.now() < timedelta(days=3)
        answer = {"clarification_id": asked.id, "text": "Since May.", "document_ids": [record.id]}
        opinion.answer(principal=patient, case_id=story.id, **answer)
        with pytest.raises(Conflict):
            opinion.answer(principal=patient, case_id=story.id, **answer)
    drain()
    assert Notice.objects.filter(user_id=story.author.user_id, kind="question_answered").count() == 1
    assert news(story) == (2, 1, 1)
    assert b"2 unread messages" in client.get("/dashboard/").content
    page = client.get(path).content.decode()
    assert "Since May." in page
    assert news(story) == (2, 0, 0)
    client.get(f"{path}/messages")
    assert news(story) == NOTHING


def test_a_question_names_only_documents_of_its_case_and_a_time_that_can_be_kept() -> None:
    story = Story().in_review()
    with by(story.author):
        for wrong in ({"document_ids": [uuid4()]}, {"due_days": 0}, {"due_days": 31}):
            with pytest.raises(Invalid):
                opinion.ask(principal=story.author, case_id=story.id, question="Since when?", **wrong)
    assert story.state == "IN_REVIEW"


def test_each_filter_keeps_what_it_names() -> None:
    story = Story().in_review()
    with by(story.author):
        (item,) = casefile.worklist(principal=story.author)
    instant = clock.now()
    assert fits(item, {}, instant)
    assert fits(item, {"state": "IN_REVIEW", "turn": "specialist"}, instant)
    assert not fits(item, {"state": "SIGNED"}, instant)
    assert not fits(item, {"turn": "patient"}, instant)
    assert not fits(item, {"new": "1"}, instant)
    hours = {"late": -1, "day": 23, "days": 71, "later": 73}
    assert [due_of(instant + timedelta(hours=n), instant) for n in hours.values()] == list(hours)
    assert due_of(None, instant) == "stopped"
    client = as_specialist(story.author)
    assert b'class="title"' not in client.get("/dashboard/?turn=patient").content
    assert b'class="title"' in client.get("/dashboard/?turn=nonsense").content


def test_a_view_is_kept_shown_renamed_and_deleted_by_its_owner_alone() -> None:
    who, other = make_specialist(), make_specialist()
    client = as_specialist(who)
    saved = client.post("/dashboard/views", {"name": "  Urgent   ones ", "due": "day", "turn": "x"})
    assert saved["Location"] == "/dashboard/?due=day"
    (view,) = services.list_views(principal=who)
    assert (view.name, view.chosen) == ("Urgent ones", {"due": "day"})
    page = client.get("/dashboard/?due=day").content.decode()
    assert '<a href="/dashboard/?due=day" aria-current="true">Urgent ones</a>' in page
    with pytest.raises(NotFound):
        services.delete_view(principal=other, view_id=view.id)
    assert as_specialist(other).post(f"/dashboard/views/{view.id}", {"do": "delete"}).status_code == 404
    services.save_view(principal=who, name="Second", chosen={})
    with pytest.raises(Conflict):
        services.rename_view(principal=who, view_id=view.id, name="Second")
    assert client.post(f"/dashboard/views/{view.id}", {"do": "rename", "name": "Soon"}).status_code == 302
    assert [one.name for one in services.list_views(principal=who)] == ["Second", "Soon"]
    assert client.post(f"/dashboard/views/{view.id}", {"do": "delete"}).status_code == 302
    assert [one.name for one in services.list_views(principal=who)] == ["Second"]
    assert services.list_views(principal=other) == ()
    client.post("/dashboard/views", {"name": ""})
    assert b"Give a name" in client.get("/dashboard/").content
