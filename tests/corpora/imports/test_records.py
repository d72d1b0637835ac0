"""Records as the world's systems write them: nothing that is not so is told as so, and nothing is lost unsaid."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.domain.records.fhir_bundle import read_bundle
from cases.domain.records.health_record import UnfitRecord
from cases.domain.records.record_pages import page_of
from tests.corpora.imports.reading import TODAY, Imported, imported, text_pages

HERE = Path(__file__).parent
TRUTH: Mapping[str, Mapping[str, Any]] = json.loads((HERE / "truth.json").read_text())
# How a statement begins that does not hold now.
NOT_SO = re.compile(
    r"[-…] (?:Not current \(.*\), not taken|Not taken|NOT TO BE GIVEN, not taken|NOT|NOT, refuted allergy|"
    r"(?:Refuted|Negated), ruled out|Past(?: \(.*\))?, history of|Not confirmed \(.*\), not proven|Refuted allergy|"
    r"Past allergy \(.*\)|(?:Unconfirmed|Presumed) allergy|Not done.*|Not found|Begun and stopped): "
)
#: Whatever else is wrong than a statement turned round is a loss.
TURNS = ("medicines", "without_medicines", "interactions", "red_flags", "active", "not_active", "critical", "no_blood")


def faults(name: str) -> Iterator[tuple[str, str]]:
    """(which part of the truth, what is told instead)."""
    truth = TRUTH[name]
    try:
        told = imported((HERE / "records" / name).read_bytes())
    except UnfitRecord as refusal:
        if truth.get("refused", "\0") not in str(refusal):
            yield "refused", str(refusal)
        return
    if "refused" in truth:
        yield "refused", "it is taken over"
        return
    for part, expected in truth.items():
        for fault in CHECKS[part](told, expected):
            yield part, fault


def _lines(told: Imported, words: str) -> list[str]:
    return [line for line in told.lines if words in line and line.startswith(("- ", "… "))]


def _active(told: Imported, expected: list[str]) -> Iterator[str]:
    for words in expected:
        if not [line for line in _lines(told, words) if not NOT_SO.match(line)]:
            yield f"{words} is not told as so"


def _not_active(told: Imported, expected: list[str]) -> Iterator[str]:
    for words in expected:
        lines = _lines(told, words)
        if not lines:
            yield f"{words} is lost"
        yield from (line for line in lines if not NOT_SO.match(line))


def _says(told: Imported, expected: list[list[str]]) -> Iterator[str]:
    for words in expected:
        if not any(all(word in line for word in words) for line in told.lines):
            yield f"no line says {words}"


def _equal(found: Any, expected: Any) -> Iterator[str]:
    if found != expected:
        yield f"{found} for {expected}"


def _medicines(told: Imported) -> list[str]:
    return sorted({one.data["generic"] for one in told.findings if one.kind == "medicine"})


def _criticals(told: Imported) -> list[str]:
    return sorted(one.title for one in told.findings if one.kind == "laboratory" and one.data["critical"])


def _left_out(told: Imported, expected: dict[str, int]) -> Iterator[str]:
    for what, count in expected.items():
        if told.record.left_out[what] != count:
            yield f"{what}: {told.record.left_out[what]} for {count} ({dict(told.record.left_out)})"


def _flags(told: Imported, expected: dict[str, str]) -> Iterator[str]:
    found = {one.title: one.data["flag"] for one in told.findings if one.kind == "laboratory"}
    for title, flag in expected.items():
        if found.get(title) != flag:
            yield f"{title}: {found.get(title)} for {flag} among {found}"


def _history(told: Imported, expected: dict[str, list[list[str]]]) -> Iterator[str]:
    for title, values in expected.items():
        (one,) = (one for one in told.findings if one.title == title)
        yield from _equal([[past["value"], past["date"]] for past in one.data["history"]], values)


def _none_critical(told: Imported, words: list[str]) -> Iterator[str]:
    yield from _equal([one for one in _criticals(told) if one.split()[0] in words], [])


def _no_blood(told: Imported, pair: tuple[str, int]) -> Iterator[str]:
    loinc, value = pair
    yield from (
        one.title for one in told.findings if (one.data.get("loinc"), one.data.get("value")) == (loinc, str(value))
    )


def _patient(told: Imported, name: str) -> Iterator[str]:
    yield from _equal(next(line for line in told.lines if line.startswith("Patient: ")), f"Patient: {name}")


def _no_red_flag(told: Imported, words: list[str]) -> Iterator[str]:
    yield from (title for title in told.titles("red_flag") if any(one in title for one in words))


CHECKS: Mapping[str, Callable[[Imported, Any], Iterator[str]]] = {
    "active": _active,
    "not_active": _not_active,
    "absent": lambda told, words: (f"{one} is told" for one in words if _lines(told, one)),
    "says": _says,
    "medicines": lambda told, names: _equal(_medicines(told), sorted(names)),
    "without_medicines": lambda told, names: _equal(sorted(set(_medicines(told)) & set(names)), []),
    "interactions": lambda told, count: _equal(len(told.titles("interaction")), count),
    "red_flags": lambda told, count: _equal(len(told.titles("red_flag")), count),
    "critical": lambda told, titles: _equal(_criticals(told), sorted(titles)),
    "critical_contains_not": _none_critical,
    "no_blood": _no_blood,
    "left_out": _left_out,
    "flags": _flags,
    "history": _history,
    "patient": _patient,
    "results": lambda told, count: _equal(len(told.titles("laboratory")), count),
    "count": lambda told, counts: _equal({kind: told.record.read[kind] for kind in counts}, counts),
    "red_flag_words_absent": _no_red_flag,
}


@pytest.mark.parametrize("name", TRUTH)
def test_a_record_means_what_it_says(name: str) -> None:
    assert list(faults(name)) == []


def test_every_record_has_a_truth() -> None:
    assert {path.name for path in (HERE / "records").iterdir()} == set(TRUTH)


def test_no_statement_is_turned_round(capsys: pytest.CaptureFixture[str]) -> None:
    found = [(name, part, fault) for name in TRUTH for part, fault in faults(name)]
    turned = [one for one in found if one[1] in TURNS]
    with capsys.disabled():
        print(
            f"\n{len(TRUTH)} records; statements turned round: {len(turned)}; other faults: {len(found) - len(turned)}"
        )
    assert found == []


@given(
    st.from_regex(r"[A-Za-z][A-Za-z \[\]/.()-]{0,40}[a-z]", fullmatch=True),
    st.decimals(min_value=0, max_value=10**7, allow_nan=False, places=3),
    st.sampled_from(["", "<", ">=", ">"]),
    st.sampled_from(["mmol/L", "10*3/uL", "g/dL", "%", "mL/min/{1.73_m2}", ""]),
    st.sampled_from(["", "Urine, random", "Serum"]),
)
def test_a_result_is_read_back_as_it_was_written(
    name: str, value: Decimal, comparator: str, unit: str, specimen: str
) -> None:
    told = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"text": name, "coding": [{"system": "http://loinc.org", "code": "2823-3"}]},
        "effectiveDateTime": "2026-11-20T08:00:00+01:00",
        "valueQuantity": {"value": value, "unit": unit, **({"comparator": comparator} if comparator else {})},
        "specimen": {"display": specimen},
    }
    patient = {"resourceType": "Patient", "id": "p", "name": [{"text": "Maria Keller"}]}
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": patient}, {"resource": told}]}
    (page,) = text_pages(page_of(read_bundle(bundle, today=TODAY)))
    (read,) = page.coded
    assert (read.code, Decimal(read.value), read.comparator) == ("2823-3", value, comparator)
    assert (read.unit, read.specimen, read.date, read.status) == (unit, specimen, "2026-11-20", "final")
