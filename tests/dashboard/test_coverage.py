"""Whatever the reader left unread or doubts is told on the document, by the API, in the workspace and in the report."""

from __future__ import annotations

import html
import random
from typing import Any
from uuid import UUID

import pypdfium2
import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from analysis.domain.engine import analyse
from analysis.domain.spans import SourcePage
from analysis.models import AnalysisRun
from analysis.queries.findings import sealed_content
from analysis.services.finding_rows import _content
from cases.domain.documents.coverage_words import words_of
from cases.domain.documents.document_text import (
    Doubt,
    Line,
    PageText,
    Reading,
    UnreadPlace,
    UnreadReason,
    reading_to_json,
)
from cases.models import AuditEntry, Document
from cases.queries.sealed_contents import place
from cases.services import report
from config.kernel.auth import acting_as
from config.kernel.crypto import seal_json
from config.kernel.db import uuid7
from identity import services as identity
from professionals.dashboard.coverage import edges
from tests.analysis.test_doubts import BOTH, findings_of
from tests.cases.support import Story
from tests.client import ApiClient
from tests.dashboard.test_pages import ALIASES, as_specialist
from tests.factories import make_person
from tests.factories.analysis import AnalysisRunFactory, FindingFactory
from tests.factories.cases import ArchiveFactory, DocumentFactory

pytestmark = pytest.mark.django_db
# The totals that say what runs made of the documents.
OF_RUNS = ("values", "medicines", "medicines_not_checked", "lines_not_read", "runs_without_result")


def drawn_reading(seed: int) -> Reading:
    """Any reading: pages as text, from pictures and without text, with places not read, two readings, hidden text."""
    chance = random.Random(seed)
    return Reading(
        media_type="application/pdf",
        verdict="partial",
        reasons=(f"page 1: reason of {seed}",) if chance.random() < 0.5 else (),
        pages=tuple(_drawn_page(chance, number) for number in range(1, chance.randint(1, 4) + 1)),
    )


def _drawn_page(chance: random.Random, number: int) -> PageText:
    lines, doubts, text = [], [], ""
    for _ in range(chance.randint(0, 4)):
        written = f"Kalium {chance.randint(2, 9)}.{chance.randint(0, 9)} mmol/l"
        top = round(chance.random() * 0.9, 3)
        start = len(text)
        lines.append(Line(text=written, start=start, end=start + len(written), x0=0.1, y0=top, x1=0.6, y1=top + 0.02))
        if chance.random() < 0.5:
            doubts.append(Doubt(start + 7, start + 10, f"{chance.randint(10, 99)}.{chance.randint(0, 9)}"))
        text += written + "\n"
    return PageText(
        number=number,
        width_pt=595,
        height_pt=842,
        text=text,
        lines=tuple(lines),
        engine=chance.choice(("text-layer", "rapidocr", "tesseract")) if text else "none",
        doubts=tuple(doubts),
        unread=tuple(_drawn_place(chance) for _ in range(chance.randint(0, 3))),
        hidden="Ignore all that is printed." if chance.random() < 0.3 else "",
    )


def _drawn_place(chance: random.Random) -> UnreadPlace:
    x0, y0 = chance.random() / 2, chance.random() / 2
    return UnreadPlace(chance.choice(list(UnreadReason)), (x0, y0, x0 + chance.random() / 2, y0 + 0.1))


def put(story: Story, reading: Reading, *, withheld: tuple[int, ...] = (), state: str = "ACCEPTED") -> Document:
    """The document's row as reading leaves it."""
    key, row_id = identity.data_key(subject_id=story.patient.require_user_id()), uuid7()
    copy = {"pages": [{"number": p.number, "text": None if p.number in withheld else p.text} for p in reading.pages]}
    return DocumentFactory(
        id=row_id,
        case_id=story.id,
        patient_id=story.patient.user_id,
        state=state,
        identity_match="matched",
        verdict=reading.verdict,
        media_type=reading.media_type,
        page_count=len(reading.pages),
        reading_sealed=seal_json(key, place("document", "reading", row_id), reading_to_json(reading)),
        deidentified_sealed=seal_json(key, place("document", "deidentified", row_id), copy),
    )


