"""Words on pages: stems, phrases, beginnings; where they stand; only for those who read the documents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.domain.index.search_query import asked_in, places_of
from cases.models import AuditEntry, Document
from cases.services import casefile
from config.kernel.accents import unaccented_in_place
from config.kernel.due_work import drain
from tests.cases.support import Story
from tests.factories import make_person

pytestmark = pytest.mark.django_db
LETTER = """Patient: Maria Keller
Date of birth: 17.04.1961
The biopsies showed cancer of the pancreas; the liver is free of metastases.
Chemotherapy with gemcitabine was begun. Zur Übersicht: Ödeme.
"""
OTHER = """Patient: Maria Keller, born 17.04.1961
Cancer was discussed. Her sister has a disease of the pancreas. Echocardiography was normal.
"""


@pytest.fixture
def story(tmp_path: Path) -> Story:
    story = Story()
    story.add_document(LETTER, tmp_path)
    story.add_document(OTHER, tmp_path)
    drain("cases")
    assert set(Document.objects.values_list("state", flat=True)) == {"ACCEPTED"}
    return story


def find(api: Any, who: Any, story: Story, words: str) -> Any:
    return api.as_(who).post(f"/cases/{story.id}/search", {"words": words})


def matches(api: Any, story: Story, words: str) -> list[str]:
    answer = find(api, story.patient, story, words)
    assert answer.status_code == 200, answer.content
    return [hit["match"] for hit in answer.json()["hits"]]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("biopsy", ["biopsies"]),
        ("Metastases", ["metastases"]),
        ("cancer pancreas", ["cancer", "pancreas", "Cancer", "pancreas"]),
        ('"cancer of the pancreas"', ["cancer of the pancreas"]),
        ('"cancer pancreas"', []),
        ("chemo*", ["Chemotherapy"]),
        ("echo* normal", ["Echocardiography", "normal"]),
        ("odem*", ["Ödeme"]),
        ("chemo* echo*", []),
        ("glioblastoma", []),
        ("the", []),
        ("e*", []),
    ],
)
def test_words_phrases_and_beginnings(api: Any, story: Story, words: str, found: list[str]) -> None:
    assert matches(api, story, words) == found


def test_a_place_is_where_the_page_has_the_word(api: Any, story: Story) -> None:
    (hit,) = find(api, story.patient, story, "gemcitabine").json()["hits"]
    page = api.as_(story.patient).get(f"/documents/{hit['document_id']}/pages/{hit['page']}/text").json()
    assert page["text"][hit["start"] : hit["end"]] == "gemcitabine"
    assert hit["before"].endswith("Chemotherapy with ")
    assert hit["after"].startswith(" was begun")
    assert hit["name"].endswith("letter.txt")


def test_what_waits_for_release_is_not_searched_for_the_specialist(api: Any, tmp_path: Path) -> None:
    story = Story().in_review()
    story.add_document(LETTER, tmp_path)
    drain("cases")
    assert len(find(api, story.author, story, "biopsy").json()["hits"]) == 1
    Document.objects.update(state="MISMATCHED")
    assert find(api, story.author, story, "biopsy").json()["hits"] == []
    assert len(find(api, story.patient, story, "biopsy").json()["hits"]) == 1


def test_it_is_recorded_without_the_words_and_closed_to_others(api: Any, story: Story) -> None:
    find(api, story.patient, story, "gemcitabine")
    row = AuditEntry.objects.get(action="document.search")
    assert (row.object_id, row.detail) == (story.id, {"found": 1, "documents": 1})
    assert find(api, make_person("patient"), story, "biopsy").status_code == 404
    assert find(api, story.patient, story, " ").status_code == 400
    assert find(api, story.patient, story, "a" * 201).status_code == 400


def test_a_case_of_long_papers_says_what_was_not_searched(api: Any, story: Story, monkeypatch: Any) -> None:
    monkeypatch.setattr("cases.services.casefile.document_search.MAX_CHARACTERS", len(LETTER) + 20)
    answer = find(api, story.patient, story, "pancreas").json()
    assert len(answer["hits"]) == 1
    assert len(answer["not_searched"]) == 1


def test_more_places_than_are_shown_are_told(api: Any, story: Story, monkeypatch: Any) -> None:
    monkeypatch.setattr("cases.services.casefile.document_search.MAX_HITS", 1)
    answer = find(api, story.patient, story, "pancreas").json()
    assert (len(answer["hits"]), answer["more"]) == (1, True)


@given(st.text(max_size=40))
def test_no_search_is_a_crash_and_folding_keeps_places(text: str) -> None:
    asked = asked_in(text)
    assert len(unaccented_in_place(text)) == len(text)
    assert all(len(prefix) >= 3 for prefix in asked.prefixes)


@pytest.mark.parametrize(
    "words", ["a & b | !c", "x:*", "'", "<b>", "\\", ":A", "( ( (", '"', '""', "%s", "\ue000x\ue001"]
)
def test_no_sign_is_special(story: Story, words: str) -> None:
    casefile.find_in_documents(principal=story.patient, case_id=story.id, words=words + " biopsy")


def test_marks_become_places() -> None:
    assert places_of("a \ue000bc\ue001 d \ue000e\ue001") == [(2, 4), (7, 8)]
