"""Laboratory findings of results that came as data: by their code, whatever words stand beside it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from analysis.domain import knowledge
from analysis.domain.findings import Code, Finding, Kind, Severity
from analysis.domain.laboratory.catalogue import Analyte, Limits, ucum_of
from analysis.domain.laboratory.flags import ADULT, Flag, compare
from analysis.domain.laboratory.loinc_codes import analyte_of
from analysis.domain.laboratory.numbers import decimal_of
from analysis.domain.spans import CodedResult, SourcePage, Span, span_of
from analysis.domain.subject import Subject

LOINC = "http://loinc.org"
_MAX_HISTORY = 20
_SIDES = {"H": "high", "L": "low", "N": "within range", "*": "abnormal"}
# The most serious first: a source may say the same in several codes and in words.
_FLAGS = {
    "HH": "H",
    "LL": "L",
    "HU": "H",
    "LU": "L",
    "CRITICAL HIGH": "H",
    "CRITICAL LOW": "L",
    "CRITICALLY HIGH": "H",
    "CRITICALLY LOW": "L",
    "PANIC HIGH": "H",
    "PANIC LOW": "L",
    "HIGH PANIC": "H",
    "LOW PANIC": "L",
    "H": "H",
    "L": "L",
    ">": "H",
    "<": "L",
    "HIGH": "H",
    "LOW": "L",
    "AA": "*",
    "A": "*",
    "ABNORMAL": "*",
    "N": "N",
    "NORMAL": "N",
}
_CRITICAL_FLAGS = {
    flag: side for flag, side in _FLAGS.items() if flag in ("HH", "LL") or "CRITICAL" in flag or "PANIC" in flag
}
_OTHER_FLUID = re.compile(
    r"urin|harn|orina|\bur\b|\burn\b|csf|cerebrospinal|liquor|raqu[ií]d|rachid|lcr\b|pleura|ascit|peritone|dialys|"
    r"synovi|joint|gelenk|sweat|schwei|sudor|sueur|saliva|speichel|salive|stool|stuhl|heces|selles|f[ae]?ec|amnio|"
    r"\bcord\b|nabel|drain|aspirat|wound|wund|swab|abstrich|sputum|bile|galle|gastric|infusion|body fluid|milk|semen|"
    r"tissue|gewebe|hair|water|"
    # SNOMED CT: urine, liquor, pleural, peritoneal and ascitic fluid, saliva, stool.
    r"\b(?:122575003|258574006|276833005|258450006|418564007|168139001|309201001|119342007|119339001)\b",
    re.IGNORECASE,
)
_NAMED_FLUID = re.compile(r"\b(?:in|of) .{0,80}(?:urine|fluid)\b")
_UNFIT = re.compile(
    r"h(?:a|ä)?emoly|hämoly|hemól|hémoly|clotted|geronnen|coagulad|coagul[ée]|contaminat|unsatisfactory|\bhem\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Read:
    """A result with what is known of it. ``why_not`` says why it is not judged."""

    result: CodedResult
    span: Span
    confidence: float | None
    analyte: Analyte | None
    value: Decimal | None
    ucum: str
    normal: Decimal | None
    fluid: str
    doubt: str
    contradicts: bool = False
    earlier: bool = False
    history: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> tuple[Any, ...]:
        """What is measured, of one document."""
        code = self.analyte.loinc if self.analyte else self.result.code or self.result.display
        return (self.span.document_id, code, self.fluid)


def without_coded(pages: Iterable[SourcePage]) -> list[SourcePage]:
    """The pages with blanks where coded results stand, so that nobody reads them twice."""
    return [_blanked(page) if page.coded else page for page in pages]


def coded_findings(pages: Iterable[SourcePage], subject: Subject) -> list[Finding]:
    """One finding for each result known by its code, or that its source judges; one that is repeated adds a span."""
    read = [_read(page, result) for page in pages for result in page.coded]
    found: dict[tuple[Any, ...], Finding] = {}
    for one in _in_time([one for one in read if _says_something(one)]):
        key = (*one.key, one.result.comparator, one.result.value, one.ucum, one.result.date)
        finding = _finding(one, subject)
        earlier = found.get(key)
        found[key] = replace(earlier, spans=(*earlier.spans, *finding.spans)) if earlier else finding
    return list(found.values())


def _blanked(page: SourcePage) -> SourcePage:
    text = page.text
    for one in page.coded:
        blank = re.sub(r"[^\n]", " ", text[one.start : one.end])
        text = text[: one.start] + blank + text[one.end :]
    return replace(page, text=text)


def _says_something(one: _Read) -> bool:
    """A pulse or a weight is no laboratory result: without an analyte, the source itself must judge the value."""
    judged = one.result.low or one.result.high or _told_flag(one.result)
    return one.analyte is not None or one.contradicts or bool(judged)


def _read(page: SourcePage, result: CodedResult) -> _Read:
    analyte = analyte_of(result.code, result.display)
    fluid = result.specimen if _OTHER_FLUID.search(result.specimen) else ""
    contradiction = ""
    # Analytes of other fluids are named so: "Sodium in urine".
    of_fluid = analyte is not None and bool(_NAMED_FLUID.search(analyte.name))
    if analyte is not None and result.specimen and bool(fluid) != of_fluid:
        # Never a value of blood.
        told = "another fluid" if of_fluid else "blood"
        contradiction = f"its code is one of {told}, its specimen {result.specimen}" if result.code else ""
        analyte = None
    elif analyte is not None and not result.code and not of_fluid and _OTHER_FLUID.search(result.display):
        analyte = None
    elif analyte is None and any(analyte_of(code, "") for code in result.code.split()):
        contradiction = "its codes mean different things"
    value = decimal_of(result.value.removeprefix("-"))
    if value is not None and result.value.startswith("-"):
        value = -value
    ucum, doubt = _unit(analyte, result)
    if value is None:
        doubt = "the number can be read in two ways"
    doubt = contradiction or doubt or _range_doubt(analyte, result, ucum)
    if _UNFIT.search(result.note):
        doubt = doubt or "the specimen is not fit for it"
    return _Read(
        result=result,
        span=span_of(page, result.start, result.end),
        confidence=page.confidence,
        analyte=analyte,
        value=value,
        ucum=ucum,
        normal=_normal(analyte, value, ucum),
        fluid=fluid,
        doubt=doubt,
        contradicts=bool(contradiction),
    )


def _unit(analyte: Analyte | None, result: CodedResult) -> tuple[str, str]:
    """The UCUM unit, and a doubt where the unit's words and its code say different things."""
    if analyte is None:
        return result.unit, ""
    told = [
        unit if _takes(analyte, unit) else ucum_of(unit) or "" for unit in (result.unit, result.unit_printed) if unit
    ]
    known = [unit for unit in told if unit and _takes(analyte, unit)]
    if not known:
        return next(iter(told), ""), ""
    one = Decimal(1)
    if any(analyte.in_catalogue_unit(one, unit) != analyte.in_catalogue_unit(one, known[0]) for unit in known):
        return known[0], f"the unit is written as {result.unit_printed} and coded as {result.unit}"
    return known[0], ""