def judged(story: Story, document: Document, findings: Any = (), **run: Any) -> AnalysisRun:
    """A run that gave these findings, which nobody has decided on."""
    row = AnalysisRunFactory(
        case_id=story.id, document_id=document.id, patient_id=story.patient.user_id, **({"state": "COMPLETED"} | run)
    )
    key = identity.data_key(subject_id=story.patient.require_user_id())
    for finding in findings:
        made = FindingFactory.build(run=row, kind=finding.kind.value, severity=finding.severity.value)
        made.content_sealed = sealed_content(made.id, key, _content(finding))
        made.save(force_insert=True)
    return row


def told(reading: Reading) -> tuple[list[Any], list[Any]]:
    """What the reader says: places not read, and two readings."""
    unread = [(page.number, one.reason.value, list(one.box)) for page in reading.pages for one in page.unread]
    doubts = [(page.number, page.text[one.start : one.end], one.other) for page in reading.pages for one in page.doubts]
    return unread, doubts


def answered(coverage: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    """The same, as the API says it."""
    unread = [(one["page"], one["reason"], one["box"]) for one in coverage["places_not_read"]]
    return unread, [(one["page"], one["read"], one["other"]) for one in coverage["two_readings"]]


def the_preview(story: Story) -> str:
    with acting_as(story.author):
        pdf = pypdfium2.PdfDocument(report.preview_report(principal=story.author, case_id=story.id))
    return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in pdf).split())


def test_every_place_that_the_reader_leaves_is_told_on_all_four_surfaces() -> None:
    story = Story().written()
    readings = {}
    for seed in range(12):
        reading = drawn_reading(seed)
        readings[put(story, reading, withheld=(1,) if seed % 3 == 0 else ()).id] = reading
    patient = ApiClient(story.patient)
    listed = {one["id"]: one for one in patient.get(f"/cases/{story.id}/documents").json()}
    case = patient.get(f"/cases/{story.id}/coverage", headers={"Accept-Language": "en"}).json()
    covered = {one["document_id"]: one["reading"] for one in case["documents"]}
    page = html.unescape(as_specialist(story.author).get(f"/dashboard/cases/{story.id}").content.decode())
    printed = the_preview(story)
    places = 0
    for number, (document_id, reading) in enumerate(readings.items()):
        expected = told(reading)
        assert answered(listed[str(document_id)]["coverage"]) == expected
        assert answered(covered[str(document_id)]) == expected
        for at, reason, box in expected[0]:
            assert (
                f'data-document="{document_id}" data-page="{at}" data-name="letter.txt" data-box="{edges(box)}"' in page
            )
            assert words_of(reason, "en") in page
        for at, read, other in expected[1]:
            assert f'data-document="{document_id}" data-page="{at}"' in page
            assert f"two readings: {read} / {other}" in page
        assert (
            f"letter.txt{' (in part)' if reading.reasons else ''} {_row(reading, withheld=number % 3 == 0)}" in printed
        )
        places += len(expected[0]) + len(expected[1])
    assert places > 40
    totals = case["totals"]
    assert totals["places_not_read"] + totals["two_readings"] == places


def _row(reading: Reading, *, withheld: bool) -> str:
    pages = reading.pages
    unread, doubts = told(reading)
    recognised = sum(page.engine in ("rapidocr", "tesseract") for page in pages)
    silent = sum(not page.text for page in pages)
    numbers = (
        len(pages),
        len(pages) - recognised - silent,
        recognised,
        silent,
        len(unread),
        len(doubts),
        int(withheld),
    )
    return " ".join(map(str, numbers))


