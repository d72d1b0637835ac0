"""Versions side by side, the timeline, messages, and the report before it is signed."""

from __future__ import annotations

from typing import Any

import pytest

from cases.models import AuditEntry
from cases.queries.sealed_contents import place
from cases.services import casefile, opinion, report
from config.kernel.crypto import seal_json
from config.kernel.due_work import drain
from config.kernel.errors import Locked
from identity import services as identity
from tests.cases.support import Story, by, make_specialist
from tests.dashboard.test_pages import as_specialist

pytestmark = pytest.mark.django_db


def address(story: Story, then: str) -> str:
    return f"/dashboard/cases/{story.id}/{then}"


def test_the_preview_is_the_report_of_the_draft_without_a_proof_and_names_what_is_missing() -> None:
    story = Story().written()
    client = as_specialist(story.author)
    page = client.get(address(story, "preview"))
    assert b"Nobody has signed this." in page.content
    answer = client.get(address(story, "preview.pdf"))
    assert answer.content.startswith(b"%PDF-")
    assert b"/verify#" not in answer.content
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert (answer["X-Frame-Options"], page["X-Frame-Options"]) == ("SAMEORIGIN", "DENY")
    drain("cases")
    assert AuditEntry.objects.filter(action="opinion.preview", object_id=story.id).count() == 1
    with by(story.author):
        opinion.save_draft(principal=story.author, case_id=story.id, content={"plain_language": ""})
    refused = client.get(address(story, "preview.pdf"))
    assert refused.status_code == 409
    assert b'role="alert"' in refused.content
    for then in ("preview", "preview.pdf", "versions", "timeline", "messages"):
        assert as_specialist(make_specialist()).get(address(story, then)).status_code == 404


def test_no_preview_opens_before_the_first_read_is_sealed() -> None:
    story = Story().in_review()
    with by(story.author):
        opinion.save_draft(principal=story.author, case_id=story.id, content={"summary": "Early."})
        with pytest.raises(Locked):
            report.preview_report(principal=story.author, case_id=story.id)


def test_messages_go_both_ways_and_are_read_when_they_are_shown() -> None:
    story = Story().in_review()
    record = story.put_document()
    with by(story.patient):
        opinion.send_message(principal=story.patient, case_id=story.id, text="May I <b>swim</b>?")
    client = as_specialist(story.author)
    with by(story.author):
        assert opinion.unread_messages(principal=story.author, case_ids=[story.id]) == {story.id: 1}
    page = client.get(address(story, "messages")).content.decode()
    assert "May I &lt;b&gt;swim" in page
    with by(story.author):
        assert opinion.unread_messages(principal=story.author, case_ids=[story.id]) == {}
    form: dict[str, Any] = {"text": "Not yet.", "document": [str(record.id)]}
    assert client.post(address(story, "messages"), form).status_code == 302
    page = client.get(address(story, "messages")).content.decode()
    assert "Not yet." in page
    assert "not read yet" in page
    wrong = client.post(address(story, "messages"), {"text": "Kept.", "document": ["nothing"]})
    assert (wrong.status_code, b"Kept." in wrong.content) == (400, True)


def test_the_timeline_mixes_steps_with_records_by_the_day_on_them() -> None:
    story = Story().in_review()
    row = story.put_document()
    key = identity.data_key(subject_id=row.patient_id)
    reading = {"metadata": {"document_date": "2019-03-04"}, "reasons": [], "pages": []}
    row.reading_sealed = seal_json(key, place("document", "reading", row.id), reading)
    row.save()
    with by(story.author):
        told = casefile.timeline(principal=story.author, case_id=story.id)
    assert (told[0].kind, str(told[0].day)) == ("record", "2019-03-04")
    assert [one.text for one in told if one.kind == "step"][-1] == "IN_REVIEW"
    client = as_specialist(story.author)
    page = client.get(address(story, "timeline")).content.decode()
    assert 'datetime="2019-03-04"' in page
    assert "in review" in page
    only = client.get(address(story, "timeline") + "?show=records").content.decode()
    assert 'datetime="2019-03-04"' in only
    assert "<strong>in review" not in only


def test_what_was_signed_stands_beside_the_sealed_first_read_and_what_the_reviewer_said() -> None:
    story = Story().signed()
    page = as_specialist(story.author).get(address(story, "versions")).content.decode()
    assert "Severe." in page
    assert "(+15)" in page
    assert "Choose two different versions." in page
    assert "Nobody has reviewed this opinion." in page
