"""The stack viewer's data as a browser asks for it."""

import zlib

import numpy as np
import pytest

from cases.models import AuditEntry, Document
from tests.cases.support import Story, make_specialist
from tests.dashboard.test_pages import _queries, as_specialist, workspace
from tests.tooling import series

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    story = Story().in_review()
    series.kept_series(story, [2, 3, 1])
    return story


def images(story: Story) -> str:
    return workspace(story, "/images.json")


def test_a_stack_is_its_slices_in_order_with_what_lengths_and_windows_need(story):
    client = as_specialist(story.author)
    (stack,) = client.get(images(story)).json()["stacks"]
    assert [one["place"] for one in stack["slices"]] == [2.5, 5.0, 7.5]
    first = stack["slices"][0]
    assert (first["spacing"], first["spacing_at"], first["unit"]) == ([0.5, 0.75], "patient", "HU")
    assert first["edges"] == ["R", "L", "A", "P"]
    assert first["windows"] == [[40.0, 400.0, "SOFT"], [-600.0, 1500.0, "LUNG"]]
    assert [name for _, _, name in stack["usual_windows"]] == ["soft_tissue", "lung", "bone"]
    assert (stack["private_removed"], stack["burned_in"]) == (3, "unlikely")


def test_a_frame_comes_as_measured_not_as_a_picture(story):
    client = as_specialist(story.author)
    one = client.get(images(story)).json()["stacks"][0]["slices"][1]
    answer = client.get(f"/dashboard/documents/{one['document_id']}/frames/1")
    assert (answer["Content-Encoding"], answer["Cache-Control"]) == ("deflate", "private, no-store")
    values = np.frombuffer(zlib.decompress(answer.content), "<u2").reshape(64, 64)
    assert np.array_equal(values, series.dataset(2).pixel_array)
    row = AuditEntry.objects.get(action="imaging.view_frame")
    assert (str(row.object_id), row.actor_id) == (one["document_id"], story.author.user_id)


def test_what_waits_is_counted_and_its_frames_are_closed(story):
    client = as_specialist(story.author)
    document = Document.objects.filter(case=story.id, media_type="application/dicom").first()
    Document.objects.filter(id=document.id).update(state="MISMATCHED")
    told = client.get(images(story)).json()
    assert (told["held_back"], len(told["stacks"][0]["slices"])) == (1, 2)
    answer = client.get(f"/dashboard/documents/{document.id}/frames/1")
    assert (answer.status_code, answer.json()["code"]) == (409, "document_unconfirmed")


def test_another_specialist_finds_neither_stacks_nor_frames(story):
    document = Document.objects.filter(case=story.id, media_type="application/dicom").first()
    client = as_specialist(make_specialist())
    for path in (images(story), f"/dashboard/documents/{document.id}/frames/1"):
        assert client.get(path).status_code == 404


def test_the_viewer_is_on_the_page_of_cases_with_images_only_and_costs_no_statement(story):
    client, plain = as_specialist(story.author), Story()
    plain.in_review(story.author)
    _queries(client, workspace(plain))
    without = _queries(client, workspace(plain))
    assert _queries(client, workspace(story)) == without <= 12
    assert b'id="stack"' in client.get(workspace(story)).content
    assert b'id="stack"' not in client.get(workspace(plain)).content