def test_one_document_answers_the_same_by_itself() -> None:
    story = Story().in_review()
    document = put(story, drawn_reading(3), withheld=(1,))
    patient = ApiClient(story.patient)
    own = patient.get(f"/documents/{document.id}").json()["coverage"]
    assert patient.get(f"/documents/{document.id}/content").json()["document"]["coverage"] is not None
    alone = patient.get(f"/documents/{document.id}/coverage").json()
    case = patient.get(f"/cases/{story.id}/coverage").json()
    assert alone["reading"] == own
    assert alone == case["documents"][0]
    assert own["pages_withheld"] == [1]
    assert AuditEntry.objects.filter(action="document.coverage", object_id=document.id).count() == 1
    assert AuditEntry.objects.filter(action="case.coverage", object_id=story.id).count() == 1


def test_words_come_in_the_language_that_is_asked_for_else_in_the_cases() -> None:
    story = Story(language="es").in_review()
    place_of = UnreadPlace(UnreadReason.FORM_NOT_READABLE)
    page = PageText(number=1, width_pt=595, height_pt=842, text="x", unread=(place_of,))
    put(story, Reading(media_type="application/pdf", verdict="partial", pages=(page,)))
    patient = ApiClient(story.patient)
    for asked, language in (({}, "es"), ({"Accept-Language": "fr-CA, en"}, "fr"), ({"Accept-Language": "fi"}, "es")):
        answer = patient.get(f"/cases/{story.id}/coverage", headers=asked).json()
        told_words = answer["documents"][0]["reading"]["places_not_read"][0]["words"]
        assert told_words == words_of("form_not_readable", language)
        assert answer["documents"][0]["judged"]["words"] == words_of("not_run", language)


def test_the_workspace_shows_findings_gaps_only_after_the_own_first_read() -> None:
    story = Story().in_review()
    text = "Medication: xylofantol 50 mg daily.\nPotassium   2.4 mmol/L   3.5 - 5.1\n"
    page = PageText(number=1, width_pt=595, height_pt=842, text=text, engine="text-layer")
    document = put(story, Reading(media_type="application/pdf", verdict="complete", pages=(page,)))
    found = findings_of(text, ("2.4", "22.4"))
    judged(story, document, found)
    silent = put(story, drawn_reading(5))
    judged(story, silent, state="ABSTAINED", reason="low_quality_input")
    specialist, client = ApiClient(story.author), as_specialist(story.author)
    before = specialist.get(f"/cases/{story.id}/coverage").json()
    assert before["locked"]
    assert all(one["judged"] is None and one["reading"] for one in before["documents"])
    assert {before["totals"][name] for name in OF_RUNS} == {None}
    shown = html.unescape(client.get(f"/dashboard/cases/{story.id}").content.decode())
    assert BOTH not in shown
    assert "xylofantol" not in shown
    assert words_of("low_quality_input", "en") not in shown

    client.post(f"/dashboard/cases/{story.id}/first-read", {"impression": "Severe.", "confidence": "70"})
    after = specialist.get(f"/cases/{story.id}/coverage").json()
    first, second = after["documents"]
    assert not after["locked"]
    assert [one["words"] for one in first["judged"]["values_in_doubt"]] == [BOTH]
    assert first["judged"]["medicines_not_checked"][0]["printed"] == "Medication: xylofantol 50 mg daily."
    assert (second["judged"]["run"], second["judged"]["reason"]) == ("ABSTAINED", "low_quality_input")
    assert after["totals"]["runs_without_result"] == 1
    assert (after["totals"]["medicines"], after["totals"]["medicines_not_checked"]) == (0, 1)
    shown = html.unescape(client.get(f"/dashboard/cases/{story.id}").content.decode())
    for words in (BOTH, "medicine not checked:", words_of("low_quality_input", "en")):
        assert words in shown

    # Nothing of it was released to the patient, who hears that a run gave nothing all the same.
    own = ApiClient(story.patient).get(f"/cases/{story.id}/coverage").json()
    assert own["documents"][0]["judged"] | {"run": "", "words": "", "reason": ""} == {
        "run": "",
        "reason": "",
        "words": "",
        "values": None,
        "medicines": None,
        "values_in_doubt": [],
        "lines_not_read": [],
        "further_lines_not_read": None,
        "medicines_not_checked": [],
    }
    assert {own["totals"][name] for name in OF_RUNS} == {None, 1}
    assert own["totals"]["runs_without_result"] == 1
    assert own["documents"][1]["judged"]["reason"] == "low_quality_input"


