"""Laboratory findings out of printed results."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from analysis.domain import knowledge
from analysis.domain.findings import Code, Finding, Kind, Severity
from analysis.domain.laboratory.flags import Judged, judge, panic
from analysis.domain.laboratory.parser import LabLine, read_page
from analysis.domain.spans import SourcePage, Span
from analysis.domain.subject import Subject

LOINC = "http://loinc.org"
_SIDE = {"H": "high", "L": "low", "N": "within range", "*": "abnormal", "": "none"}


def laboratory_findings(pages: Iterable[SourcePage], subject: Subject) -> list[Finding]:
    """One finding for each result; the same result printed again adds its span."""
    found: dict[tuple[Any, ...], Finding] = {}
    spans: dict[tuple[Any, ...], deque[Span]] = {}
    for page in pages:
        for line in read_page(page):
            finding = _finding(line, subject, page.confidence)
            key = (page.document_id, line.analyte.loinc, finding.data["value"], finding.data["unit_ucum"])
            earlier = found.setdefault(key, finding)
            if line.reference and not earlier.data["reference_printed"]:
                found[key] = finding
                spans[key].appendleft(line.span)
            else:
                spans.setdefault(key, deque()).append(line.span)
    return [replace(finding, spans=tuple(spans[key])) for key, finding in found.items()]


def _finding(line: LabLine, subject: Subject, confidence: float | None) -> Finding:
    normal = _normal(line)
    judged = judge(line, normal, subject)
    critical = panic(line, normal)
    conflict = bool(judged.flag and line.flag) and _conflicts(line.flag, judged.flag or "")
    return Finding(
        kind=Kind.LABORATORY,
        title=f"{line.analyte.name} {line.value.text}{' ' + line.unit if line.unit else ''}",
        detail=_detail(line, judged, critical, normal=normal, conflict=conflict),
        severity=_severity(line, judged, critical, conflict=conflict),
        spans=(line.span,),
        knowledge_release=knowledge.release(),
        confidence=confidence,
        codes=(Code(LOINC, line.analyte.loinc, line.analyte.name),),
        data=_data(line, judged, critical, normal=normal, conflict=conflict),
    )


def _normal(line: LabLine) -> Decimal | None:
    if line.value.value is None:
        return None
    if line.analyte.dimensionless and not line.unit:
        return line.value.value
    return None if line.ucum is None else line.analyte.in_catalogue_unit(line.value.value, line.ucum)


def _conflicts(printed: str, computed: str) -> bool:
    return computed == "N" if printed == "*" else printed != computed


def _severity(line: LabLine, judged: Judged, critical: str | None, *, conflict: bool) -> Severity:
    if critical:
        return Severity.CRITICAL
    flags = {line.flag, judged.flag}
    return Severity.MODERATE if conflict or flags & {"H", "L", "*"} else Severity.INFORMATION


def _si(line: LabLine, normal: Decimal | None) -> str:
    """The value in SI units, rounded to as many significant digits as were printed (at least three)."""
    if normal is None:
        return ""
    value = normal * line.analyte.si_factor
    digits = max(3, len(line.value.text.lstrip("<>=≤≥ 0").replace(".", "").replace(",", "")))
    if not value:
        return "0"
    rounded = value.quantize(Decimal(1).scaleb(value.adjusted() - digits + 1), rounding=ROUND_HALF_EVEN)
    return f"{rounded.normalize():f}"


def _detail(line: LabLine, judged: Judged, critical: str | None, *, normal: Decimal | None, conflict: bool) -> str:
    parts = []
    si = _si(line, normal)
    if si and line.ucum != line.analyte.si_unit and not line.analyte.dimensionless:
        parts.append(f"In SI units {line.value.comparator}{si} {line.analyte.si_unit}.")
    if judged.flag:
        basis = f"the printed range {line.reference.text}" if line.reference else "the catalogue's adult range"
        source = "" if line.reference else f" ({knowledge.cite(line.analyte.range_source)})"
        parts.append(f"By {basis}{source}: {_SIDE[judged.flag]}.")
    else:
        parts.append(f"Not judged: {judged.reason}.")
    if conflict:
        parts.append(f"The document prints the flag {line.flag} ({_SIDE[line.flag]}): they disagree.")
    if critical:
        parts.append(f"At a critical limit ({knowledge.cite(line.analyte.panic_source)}).")
    return " ".join(parts)


def _data(
    line: LabLine, judged: Judged, critical: str | None, *, normal: Decimal | None, conflict: bool
) -> dict[str, Any]:
    reference = line.reference
    return {
        "name": line.printed_name,
        "value": line.value.text,
        "number": "" if line.value.value is None else str(line.value.value),
        "comparator": line.value.comparator,
        "unit": line.unit,
        "unit_ucum": line.ucum or "",
        "reference_printed": reference.text if reference else "",
        "low": str(reference.low) if reference and reference.low is not None else "",
        "high": str(reference.high) if reference and reference.high is not None else "",
        "flag_printed": line.flag,
        "flag": judged.flag or "",
        "flag_basis": judged.basis,
        "abstained": judged.reason,
        "conflict": conflict,
        "critical": critical or "",
        "loinc": line.analyte.loinc,
        "normal_value": "" if normal is None else f"{normal.normalize():f}",
        "normal_unit": line.analyte.unit,
        "si_value": _si(line, normal),
        "si_unit": line.analyte.si_unit,
    }
