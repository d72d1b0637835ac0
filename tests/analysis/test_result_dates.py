"""From the sheet to the report: each result with its own day and one unit, in every form that a reader gets."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from analysis import services
from analysis.models import Finding
from cases.adapters.report import build_bundle, build_pdf
from cases.domain.report.signed_report import LabValue
from cases.services.opinion.report_content import _lab_value
from config.kernel.ports import CASE_FINDINGS
from tests.analysis.pages import LAB
from tests.analysis.working import run_jobs
from tests.analysis.world import World, make_world
from tests.cases.report.samples import full_report, uid
from tests.cases.report.test_pdf import words_of

pytestmark = pytest.mark.django_db
SHEET = LAB.replace(
    "Hematology", "Collected: 2026-11-03 08:40  Received: 2026-11-04\nHematology\nRDW  28.4  %  11 - 15  H", 1
)


def analysed(*texts: str) -> World:
    world = make_world(*texts)
    services.request_analysis(principal=world.specialist, document_id=world.document_id)
    run_jobs()
    return world


def results(world: World) -> list[services.FindingDTO]:
    found = services.findings_for_case(principal=world.specialist, case_id=world.case_id)
    return [one for one in found if one.kind == "laboratory"]


def reported(world: World) -> tuple[LabValue, ...]:
    """What an opinion freezes of the accepted results, as its report holds them."""
    for one in results(world):
        services.decide_finding(principal=world.specialist, finding_id=one.id, decision="accept")
    items: list[dict[str, Any]] = [dict(item) for item in CASE_FINDINGS.ask(world.case_id)]
    return tuple(_lab_value(item) for item in items if item["kind"] == "laboratory")


def test_every_result_of_a_sheet_carries_its_day_of_collection() -> None:
    world = analysed(SHEET)
    data = [one.data for one in results(world)]
    assert {(one["observed_on"], one["date_printed"], one["date_means"]) for one in data} == {
        ("2026-11-03", "2026-11-03", "collected")
    }
    released = services.findings_for_case(principal=world.patient, case_id=world.case_id)
    assert released == ()
    reported(world)
    seen = services.insights_for_case(principal=world.patient, case_id=world.case_id).findings
    assert {one.data["observed_on"] for one in seen} == {"2026-11-03"}


def test_the_report_names_each_result_once_with_one_unit_and_its_day() -> None:
    values = reported(analysed(SHEET))
    report = full_report(laboratory=tuple(_without_links(one) for one in values))
    printed = words_of(build_pdf(report))
    assert "9.1 g/dL" in printed
    assert "28.4 %" in printed
    assert "3 November 2026" in printed
    for twice in ("g/dL g/dL", "% %", "mmol/L mmol/L", "not stated"):
        assert twice not in printed
    bundle = build_bundle(report)
    told = json.dumps(bundle, default=str)
    assert "g/dL g/dL" not in told
    days = [
        entry["resource"].get("effectiveDateTime")
        for entry in bundle["entry"]
        if entry["resource"]["resourceType"] == "Observation" and _is_laboratory(entry["resource"])
    ]
    assert days == ["2026-11-03"] * len(values)


def test_what_the_sheet_does_not_say_is_said_and_not_guessed() -> None:
    (undated,) = (one for one in reported(analysed(LAB)) if one.name == "Hemoglobin")
    (unsure,) = (one for one in reported(analysed(f"Collected 03/04/2026\n{LAB}")) if one.name == "Hemoglobin")
    assert (undated.observed_on, undated.date_printed) == (None, "")
    assert (unsure.observed_on, unsure.date_printed) == (None, "03/04/2026")
    printed = words_of(build_pdf(full_report(laboratory=(_without_links(undated), _without_links(unsure)))))
    assert "date not printed" in printed
    assert "date not certain: “03/04/2026”" in printed
    bundle = build_bundle(full_report(laboratory=(_without_links(undated), _without_links(unsure))))
    assert not any("effectiveDateTime" in json.dumps(e, default=str) for e in bundle["entry"] if _is_lab_entry(e))


def test_a_birth_date_is_the_day_of_nothing() -> None:
    assert {one.data["observed_on"] for one in results(analysed(LAB))} == {""}


def test_the_same_value_of_two_days_is_two_results() -> None:
    later = "Hemoglobin  9.1  g/dL  12.0 - 16.0  L"
    world = analysed(f"{SHEET}\nCollected: 2026-11-10\n{later}")
    found = [one for one in results(world) if one.title.startswith("Hemoglobin")]
    assert sorted(one.data["observed_on"] for one in found) == ["2026-11-03", "2026-11-10"]
    assert all(len(one.spans) == 1 for one in found)


def test_reading_again_keeps_decisions_and_days() -> None:
    world = analysed(SHEET)
    reported(world)
    before = set(Finding.objects.filter(superseded=False).values_list("id", "decision"))
    services.request_analysis(principal=world.specialist, document_id=world.document_id)
    run_jobs()
    assert set(Finding.objects.filter(superseded=False).values_list("id", "decision")) == before


def test_a_unit_that_was_kept_with_the_value_is_still_named_once() -> None:
    kept = LabValue(name="Hb", value_text="9.1 g/dL", unit="g/dL", observed_on=date(2026, 11, 3))
    assert kept.result == "9.1 g/dL"
    assert LabValue(name="RDW", value_text="28.4 %", unit="%").result == "28.4 %"
    assert LabValue(name="Troponin", value_text="<0.01", unit="µg/L").result == "<0.01 µg/L"
    assert LabValue(name="HIV", value_text="negative").result == "negative"
    assert LabValue(name="INR", value_text="3.8").result == "3.8"


def _without_links(value: LabValue) -> LabValue:
    """The sample report names other documents and items."""
    from dataclasses import replace

    return replace(value, document_id=uid(21), ai_item_id=None)


def _is_laboratory(resource: dict[str, Any]) -> bool:
    return any(code["code"] == "laboratory" for kind in resource.get("category", ()) for code in kind["coding"])


def _is_lab_entry(entry: dict[str, Any]) -> bool:
    return entry["resource"]["resourceType"] == "Observation" and _is_laboratory(entry["resource"])
