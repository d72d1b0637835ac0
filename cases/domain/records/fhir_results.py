"""Observations of FHIR as lines: value, specimen, the range that applies, interpretation, time, status, notes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from cases.domain.records.fhir_values import (
    Resource,
    absent_reason,
    bare_concept,
    codes_of,
    concept,
    day,
    mapping,
    notes,
    number,
    period,
    quantity,
    ratio,
    sequence,
    span,
    text,
    when,
)
from cases.domain.records.health_record import Statement, listed
from cases.domain.records.result_lines import ResultWords, result_statement

Resolve = Callable[[Any], Resource]
Missing = Callable[[str], None]
_SYSTOLIC, _DIASTOLIC = "8480-6", "8462-4"
_SEX_OF_RANGE: Final = {
    "male": frozenset({"male", "m", "248153007"}),
    "female": frozenset({"female", "f", "248152002"}),
}
#: Kinds of values that have no words here: they are counted.
_UNTOLD: Final = ("valueSampledData", "valueAttachment", "valueReference")


def observation_statements(
    one: Resource, resolve: Resolve, missing: Missing, *, sex: str, born: date | None
) -> list[Statement]:
    """The result, and each of its components on a line of its own; blood pressure on one."""
    pressure = _blood_pressure(one)
    components = [] if pressure else [mapping(each) for each in sequence(one.get("component"))]
    value = pressure or _value(one, missing)
    taken = _taken(one)
    shared = ResultWords(
        name=concept(one.get("code")) or "a measurement without a name",
        value=value,
        specimen=_specimen(one, resolve),
        flag=_flags(one),
        reference=_reference(one, sex=sex, age=_age(born, taken)),
        when=taken,
        status=text(one.get("status")),
        details=listed([_other_ranges(one), f"with {len(components)} parts" if components else ""]),
        note=listed([notes(one), _condition_of_specimen(one, resolve)]),
    )
    told = [result_statement(shared)] if value or not components else []
    for each in components:
        part = _value(each, missing)
        words = ResultWords(
            name=concept(each.get("code")) or "a part without a name",
            value=part or "no value given",
            specimen=shared.specimen,
            flag=_flags(each),
            reference=_reference(each, sex=sex, age=_age(born, taken)),
            when=taken,
            status=shared.status,
            details=f"part of {bare_concept(one.get('code'))}" if one.get("code") else "",
            note=shared.note,
        )
        told.append(result_statement(words))
    return told


def _taken(one: Resource) -> str:
    issued = text(one.get("issued"))
    found = when(one, ("effective",))
    return f"issued {issued}" if found == "no date given" and issued else found


def _value(one: Resource, missing: Missing) -> str:
    for name, value in one.items():
        if not name.startswith("value") or len(name) <= len("value"):
            continue
        if name in _UNTOLD:
            missing(f"value of the kind {name.removeprefix('value')}")
            return f"a value of a kind that is not imported ({name.removeprefix('value')})"
        told = _told(name, value)
        if told:
            return told
        reason = absent_reason(mapping(value), "value") or absent_reason(one, name)
        return f"no value: {reason or 'not given'}"
    absent = concept(one.get("dataAbsentReason"))
    return f"no value: {absent}" if absent else ""


def _told(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    readers: dict[str, Callable[[Any], str]] = {
        "valueQuantity": quantity,
        "valueCodeableConcept": concept,
        "valueRange": span,
        "valueRatio": ratio,
        "valuePeriod": period,
    }
    if name in readers:
        return readers[name](value)
    if isinstance(value, dict):
        # What another release calls otherwise.
        return quantity(value) or concept(value)
    return number(value)


def _blood_pressure(one: Resource) -> str:
    """``142/88 mmHg`` for a panel of both pressures and nothing else."""
    found: dict[str, Resource] = {}
    for each in map(mapping, sequence(one.get("component"))):
        kind = codes_of(each.get("code")) & {_SYSTOLIC, _DIASTOLIC}
        if len(kind) != 1 or each.get("interpretation") or each.get("referenceRange"):
            return ""
        found[next(iter(kind))] = mapping(each.get("valueQuantity"))
    if set(found) != {_SYSTOLIC, _DIASTOLIC}:
        return ""
    values = [number(found[code].get("value")) for code in (_SYSTOLIC, _DIASTOLIC)]
    units = {text(value.get("unit")) or text(value.get("code")) for value in found.values()}
    return f"{values[0]}/{values[1]} {units.pop()}".strip() if all(values) and len(units) == 1 else ""


def _specimen(one: Resource, resolve: Resolve) -> str:
    about = mapping(one.get("specimen"))
    found = resolve(about)
    return bare_concept(found.get("type")) or text(about.get("display"))


def _condition_of_specimen(one: Resource, resolve: Resolve) -> str:
    """Haemolysed, clotted …: what a laboratory says of the specimen."""
    found = resolve(mapping(one.get("specimen")))
    conditions = [bare_concept(each) for each in sequence(found.get("condition"))]
    unfit = (
        [f"specimen {text(found.get('status'))}"] if found.get("status") in ("unsatisfactory", "unavailable") else []
    )
    return listed([*conditions, *unfit, notes(found)])


def _flags(one: Resource) -> str:
    return listed(sorted(code.upper() for code in codes_of(sequence(one.get("interpretation")))))


def _age(born: date | None, taken: str) -> Decimal | None:
    at = day(taken.removeprefix("issued ").removeprefix("from "))
    return Decimal((at - born).days) / Decimal("365.25") if born and at else None


def _reference(one: Resource, *, sex: str, age: Decimal | None) -> str:
    """The one range that applies to this patient; where that is open, all of them with whom they are for."""
    ranges = [mapping(each) for each in sequence(one.get("referenceRange"))]
    usual = [each for each in ranges if codes_of(each.get("type")) <= {"normal"}]
    fitting = [each for each in usual if _fits(each, sex, age)]
    if len(fitting) == 1 and (words := _range_words(fitting[0])):
        return f"reference {words}"
    all_told = [words for each in usual if (words := _range_words(each))]
    if len(all_told) == 1 and not fitting:
        return f"references of others: {all_told[0]}"
    return f"several references: {listed(all_told)}" if all_told else ""


def _other_ranges(one: Resource) -> str:
    """Ranges that are not of the healthy: of a treatment, a therapy …"""
    ranges = [mapping(each) for each in sequence(one.get("referenceRange"))]
    others = [each for each in ranges if not codes_of(each.get("type")) <= {"normal"}]
    return listed(f"{bare_concept(each.get('type'))} range {words}" for each in others if (words := _range_words(each)))


def _fits(one: Resource, sex: str, age: Decimal | None) -> bool:
    of = codes_of(sequence(one.get("appliesTo"))) | {
        bare_concept(each).lower() for each in sequence(one.get("appliesTo"))
    }
    sexes = {name for name, codes in _SEX_OF_RANGE.items() if of & codes}
    if (sexes and sex not in sexes) or (of and not sexes):
        return False
    bounds = mapping(one.get("age"))
    for end in ("low", "high"):
        limit = _years(bounds.get(end))
        if bounds.get(end) and (age is None or limit is None):
            return False
        if (
            limit is not None
            and age is not None
            and (age < limit if end == "low" else age >= limit + _last_year(bounds))
        ):
            return False
    return True


def _last_year(bounds: Resource) -> int:
    # "to 17 years" holds until the eighteenth birthday.
    return 1 if _unit(bounds.get("high")) in ("a", "year", "years", "yr") else 0


def _unit(value: Any) -> str:
    return (text(mapping(value).get("code")) or text(mapping(value).get("unit"))).lower()


def _years(value: Any) -> Decimal | None:
    amount = mapping(value).get("value")
    if isinstance(amount, bool) or not isinstance(amount, int | float | Decimal):
        return None
    days = {"a": 365.25, "year": 365.25, "years": 365.25, "yr": 365.25, "mo": 30.44, "wk": 7, "d": 1}.get(_unit(value))
    return None if days is None else Decimal(str(amount)) * Decimal(str(days)) / Decimal("365.25")


def _range_words(one: Resource) -> str:
    words = span(one) or text(one.get("text"))
    whom = listed(
        [*(bare_concept(each) for each in sequence(one.get("appliesTo"))), _age_words(mapping(one.get("age")))]
    )
    return f"{words} ({whom})" if words and whom else words


def _age_words(bounds: Resource) -> str:
    return f"age {span(bounds)}" if bounds else ""