def _range_doubt(analyte: Analyte | None, result: CodedResult, ucum: str) -> str:
    """A value in another unit than its range: one of the two is written wrongly."""
    if not result.range_unit:
        return ""
    other = result.range_unit
    if analyte is not None:
        other = other if _takes(analyte, other) else ucum_of(other) or other
        if ucum and _takes(analyte, ucum) and _takes(analyte, other):
            one = Decimal(1)
            if analyte.in_catalogue_unit(one, ucum) == analyte.in_catalogue_unit(one, other):
                return ""
    return f"the value is in {result.unit_printed or 'no unit'}, its range in {result.range_unit}"


def _takes(analyte: Analyte, unit: str) -> bool:
    return analyte.in_catalogue_unit(Decimal(1), unit) is not None


def _normal(analyte: Analyte | None, value: Decimal | None, ucum: str) -> Decimal | None:
    if analyte is None or value is None:
        return None
    if analyte.dimensionless and ucum in ("", "1", "{ratio}"):
        return value
    return analyte.in_catalogue_unit(value, ucum)


def _in_time(read: Sequence[_Read]) -> list[_Read]:
    """The newest of each kind with the earlier ones as its history; an undated one is never the newest of several."""
    days: dict[tuple[Any, ...], set[tuple[str, str]]] = defaultdict(set)
    for one in read:
        days[one.key].add((one.result.date, one.result.value))
    ordered = {key: sorted(told) for key, told in days.items()}
    found: list[_Read] = []
    for one in read:
        newest = ordered[one.key][-1][0]
        if one.result.date < newest:
            found.append(replace(one, earlier=True))
            continue
        before = [(value, day) for day, value in ordered[one.key] if day < newest]
        found.append(replace(one, history=tuple(before[-_MAX_HISTORY:])))
    return found


