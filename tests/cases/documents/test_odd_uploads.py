"""Uploads in forms that no page of ours makes: refused with what to change, and nothing of them is kept in silence."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.models import Document, SubmissionFile
from tests.cases.support import Story
from tests.client import ApiClient

pytestmark = pytest.mark.django_db


def files(count: int) -> list[SimpleUploadedFile]:
    return [
        SimpleUploadedFile(f"{number}.txt", b"Patient: Maria Keller\nborn 17.04.1961\n", "text/plain")
        for number in range(count)
    ]


@pytest.fixture(params=["document", "submission"])
def send(request: pytest.FixtureRequest) -> Any:
    """Sends a form as a patient to their case, or as a visitor to their submission."""
    if request.param == "document":
        story = Story()
        client = ApiClient(story.patient)
        return lambda form: client.upload("/documents/upload", {"case_id": str(story.id)} | form)
    opened = ApiClient().post("/submissions").json()
    headers = {"Submission-Secret": opened["secret"]}
    return lambda form: ApiClient().upload(f"/submissions/{opened['id']}/documents", form, headers=headers)


@pytest.mark.parametrize(
    ("form", "advice"),
    [
        ({f"field{number}": "x" for number in range(900)}, "more than 500 fields"),
        ({"file": files(120)}, "one by one"),
        ({"file": files(2)}, "one by one"),
        ({"file": files(1), "other": files(1)}, "one by one"),
        ({"file": files(1), "note": "a\0b"}, "NUL"),
        ({"file": files(1), "no\0te": "b"}, "NUL"),
    ],
    ids=["fields", "files", "two", "two-names", "nul", "nul-name"],
)
def test_an_odd_form_is_refused_with_what_to_change(send: Any, form: dict[str, Any], advice: str) -> None:
    answer = send(form)
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert advice in answer.json()["detail"]
    assert not Document.objects.exists()
    assert not SubmissionFile.objects.exists()