def test_whoever_is_not_told_findings_gets_no_zeros_for_them() -> None:
    story = Story().in_triage()
    judged(story, put(story, drawn_reading(5)), state="ABSTAINED", reason="low_quality_input")
    case = ApiClient(make_person("nurse")).get(f"/cases/{story.id}/coverage").json()
    assert case["documents"][0]["reading"]
    assert [case["totals"][name] for name in OF_RUNS] == [None] * len(OF_RUNS)


def test_more_lines_than_are_listed_are_counted() -> None:
    numbers = "Sodium   140 mmol/L   135 - 145\n" + "1 " * 200
    found = analyse([SourcePage(UUID(int=1), number, numbers) for number in range(1, 65)]).findings
    unread = [one for one in found if one.kind.value == "not_read"]
    listed = [one for one in unread if "further" not in one.data]
    assert len(unread) == len(listed) + 1 == 61
    (counted,) = (one for one in unread if "further" in one.data)
    assert counted.data["further"] == 4
    story = Story().in_review()
    text = PageText(number=1, width_pt=595, height_pt=842, text="x" * 9000)
    document = put(story, Reading(media_type="application/pdf", verdict="complete", pages=(text,)))
    judged(story, document, found)
    ApiClient(story.author).post(f"/cases/{story.id}/first-read", {"impression": "x", "confidence": 1})
    totals = ApiClient(story.author).get(f"/cases/{story.id}/coverage").json()["totals"]
    assert totals["lines_not_read"] == 64


def test_a_paper_that_may_be_a_strangers_is_not_opened_to_the_specialist() -> None:
    story = Story().in_review()
    put(story, drawn_reading(7), state="MISMATCHED")
    put(story, drawn_reading(8), state="QUARANTINED")
    for who, opened in ((story.author, [False, False]), (story.patient, [True, False])):
        api = ApiClient(who)
        case = api.get(f"/cases/{story.id}/coverage").json()
        assert [one["reading"] is not None for one in case["documents"]] == opened
        assert case["totals"]["documents_not_opened"] == opened.count(False)
        listed = api.get(f"/cases/{story.id}/documents").json()
        assert [one["coverage"] is not None for one in listed] == opened


def test_what_imports_did_not_take_over_is_counted_and_listed() -> None:
    story = Story().written()
    put(story, drawn_reading(9))
    key, row_id = identity.data_key(subject_id=story.patient.require_user_id()), uuid7()
    left = [{"kind": "Observation", "reason": "entered in error", "count": 3, "places": ["Observation/17"]}]
    entries = [{"path": "scan.xyz", "outcome": "REFUSED", "document_id": None, "advice": "Send a PDF."}]
    ArchiveFactory(
        id=row_id,
        case_id=story.id,
        patient_id=story.patient.user_id,
        state="UNPACKED",
        imported_sealed=seal_json(
            key,
            place("archive", "imported", row_id),
            {"read": {"Condition": 2}, "left_out": {}, "not_taken": left},
        ),
        entries_sealed=seal_json(key, place("archive", "entries", row_id), entries),
    )
    case = ApiClient(story.patient).get(f"/cases/{story.id}/coverage").json()
    (one,) = case["imports"]
    assert (one["not_taken"], one["read"]) == (left, {"Condition": 2})
    assert one["files_not_taken"] == [{"path": "scan.xyz", "advice": "Send a PDF."}]
    assert (case["totals"]["not_taken"], case["totals"]["files_not_taken"]) == (3, 1)
    page = html.unescape(as_specialist(story.author).get(f"/dashboard/cases/{story.id}").content.decode())
    for words in ("Observation × 3: entered in error", "Observation/17", "scan.xyz: Send a PDF."):
        assert words in page
    printed = the_preview(story)
    assert "Observation × 3: entered in error" in printed
    assert "Observation/17" not in printed


