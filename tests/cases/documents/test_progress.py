"""Whoever waits for a document sees how far its reading is: every step on the row, told once, and gone at the end."""

from pathlib import Path
from typing import Any

import pytest

from cases.adapters.reading import Progress
from cases.models import Document
from cases.services import documents as documents_service
from cases.services.documents import progress
from config.kernel import channel_groups
from config.kernel.auth import Principal
from config.kernel.due_work import drain
from tests.cases.support import Story, by
from tests.own_valkey import frozen, own_valkey
from tests.tooling import documents

pytestmark = pytest.mark.django_db


class Heard(list[dict[str, Any]]):
    """What was told, in the place of Valkey, with the row as it then was."""

    def __call__(self, *, user_ids: Any, about: dict[str, Any]) -> None:
        row = Document.objects.get(id=about["document_id"])
        assert (row.step, row.step_done, row.step_total) == (about["step"], about["done"], about["total"])
        assert row.patient_id in user_ids
        # Ids, a step and counts: nothing of what the document says, and not its name.
        assert about.keys() == {"document_id", "case_id", "step", "done", "total"}
        self.append(about)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    found = Heard()
    monkeypatch.setattr(progress, "tell_progress", found)
    return found


def seen(story: Story, document_id: Any) -> tuple[str, int, int]:
    with by(story.patient):
        found = documents_service.get_document(principal=story.patient, document_id=document_id)
    return found.step, found.step_done, found.step_total


def upload(story: Story, tmp_path: Path, content: bytes, name: str, media_type: str) -> documents_service.DocumentDTO:
    source = tmp_path / name
    source.write_bytes(content)
    patient: Principal = story.patient
    with by(patient):
        return documents_service.upload_document(
            principal=patient, case_id=story.id, name=name, declared_type=media_type, source=source
        )


@pytest.mark.slow
def test_a_scan_is_read_drawn_recognised_and_checked_before_the_eyes_of_who_waits(heard: Heard, tmp_path: Path) -> None:
    story = Story()
    scan = documents.scanned(documents.many_pages(4), dpi=200)
    made = upload(story, tmp_path, scan.content, scan.name, scan.media_type)
    assert seen(story, made.id) == ("waiting", 0, 0)
    version = Document.objects.get(id=made.id).version
    drain("cases")
    steps = [about["step"] for about in heard]
    assert list(dict.fromkeys(steps))[-2:] == ["recognising", "checking"]
    order = ["reading", "drawing", "recognising", "checking"]
    assert [order.index(step) for step in steps] == sorted(order.index(step) for step in steps)
    recognising = [(about["done"], about["total"]) for about in heard if about["step"] == "recognising"]
    assert recognising == sorted(set(recognising)) and {total for _, total in recognising} == {4}
    assert len(recognising) > 1
    assert seen(story, made.id) == ("", 0, 0)
    assert Document.objects.get(id=made.id).version == version + 1


def test_what_is_told_twice_is_written_once_and_nothing_after_the_end(
    heard: Heard, tmp_path: Path, django_assert_num_queries: Any
) -> None:
    story = Story()
    document = Document.objects.get(
        id=story.add_document("Patient: Maria Keller\nborn 17.04.1961\nAll is well.\n", tmp_path).id
    )
    told = progress.teller(document)
    told(Progress("drawing", 1, 9))
    assert seen(story, document.id) == ("drawing", 1, 9)
    with django_assert_num_queries(0, using="cases"):
        told(Progress("drawing", 1, 9))
    drain("cases")
    heard.clear()
    told(Progress("drawing", 2, 9))
    assert not heard and seen(story, document.id) == ("", 0, 0)


def test_a_frozen_valkey_costs_the_news_of_it_and_no_document(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel_groups, "sender", channel_groups.GroupSender())
    story = Story()
    document = Document.objects.get(
        id=story.add_document("Patient: Maria Keller\nborn 17.04.1961\nAll is well.\n", tmp_path).id
    )
    with own_valkey(settings, tmp_path) as valkey, frozen(valkey):
        progress.teller(document)(Progress("drawing", 1, 9))
        assert seen(story, document.id) == ("drawing", 1, 9)
        drain("cases")
        document.refresh_from_db()
        assert (document.state, seen(story, document.id)) == ("ACCEPTED", ("", 0, 0))
