"""The copy of a document without names: made with the reading, sealed, of the same length, and fail-closed by page."""

from pathlib import Path

import pytest
from django.db import connections

from cases.models import Document
from cases.services import documents
from config.kernel.due_work import drain
from tests.cases.support import Story

pytestmark = pytest.mark.django_db
LETTER = """Valley Hospital
Patient: Maria Keller
Date of birth: 17.04.1961
Record number: 88-4127

Referred by Dr. West. Ms Keller (maria.keller) has an adenocarcinoma, G2.
Compare 884127 of 17/4/1961. Potassium 6.4 mmol/L.
"""
NAMED = ("Keller", "Maria", "Valley", "88-4127", "884127", "17.04.1961", "17/4/1961", "West")


def text_of(story: Story, text: str, folder: Path) -> documents.DocumentText:
    made = story.add_document(text, folder)
    drain("cases")
    return documents.document_text(document_id=made.id)


def test_nobody_is_named_in_the_copy_and_medicine_stays_at_its_place(tmp_path: Path) -> None:
    story = Story(treating_clinician={"name": "Dr Anna West", "organisation": "Valley Hospital"})
    found = text_of(story, LETTER, tmp_path)
    assert found.deidentified is not None
    (page,) = found.pages
    copy = found.deidentified[page.number]
    assert copy is not None and len(copy) == len(page.text)
    assert not [name for name in NAMED if name in copy]
    for kept in ("adenocarcinoma, G2", "Potassium 6.4 mmol/L"):
        assert copy.index(kept) == page.text.index(kept)


def test_the_copy_is_sealed_as_the_reading_is(tmp_path: Path) -> None:
    text_of(Story(), LETTER, tmp_path)
    with connections["cases"].cursor() as cursor:
        cursor.execute("SELECT deidentified_sealed FROM cases_document")
        stored = bytes(cursor.fetchone()[0])
    assert b"adenocarcinoma" not in stored and b"Potassium" not in stored


def test_a_page_in_which_a_name_would_be_left_is_withheld(tmp_path: Path) -> None:
    found = text_of(Story(), "Patient: Maria Keller\nborn 17.04.1961\nMa/ria Kel/ler, adenocarcinoma.\n", tmp_path)
    assert found.deidentified == {1: None}


def test_of_a_document_that_was_read_before_copies_were_made_there_is_none(tmp_path: Path) -> None:
    found = text_of(Story(), LETTER, tmp_path)
    Document.objects.filter(id=found.document_id).update(deidentified_sealed=None)
    assert documents.document_text(document_id=found.document_id).deidentified is None