def _finding(one: _Read, subject: Subject) -> Finding:
    result, analyte = one.result, one.analyte
    flag, basis, why_not = _judged(one, subject)
    printed = _FLAGS.get(_told_flag(result), "")
    critical = _critical(one)
    conflict = bool(flag and printed) and (flag == "N" if printed == "*" else printed != flag)
    name = analyte.name if analyte else _short(result.display)
    # {INR} and the like are notes to a number without a unit.
    unit = "" if result.unit_printed.startswith("{") else result.unit_printed
    title = f"{name}{f' ({one.fluid})' if one.fluid else ''} {result.comparator}{result.value} {unit}"
    code = result.code.split(" ")[0]
    return Finding(
        kind=Kind.LABORATORY,
        title=title.strip(),
        detail=_detail(one, flag, basis, why_not, printed, critical, conflict=conflict),
        severity=_severity(one, flag, printed, critical, conflict=conflict),
        spans=(one.span,),
        knowledge_release=knowledge.release(),
        confidence=one.confidence,
        codes=(Code(LOINC, code, name),) if code else (Code(LOINC, analyte.loinc, name),) if analyte else (),
        data=_data(one, flag, basis, why_not, printed, critical, conflict=conflict),
    )


def _judged(one: _Read, subject: Subject) -> tuple[Flag | None, str, str]:
    """The flag, what it rests on, and why there is none."""
    result = one.result
    if one.value is None or one.doubt:
        return None, "", one.doubt
    low, high = (decimal_of(bound) if bound else None for bound in (result.low, result.high))
    if low is not None or high is not None:
        flag = compare(one.value, result.comparator, Limits(low=low, high=high))
        return flag, "printed", "" if flag else "the value is given as a bound"
    if one.analyte is None:
        return None, "", "no range came with it, and the catalogue does not hold this measurement"
    if one.normal is None:
        return None, "", "the unit is not known for this analyte"
    return _by_catalogue(one.analyte, one.normal, result.comparator, subject)


def _by_catalogue(analyte: Analyte, normal: Decimal, comparator: str, subject: Subject) -> tuple[Flag | None, str, str]:
    if subject.age_years is not None and subject.age_years < ADULT:
        return None, "", "no range came with it, and the catalogue holds adult ranges only"
    ranges = {"male": [analyte.male], "female": [analyte.female]}.get(subject.sex or "", [analyte.male, analyte.female])
    if not any(limits.known for limits in ranges):
        return None, "", "no range came with it, and the catalogue holds none"
    flags = {compare(normal, comparator, limits) for limits in ranges}
    if len(flags) > 1:
        return None, "", "no range came with it, and the catalogue's depends on sex, which is not known"
    flag = flags.pop()
    return flag, "catalogue", "" if flag else "the value is given as a bound"


def _critical(one: _Read) -> str:
    """H or L at a limit at which laboratories telephone, or where the source says so; of current, valid values only."""
    if one.earlier or one.doubt:
        return ""
    told = _CRITICAL_FLAGS.get(_told_flag(one.result), "")
    if told or one.analyte is None or one.normal is None:
        return told
    low, high = one.analyte.panic.low, one.analyte.panic.high
    if low is not None and one.normal <= low and not one.result.comparator.startswith(">"):
        return "L"
    return "H" if high is not None and one.normal >= high and not one.result.comparator.startswith("<") else ""


