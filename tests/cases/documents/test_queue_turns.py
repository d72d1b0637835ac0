"""Among what takes long the patients take turns: who sent much waits for it, and nobody else does."""

from pathlib import Path
from unittest import mock
from uuid import UUID

import pytest

from cases.adapters.reading import ReadingFailed
from cases.models import Document, Job
from config.kernel.due_work import drain
from tests.cases.support import Story

pytestmark = pytest.mark.django_db
READER = "cases.services.documents.pipeline.read_in_child"


@pytest.fixture
def flooded(tmp_path: Path) -> tuple[UUID, UUID]:
    """Two patients: five heavy documents of the one, and then one of the other."""
    many, one = Story(), Story()
    for number in range(5):
        many.add_document(f"Flood {number}\n", tmp_path)
    one.add_document("Scan\n", tmp_path)
    Job.objects.filter(kind="cases.read_document").update(concurrency_key="heavy:0")
    return many.patient.user_id, one.patient.user_id


def readers(flooded: tuple[UUID, UUID]) -> list[UUID]:
    """Whose documents are read, in order, when no reading ends well."""
    read: list[UUID] = []

    def reading(*, told: object, source: Path, **rest: object) -> None:
        running = Job.objects.get(kind="cases.read_document", state="RUNNING")
        read.append(Document.objects.get(id=running.subject_id).patient_id)
        raise ReadingFailed("timeout")

    with mock.patch(READER, side_effect=reading):
        drain("cases")
    return read


def test_behind_many_documents_of_one_patient_anothers_is_read_second(flooded: tuple[UUID, UUID]) -> None:
    many, one = flooded
    assert readers(flooded) == [many, one, many, many, many, many]


def test_whoever_waits_alone_is_read_without_a_turn(flooded: tuple[UUID, UUID]) -> None:
    many, one = flooded
    Job.objects.filter(subject_id__in=Document.objects.filter(patient_id=one).values("id")).update(state="DONE")
    assert readers(flooded) == [many] * 5
