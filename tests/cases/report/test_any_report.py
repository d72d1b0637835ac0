"""Whatever a valid report says, both files can be built from it, and they say it."""

from __future__ import annotations

import dataclasses
import json
from typing import Any
from xml.etree import ElementTree

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cases.adapters.report import build_bundle, build_pdf
from cases.domain.report.signed_report import MalformedReport, SignedReport
from tests.cases.report.strategies import reports
from tests.cases.report.test_fhir import only, references, strings
from tests.cases.report.test_pdf import read
from tests.cases.report.validator import errors_of

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


@settings(max_examples=30, deadline=None, suppress_health_check=SLOW)
@given(reports())
def test_any_report_prints_the_same_twice(report: SignedReport) -> None:
    content = build_pdf(report)
    assert build_pdf(report) == content
    assert len(read(content).pages) >= 2


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(reports())
def test_any_report_becomes_a_document_that_holds_together(report: SignedReport) -> None:
    bundle = build_bundle(report)
    json.dumps(bundle).encode()
    "".join(strings(bundle)).encode("utf-8")
    Bundle.model_validate_json(json.dumps(bundle))
    assert set(references(bundle)) <= {entry["fullUrl"] for entry in bundle["entry"]}
    for part in only(bundle, "Composition")["section"]:
        ElementTree.fromstring(part["text"]["div"])


# No shrinking: a smaller batch of reports would not say more, and each try starts a process.
@settings(
    max_examples=4, deadline=None, suppress_health_check=SLOW, phases=[Phase.explicit, Phase.reuse, Phase.generate]
)
@given(st.lists(reports(), min_size=8, max_size=8))
def test_the_independent_validator_accepts_any_report(batch: list[SignedReport]) -> None:
    assert errors_of([build_bundle(report) for report in batch]) == [[]] * len(batch)


BREAKS: dict[str, Any] = {
    "confidence": st.integers(max_value=-1) | st.integers(min_value=101),
    "version": st.integers(max_value=0),
    "content_hash": st.text(max_size=63),
    "case_reference": st.text(" \t\n", max_size=4),
    "summary": st.just(""),
    "questions": st.just(()),
    "alternatives": st.just(()),
    "diagnosis_agreement": st.text(max_size=4),
    "treatment_agreement": st.text(max_size=4),
    "clinical_impact": st.text(max_size=3),
}


@settings(max_examples=80, deadline=None, suppress_health_check=SLOW)
@given(reports(), st.data())
def test_any_single_break_is_refused(report: SignedReport, data: st.DataObject) -> None:
    field = data.draw(st.sampled_from(sorted(BREAKS)))
    with pytest.raises(MalformedReport):
        dataclasses.replace(report, **{field: data.draw(BREAKS[field])})