def _severity(one: _Read, flag: str | None, printed: str, critical: str, *, conflict: bool) -> Severity:
    if critical:
        return Severity.CRITICAL
    abnormal = conflict or bool({flag, printed} & {"H", "L", "*"})
    return Severity.MODERATE if abnormal or one.doubt else Severity.INFORMATION


def _detail(
    one: _Read, flag: str | None, basis: str, why_not: str, printed: str, critical: str, *, conflict: bool
) -> str:
    result = one.result
    parts = [f"By its code {result.code}." if result.code else "By its name; it came without a code."]
    if flag and basis == "catalogue" and one.analyte:
        parts.append(f"By the catalogue's adult range ({knowledge.cite(one.analyte.range_source)}): {_SIDES[flag]}.")
    elif flag:
        parts.append(f"By the range that came with it: {_SIDES[flag]}.")
    else:
        parts.append(f"Not judged: {why_not}.")
    if printed:
        parts.append(
            f"Its source flags it {result.flag} ({_SIDES[printed]})" + (": they disagree." if conflict else ".")
        )
    if critical and _told_flag(result) in _CRITICAL_FLAGS:
        parts.append("Its source calls it critical.")
    elif critical and one.analyte:
        within = " though within the range that came with it" if basis == "printed" and flag == "N" else ""
        parts.append(f"At a critical limit ({knowledge.cite(one.analyte.panic_source)}){within}.")
    if one.earlier:
        parts.append("An earlier value: the record holds a later one.")
    parts += [f"{label}: {told}." for label, told in (("Status", result.status), ("Note", result.note)) if told]
    return " ".join(parts)


def _data(
    one: _Read, flag: str | None, basis: str, why_not: str, printed: str, critical: str, *, conflict: bool
) -> dict[str, Any]:
    result, analyte = one.result, one.analyte
    return {
        "name": result.display,
        "value": f"{result.comparator}{result.value}",
        "number": "" if one.value is None else str(one.value),
        "comparator": result.comparator,
        "unit": result.unit_printed,
        "unit_ucum": one.ucum,
        "reference_printed": " to ".join(filter(None, (result.low, result.high))),
        "low": result.low,
        "high": result.high,
        "flag_printed": printed,
        "flag": flag or "",
        "flag_basis": basis,
        "abstained": why_not,
        "conflict": conflict,
        "critical": critical,
        "loinc": analyte.loinc if analyte else result.code.split(" ")[0],
        "normal_value": "" if one.normal is None else f"{one.normal.normalize():f}",
        "normal_unit": analyte.unit if analyte else "",
        "si_value": _si(one),
        "si_unit": analyte.si_unit if analyte else "",
        "specimen": result.specimen,
        "date": result.date,
        "history": [{"value": value, "date": day} for value, day in one.history],
        "note": result.note,
        "doubt": one.doubt,
        "status": result.status,
        "coded": True,
    }


def _si(one: _Read) -> str:
    """In SI units, with as many significant digits as came (at least three)."""
    if one.analyte is None or one.normal is None:
        return ""
    value = one.normal * one.analyte.si_factor
    if not value:
        return "0"
    digits = max(3, len(one.result.value.lstrip("-0.,").replace(".", "").replace(",", "")))
    rounded = value.quantize(Decimal(1).scaleb(value.adjusted() - digits + 1), rounding=ROUND_HALF_EVEN)
    return f"{rounded.normalize():f}"


def _told_flag(result: CodedResult) -> str:
    """The most serious of the source's flags that are known."""
    told = {flag.strip() for flag in result.flag.upper().split(",")}
    return next((flag for flag in _FLAGS if flag in told), "")


def _short(display: str) -> str:
    return " ".join(re.sub(r"\[[^\[\]]{0,200}\]", "", display).split()) or display
