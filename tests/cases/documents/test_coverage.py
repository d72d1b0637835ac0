"""What was read and what was not, told from a reading alone: pages, and words for people."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from cases.domain.documents.coverage import coverage_of
from cases.domain.documents.coverage_words import LANGUAGES, WORDS
from cases.domain.documents.document_text import PageText, Reading, UnreadReason, reading_to_json
from cases.domain.documents.reader_words import reader_words


@pytest.mark.parametrize("language", LANGUAGES)
def test_reasons_are_told_in_the_languages_of_patients(language: str) -> None:
    assert {*UnreadReason} <= {*WORDS[language]}
    assert {*WORDS[language]} == {*WORDS["en"]}
    if language != "en":
        assert not [code for code, words in WORDS[language].items() if words == WORDS["en"][code]]


SAID_BY_THE_READER = (
    "page 3: no text could be recognised",
    "page 12: recognised with low confidence",
    "page 1: not read, text recognition stopped (killed)",
    "only the first 300 of 412 pages were read",
    "the file says that it has 3 pages and holds 2: pages may be missing",
    "page 2: a picture that may show text, in which no text was recognised; letters that the file draws without saying"
    " which they are",
    "7 statements of the structured report are not shown",
)


@pytest.mark.parametrize("language", ["de", "es-MX", "fr"])
@pytest.mark.parametrize("reason", SAID_BY_THE_READER)
def test_what_the_reader_says_is_put_into_the_languages_of_patients(language: str, reason: str) -> None:
    told_words = reader_words(reason, language)
    assert told_words != reason
    assert re.findall(r"\d+", told_words) == re.findall(r"\d+", reason)
    assert reader_words(reason, "en") == reason
    assert reader_words("page 4: a reason of tomorrow", language).endswith(": a reason of tomorrow")


def test_a_picture_is_no_page_without_text_and_a_report_in_dicom_has_such_pages() -> None:
    def read(*pages: PageText) -> tuple[int, ...]:
        told_of = reading_to_json(Reading(media_type="application/dicom", verdict="complete", pages=pages))
        return coverage_of(told_of, page_count=len(pages)).pages_without_text

    silent = PageText(number=1, width_pt=595, height_pt=842, text="")
    said = PageText(number=2, width_pt=595, height_pt=842, text="Report", engine="text-layer")
    assert read(silent) == ()
    assert read(silent, replace(said, engine="rapidocr")) == ()
    assert read(silent, said) == (1,)
