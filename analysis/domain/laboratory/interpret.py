"""Laboratory findings out of printed results."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from analysis.domain import knowledge
from analysis.domain.findings import Code, Finding, Kind, Severity
from analysis.domain.laboratory.evidence import contradicted, marks_all_but, of_another_vessel
from analysis.domain.laboratory.flags import Judged, beyond, judge, panic, within
from analysis.domain.laboratory.results import Result
from analysis.domain.laboratory.tables import Carried, NotRead, read_page
from analysis.domain.spans import SourcePage, Span
from analysis.domain.subject import Subject

LOINC = "http://loinc.org"
_SIDE = {"H": "high", "L": "low", "N": "within range", "*": "abnormal", "A": "abnormal", "": "none"}
_FLUIDS = {
    "csf": "cerebrospinal fluid",
    "pleural_fluid": "pleural fluid",
    "synovial_fluid": "synovial fluid",
    "pericardial_fluid": "pericardial fluid",
    "drain_fluid": "drain fluid",
    "bal": "bronchoalveolar lavage",
    "fluid": "body fluid",
}
MAX_NOT_READ = 60


def laboratory_findings(pages: Iterable[SourcePage], subject: Subject) -> list[Finding]:
    """One finding for each result, the same result printed again adds its span; and what was not read."""
    found: dict[tuple[Any, ...], Finding] = {}
    spans: dict[tuple[Any, ...], deque[Span]] = {}
    unread: list[Finding] = []
    carried: tuple[Any, Carried] | None = None
    for page in pages:
        read = read_page(page, subject, carried[1] if carried and carried[0] == page.document_id else None)
        carried = (page.document_id, read.carried)
        unread += [_not_read(one, page.confidence) for one in read.unread]
        for printed in read.results:
            result = _proven(printed, read.results, subject, page)
            finding = _finding(result, subject, page.confidence)
            key = _key(page, result, finding)
            earlier = found.setdefault(key, finding)
            if result.reference and not earlier.data["reference_printed"]:
                found[key] = finding
                spans[key].extendleft(reversed((result.span, *result.places)))
            else:
                spans.setdefault(key, deque()).extend((result.span, *result.places))
    return [*(replace(finding, spans=tuple(spans[key])) for key, finding in found.items()), *_listed(unread)]


def _proven(result: Result, every: Sequence[Result], subject: Subject, page: SourcePage) -> Result:
    """The result, in doubt where it is critical and not proven."""
    normal = _normal(result)
    side = panic(result, normal, subject)
    if side is None:
        return result
    doubt = contradicted(result, normal, side)
    if not doubt and marks_all_but(every, result):
        doubt = "the sheet marks every other value outside its range and not this one"
    if not doubt and of_another_vessel(result, page.text):
        doubt = "the limit is that of arterial blood, and the sheet names venous or capillary blood"
    return replace(result, doubt=f"{doubt}; read it in the document") if doubt else result


def _key(page: SourcePage, result: Result, finding: Finding) -> tuple[Any, ...]:
    name = (result.analyte.loinc or result.analyte.name) if result.analyte else result.name.casefold()
    data = finding.data
    return (
        page.document_id,
        name,
        result.specimen or "blood",
        data["value"],
        data["unit_ucum"] or data["unit"],
        result.day,
        result.note,
    )


def _not_read(place: NotRead, confidence: float | None) -> Finding:
    return Finding(
        kind=Kind.NOT_READ,
        title="Not read: looks like a laboratory result",
        detail=f"{place.reason} Read it in the document.",
        severity=Severity.LOW,
        spans=(place.span,),
        knowledge_release=knowledge.release(),
        confidence=confidence,
        data={"printed": place.span.quote, "reason": place.reason},
    )


def _listed(unread: Sequence[Finding]) -> list[Finding]:
    """The first of them, each by itself; the others are counted at the place where they begin."""
    further = len(unread) - MAX_NOT_READ
    if further <= 0:
        return list(unread)
    beyond_them = unread[MAX_NOT_READ]
    counted = replace(
        beyond_them,
        title=f"Not read: {further} more lines that look like laboratory results",
        detail="They begin here. Read them in the document.",
        data={**beyond_them.data, "further": further},
    )
    return [*unread[:MAX_NOT_READ], counted]


def _title(result: Result) -> str:
    name = result.analyte.name if result.analyte else result.printed_name
    fluid = _fluid(result)
    where = f" ({fluid})" if fluid and fluid.casefold() not in name.casefold() else ""
    return f"{name}{where} {result.value.text}{' ' + result.unit if result.unit else ''}"


def _fluid(result: Result) -> str:
    if result.specimen in ("", "blood"):
        return ""
    return _FLUIDS.get(result.specimen, result.specimen)


def _finding(result: Result, subject: Subject, confidence: float | None) -> Finding:
    normal = _normal(result)
    judged = judge(result, normal, subject)
    critical = panic(result, normal, subject)
    conflict = bool(judged.flag and result.flag) and _conflicts(result.flag, judged.flag or "")
    analyte = result.analyte
    coded = analyte is not None and analyte.loinc
    return Finding(
        kind=Kind.LABORATORY,
        title=_title(result),
        detail=_detail(result, judged, critical, normal=normal, conflict=conflict),
        severity=_severity(result, judged, critical, conflict=conflict),
        spans=(result.span,),
        knowledge_release=knowledge.release(),
        confidence=confidence,
        codes=(Code(LOINC, analyte.loinc, analyte.name),) if analyte is not None and coded else (),
        data=_data(result, judged, critical, normal=normal, conflict=conflict),
    )


def _normal(result: Result) -> Decimal | None:
    if result.value.value is None or result.analyte is None:
        return None
    if result.analyte.dimensionless and not result.unit:
        return result.value.value
    return None if result.ucum is None else result.analyte.in_catalogue_unit(result.value.value, result.ucum)


def _conflicts(printed: str, computed: str) -> bool:
    return computed == "N" if printed in ("*", "A") else printed != computed


def _severity(result: Result, judged: Judged, critical: str | None, *, conflict: bool) -> Severity:
    if critical:
        return Severity.CRITICAL
    flags = {result.flag, judged.flag}
    return Severity.MODERATE if conflict or result.doubt or flags & {"H", "L", "*", "A"} else Severity.INFORMATION


def _si(result: Result, normal: Decimal | None) -> str:
    """The value in SI units, rounded to as many significant digits as were printed (at least three)."""
    if normal is None or result.analyte is None:
        return ""
    value = normal * result.analyte.si_factor
    digits = max(3, sum(sign.isdigit() for sign in result.value.digits.lstrip("0.,")))
    if not value:
        return "0"
    rounded = value.quantize(Decimal(1).scaleb(value.adjusted() - digits + 1), rounding=ROUND_HALF_EVEN)
    return f"{rounded.normalize():f}"


def _detail(result: Result, judged: Judged, critical: str | None, *, normal: Decimal | None, conflict: bool) -> str:
    parts = []
    analyte, si = result.analyte, _si(result, normal)
    if analyte is not None and si and result.ucum != analyte.si_unit and not analyte.dimensionless:
        parts.append(f"In SI units {result.value.comparator}{si} {analyte.si_unit}.")
    if judged.flag:
        parts.append(f"By {_basis(result)}: {_SIDE[judged.flag]}.")
    else:
        parts.append(f"Not judged: {judged.reason}.")
    if conflict:
        parts.append(f"The document prints the flag {result.flag} ({_SIDE[result.flag]}): they disagree.")
    if critical and analyte is not None:
        parts.append(f"At a critical limit ({knowledge.cite(analyte.panic_source)}).")
    elif within(result) and result.valid and beyond(result, normal):
        parts.append(
            "Beyond the limit at which laboratories telephone, yet within the printed range: check specimen and unit."
        )
    parts += [f"The laboratory remarks: {result.note}."] if result.note else []
    doubt = result.doubt or result.mismatch
    parts += [f"In doubt: {doubt}."] if doubt and doubt != judged.reason else []
    earlier = ", ".join(f"{one.value}{f' ({one.day})' if one.day else ''}" for one in result.history)
    parts += [f"Earlier values on the sheet: {earlier}."] if earlier else []
    return " ".join(parts)


def _basis(result: Result) -> str:
    if result.reference is not None:
        return f"the printed range {result.reference.text}"
    if result.reference_words:
        return f"what the laboratory expects ({result.reference_words})"
    source = knowledge.cite(result.analyte.range_source) if result.analyte is not None else ""
    return f"the catalogue's adult range ({source})"


def _data(
    result: Result, judged: Judged, critical: str | None, *, normal: Decimal | None, conflict: bool
) -> dict[str, Any]:
    reference, analyte = result.reference, result.analyte
    optional = {
        "date": result.day,
        "note": result.note,
        "doubt": result.doubt or result.mismatch,
        "history": [{"value": one.value, "number": one.number, "date": one.day} for one in result.history],
    }
    return {
        "name": result.printed_name,
        "value": result.value.text,
        "number": "" if result.value.value is None else str(result.value.value),
        "comparator": result.value.comparator,
        "unit": result.unit,
        "unit_ucum": result.ucum or "",
        "reference_printed": reference.text if reference else result.reference_words,
        "low": str(reference.low) if reference and reference.low is not None else "",
        "high": str(reference.high) if reference and reference.high is not None else "",
        "flag_printed": result.flag,
        "flag": judged.flag or "",
        "flag_basis": judged.basis,
        "abstained": judged.reason,
        "conflict": conflict,
        "critical": critical or "",
        "loinc": analyte.loinc if analyte else "",
        "specimen": result.specimen or ("blood" if analyte else ""),
        "normal_value": "" if normal is None else f"{normal.normalize():f}",
        "normal_unit": analyte.unit if analyte else "",
        "si_value": _si(result, normal),
        "si_unit": analyte.si_unit if analyte else "",
        **{name: value for name, value in optional.items() if value},
    }
