"""The index of full-text search over what is sealed: it holds keyed lexemes, and no word."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from cases.db import atomic
from cases.domain.documents.document_text import reading_from_json
from cases.domain.workflow.state_machines import DocumentState
from cases.models import Case, Document
from cases.queries.lexemes import forget_cases_of, hold_index, lexemes_of, write_documents, write_told
from cases.queries.sealed_contents import intake_of, place, questions_of, title_of
from config.kernel.crypto import DataKey, open_json
from identity import services as identity

SEARCHED = DocumentState.ACCEPTED


def index_case(case: Case, key: DataKey, *, questions: Sequence[str] | None = None) -> None:
    """Write what the case itself says into the index, in the caller's transaction.

    ``questions`` are its questions where the caller knows them.
    """
    asked = [text for _, text in questions_of(case, key)] if questions is None else questions
    write_told(case.id, lexemes_of(" \n ".join(_told(case, key, asked)), case.language))


def index_documents(case: Case, key: DataKey) -> None:
    """Write what the case's accepted documents say into the index, in the caller's transaction."""
    hold_index(case.id)
    texts = []
    for document in Document.objects.filter(case=case, state=SEARCHED, reading_sealed__isnull=False):
        sealed = document.reading_sealed or b""
        reading = reading_from_json(open_json(key, place("document", "reading", document.id), sealed))
        texts += [page.text for page in reading.pages]
    write_documents(case.id, lexemes_of(" \n ".join(texts), case.language))


def rebuild_index(*, after: UUID | None = None, batch: int = 200) -> UUID | None:
    """Write the index of the next ``batch`` cases anew; returns the id to go on after, or ``None`` at the end."""
    cases = Case.objects.order_by("id")
    ids = list((cases.filter(id__gt=after) if after else cases).values_list("id", flat=True)[:batch])
    for case_id in ids:
        with atomic():
            case = Case.objects.select_for_update().get(id=case_id)
            key = identity.data_keys(subject_ids=[case.patient_id]).get(case.patient_id)
            if key is None:
                forget_cases_of(case.patient_id)
                continue
            index_case(case, key)
            index_documents(case, key)
    return ids[-1] if len(ids) == batch else None


def forget_index(*, patient_id: UUID) -> int:
    """Delete everything of a patient from the index; returns how many cases it held."""
    return forget_cases_of(patient_id)


def _told(case: Case, key: DataKey, questions: Sequence[str]) -> Iterator[str]:
    yield title_of(case, key)
    yield from questions
    yield from _texts(intake_of(case, key))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, item in value.items():
            # Who treats the patient, or has an interest, is a person, not something to be found by.
            if name not in ("treating_clinician", "involved"):
                yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