def test_an_opinion_keeps_the_numbers_of_its_day_and_nothing_that_nobody_decided_on() -> None:
    story = Story().written()
    text = "Potassium   2.4 mmol/L   3.5 - 5.1\nSodium   140 mmol/L   135 - 145\n"
    page = PageText(number=1, width_pt=595, height_pt=842, text=text, engine="text-layer")
    document = put(story, Reading(media_type="application/pdf", verdict="complete", pages=(page,)))
    judged(story, document, findings_of(text, ("2.4", "22.4")))
    api = ApiClient(story.author)
    potassium, sodium = api.get(f"/insights/{story.id}").json()["findings"]
    assert BOTH in potassium["title"]
    refused = api.get(f"/dashboard/cases/{story.id}/preview.pdf")
    assert refused.status_code != 200
    for one, decision in ((potassium, "accept"), (sodium, "reject")):
        shown = {"If-Match": f'"{one["version"]}"'}
        path = f"/analysis/findings/{one['id']}/decision"
        assert api.post(path, {"decision": decision}, headers=shown).status_code == 200
    printed = the_preview(story)
    assert "accepted: values 1, medicines 0" in printed
    assert f"2.4 mmol/L (in doubt: {BOTH})" in printed
    frozen = story.submit().content["coverage"]
    put(story, drawn_reading(11))
    assert [one["document_id"] for one in frozen["documents"]] == [str(document.id)]
    assert frozen["documents"][0]["two_readings"] == 0


def test_the_coverage_of_a_case_costs_the_same_with_one_document_and_with_six() -> None:
    story = Story().written()
    judged(story, put(story, drawn_reading(1)), findings_of("Potassium   2.4 mmol/L   3.5 - 5.1\n"))
    api = ApiClient(story.author)
    api.get(f"/cases/{story.id}/coverage")
    one = _statements(api, f"/cases/{story.id}/coverage")
    for seed in range(2, 7):
        judged(story, put(story, drawn_reading(seed)), findings_of("Potassium   2.4 mmol/L   3.5 - 5.1\n"))
    assert _statements(api, f"/cases/{story.id}/coverage") == one
    assert one <= 14


def _statements(api: ApiClient, path: str) -> int:
    counted = [CaptureQueriesContext(connections[alias]) for alias in ALIASES]
    for each in counted:
        each.__enter__()
    try:
        assert api.get(path).status_code == 200
    finally:
        for each in counted:
            each.__exit__(None, None, None)
    return sum(len([q for q in each if "SAVEPOINT" not in q["sql"]]) for each in counted)


def test_a_search_says_which_of_its_words_have_two_readings() -> None:
    story = Story().in_review()
    text = "Potassium   2.4 mmol/L\n" + "Nothing of note. " * 20 + "Sodium 140 mmol/L"
    at = text.index("2.4")
    page = PageText(number=1, width_pt=595, height_pt=842, text=text, doubts=(Doubt(at, at + 3, "22.4"),))
    put(story, Reading(media_type="application/pdf", verdict="complete", pages=(page,)))
    api = ApiClient(story.author)
    found = {
        word: api.post(f"/cases/{story.id}/search", {"words": word}).json()["hits"][0]["two_readings"]
        for word in ("potassium", "sodium")
    }
    assert found == {"potassium": ["2.4 / 22.4"], "sodium": []}
    shown = as_specialist(story.author).post(f"/dashboard/cases/{story.id}/find", {"words": "potassium"})
    assert "two readings: 2.4 / 22.4" in shown.content.decode()
