"""A text that takes longer than any record ends in a state that a person sees, at its first try, and delays nobody."""

from unittest import mock

import pytest

from cases.domain.privacy import case_people
from cases.models import Document, DocumentPage, Job
from cases.services.documents import acceptance, deidentification, queues
from config.kernel.due_work import drain
from tests.cases.support import Story

pytestmark = pytest.mark.django_db
LETTER = "Patient: Maria Keller\nDate of birth: 17.04.1961\nAll is well.\n"


def endless(*args: object, **kwargs: object) -> None:
    while True:
        pass


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (acceptance, "classify"),
        (acceptance, "check_identity"),
        (deidentification, "masked_text"),
        (case_people, "marks_in"),
    ],
    ids=lambda told: getattr(told, "__name__", told),
)
def test_a_document_whose_text_is_never_done_is_refused_with_advice(module, name, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(queues, "TEXT_SECONDS", 1)
    monkeypatch.setattr(queues, "LOOK_SECONDS", 1)
    document_id = Story().add_document(LETTER, tmp_path).id
    with mock.patch.object(module, name, endless):
        drain("cases")
    document = Document.objects.get(id=document_id)
    job = Job.objects.get(kind="cases.read_document")
    assert (document.state, document.verdict, job.state, job.tries) == ("REJECTED", "failed", "DONE", 1)
    assert job.concurrency_key == "heavy:0", "what takes long was tried where nobody waits"
    assert "takes too long to be checked" in document.advice
    assert not DocumentPage.objects.exists()
