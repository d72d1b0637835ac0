"""Entries of a C-CDA document in words. What does not hold now says so before all else; what is void is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final
from xml.etree.ElementTree import Element

from cases.domain.records.ccda_narrative import V3, Narrative
from cases.domain.records.ccda_reader import CLINICAL, Found, Reader, Told, nested
from cases.domain.records.ccda_results import COLLECTION, COMMENT, result, specimen_of
from cases.domain.records.ccda_values import (
    NO_VALUE,
    attribute,
    bare,
    coded,
    first,
    has_ended,
    path,
    range_words,
    time_words,
    value_words,
)
from cases.domain.records.health_record import Statement, listed, said

_STATEMENTS: Final = tuple(V3 + name for name in ("observation", "substanceAdministration", "procedure"))
_SEVERITY, _STATUS, _CRITICALITY = "SEV", "33999-4", "82606-5"
#: Status, age at onset, health status, severity, criticality: they qualify another statement.
_QUALIFIERS: Final = frozenset(
    {_SEVERITY, _STATUS, _CRITICALITY, "445518008", "11323-3", "64572001:status", "263490005"}
)
_STATUS_TEMPLATES: Final = frozenset({"2.16.840.1.113883.10.20.1.47", "2.16.840.1.113883.10.20.1.50"})
#: SNOMED CT: inactive, resolved, no longer active, on hold, prior history.
_OVER: Final = frozenset({"73425007", "413322009", "421139008", "392521001", "385655000", "255594003", "7087005"})
_OVER_WORDS: Final = ("inactive", "resolved", "no longer", "on hold", "prior", "stopped", "discontinued", "completed")
#: Drug or medicament, pharmaceutical product.
_ANY_MEDICINE: Final = frozenset({"410942007", "373873005"})
#: Problem, clinical finding, disease.
_ANY_PROBLEM: Final = frozenset({"55607006", "404684003", "64572001"})
_ANY_SUBSTANCE: Final = frozenset(
    {"419199007", "416098002", "414285001", "420134006", "418038007", "419511003", "418471000"}
)


def statements(entry: Element, reader: Reader) -> Iterator[Found]:
    """Every statement in an entry, but for those that only qualify another."""
    for child in entry:
        if child.tag in CLINICAL:
            yield from _walk(child, Found(element=child), reader)


def _walk(one: Element, around: Found, reader: Reader) -> Iterator[Found]:
    negated = around.negated or attribute(one, "negationInd") == "true"
    # A relative, a donor, an unborn child.
    around = replace(around, of_another=around.of_another or first(one, "subject") is not None)
    if one.tag in _STATEMENTS:
        if not _qualifies(one):
            yield replace(around, element=one, negated=negated)
        # Parts of a result (an organism and what it resists) are results; all else qualifies, and is read with it.
        for relation in one.findall(path("entryRelationship")):
            if relation.get("typeCode") == "COMP" and one.tag == f"{V3}observation":
                for child in relation:
                    if child.tag in CLINICAL:
                        yield from _walk(child, replace(around, negated=False), reader)
        return
    if one.tag in (f"{V3}supply", f"{V3}encounter") or attribute(first(one, "code"), "code") == COMMENT:
        yield replace(around, element=one, negated=negated)
        return
    status = attribute(first(one, "statusCode"), "code") or around.status
    inner = replace(
        around,
        negated=negated,
        status=status,
        specimen=specimen_of(one, reader.narrative) or around.specimen,
        time=first(one, "effectiveTime") if first(one, "effectiveTime") is not None else around.time,
    )
    for holder in (*one.findall(path("entryRelationship")), *one.findall(path("component"))):
        for child in holder if attribute(holder, "typeCode") in ("", "SUBJ", "COMP") else ():
            if child.tag in CLINICAL and attribute(first(child, "code"), "code") != COLLECTION:
                yield from _walk(child, inner, reader)


def tell(found: Found, heading: str, reader: Reader) -> Told:
    """A statement in words."""
    one = found.element
    status = attribute(first(one, "statusCode"), "code")
    if "nullified" in (status, found.status):
        return Told(why_not="entered in error")
    if found.of_another:
        return Told(why_not="about somebody or something other than the patient")
    told = _READERS.get(one.tag)
    if told is None:
        return Told(why_not=f"of a kind that is not imported: {one.tag.removeprefix(V3)}")
    if one.tag == f"{V3}observation":
        return {"Diagnoses": _problem, "Allergies": _allergy}.get(heading, result)(found, reader)
    return told(found, reader)


def _problem(found: Found, reader: Reader) -> Told:
    one, narrative = found.element, reader.narrative
    if attribute(one, "moodCode") not in ("", "EVN"):
        return Told(why_not="planned, no finding")
    name = value_words(first(one, "value"), narrative)
    written = narrative.words_in(first(one, "value/originalText"))
    if name in ("", NO_VALUE):
        name = narrative.words_in(first(one, "text"))
    elif written and written.casefold() not in name.casefold():
        name = f"{name}, written as: {written}"
    if not name:
        return Told(why_not="without a name")
    over = _stated_over(one, narrative)
    ended = has_ended(one.findall(path("effectiveTime")), reader.today)
    open_end = first(one, "effectiveTime/high") is not None and not attribute(first(one, "effectiveTime/high"), "value")
    lead = ""
    if found.negated and attribute(first(one, "value"), "code") in _ANY_PROBLEM:
        return Told(statement=Statement(said("No known problems", time_words(first(one, "effectiveTime")))))
    if found.negated:
        lead = "Negated, ruled out"
    elif (
        over or ended or (found.status in ("completed", "aborted") and _stated_over(one, narrative, known=True) is None)
    ):
        lead = f"Past ({over or ('ended' if ended or open_end else 'concern closed')}), history of"
    return Told(statement=Statement(said(name, time_words(first(one, "effectiveTime"))), lead))


def _allergy(found: Found, reader: Reader) -> Told:
    one, narrative = found.element, reader.narrative
    value, agent = first(one, "value"), first(one, "participant/participantRole/playingEntity/code")
    substance = coded(agent, narrative) or narrative.words_in(
        first(one, "participant/participantRole/playingEntity/name")
    )
    kind = value_words(value, narrative)
    kind = "" if kind == NO_VALUE else kind
    if not substance and not kind:
        kind = narrative.words_in(first(one, "text"))
    if not substance and not kind:
        return Told(why_not="without a name")
    over = _stated_over(one, narrative)
    ended = has_ended(one.findall(path("effectiveTime")), reader.today)
    lead = ""
    if found.negated and not substance and attribute(value, "code") in _ANY_SUBSTANCE:
        return Told(statement=Statement(said(f"No known allergies ({kind})", time_words(first(one, "effectiveTime")))))
    if found.negated:
        lead = "NOT, refuted allergy"
    elif over or ended:
        lead = f"Past allergy ({over or 'ended'})"
    told = said(
        f"{substance}: {kind}" if substance and kind else substance or kind,
        _nested_words(one, narrative, "MFST", "reaction"),
        _nested_value(one, narrative, _SEVERITY, "severity"),
        _nested_value(one, narrative, _CRITICALITY, "criticality"),
        time_words(first(one, "effectiveTime")),
    )
    return Told(statement=Statement(told, lead))


def _medicine(found: Found, reader: Reader) -> Told:
    one, narrative = found.element, reader.narrative
    material = first(one, "consumable/manufacturedProduct/manufacturedMaterial")
    if material is None:
        material = first(one, "consumable/manufacturedProduct/manufacturedLabeledDrug")
    name = coded(first(material, "code"), narrative) or narrative.words_in(first(material, "name"))
    name = name or narrative.words_in(first(one, "text"))
    if found.negated and (not name or _codes(first(material, "code")) & _ANY_MEDICINE):
        return Told(statement=Statement("No known medicines"))
    if not name:
        return Told(why_not="a medicine without a name")
    dose, route = first(one, "doseQuantity"), first(one, "routeCode")
    amount = f"{attribute(dose, 'value')} {attribute(dose, 'unit')}".strip() or range_words(dose)
    times = one.findall(path("effectiveTime"))
    told = said(
        name,
        f"dose {amount}" if amount else "",
        bare(route, narrative),
        _often(times),
        time_words(_interval(times)),
        f"status {attribute(first(one, 'statusCode'), 'code')}" if first(one, "statusCode") is not None else "",
    )
    return Told(statement=Statement(told, _not_current(found, reader, times)))


def _interval(times: list[Element]) -> Element | None:
    bounded = [time for time in times if first(time, "low") is not None or first(time, "high") is not None]
    return next(iter(bounded or [time for time in times if time.get("value")]), None)


def _often(times: list[Element]) -> str:
    """Every 12 h: the period of a PIVL_TS."""
    for time in times:
        period = first(time, "period")
        if attribute(period, "value"):
            return f"every {attribute(period, 'value')} {attribute(period, 'unit')}".strip()
    return ""


_STATES: Final = {
    "completed": "stopped, completed",
    "aborted": "stopped",
    "suspended": "on hold",
    "held": "on hold",
    "cancelled": "cancelled",
}


def _not_current(found: Found, reader: Reader, times: list[Element]) -> str:
    """Why the patient does not take it now, as its entry says; empty for what is taken."""
    one = found.element
    if found.negated:
        return "Not taken"
    over = _stated_over(one, reader.narrative)
    if over:
        return f"Not current ({over}), not taken"
    if has_ended(times, reader.today):
        return "Not current (stopped, ended), not taken"
    state = attribute(first(one, "statusCode"), "code")
    said_active = _stated_over(one, reader.narrative, known=True) == ""
    if state in _STATES and not (state == "completed" and said_active):
        return f"Not current ({_STATES[state]}), not taken"
    mood = attribute(one, "moodCode")
    return "Not current (a proposal only), not taken" if mood in ("PRP", "PRMS", "ARQ", "OPT") else ""


def _procedure(found: Found, reader: Reader) -> Told:
    one, narrative = found.element, reader.narrative
    name = coded(first(one, "code"), narrative) or narrative.words_in(first(one, "text"))
    if not name:
        return Told(why_not="without a name")
    status = attribute(first(one, "statusCode"), "code")
    lead = ""
    if found.negated:
        lead = "Not done"
    elif attribute(one, "moodCode") not in ("", "EVN"):
        lead = "Not done yet (planned)"
    elif status in ("aborted", "cancelled", "suspended", "held"):
        lead = f"Not done ({status})"
    sites = listed(bare(each, narrative) for each in one.findall(path("targetSiteCode")))
    when = time_words(first(one, "effectiveTime"))
    return Told(statement=Statement(said(name, sites, when, f"status {status}" if status else ""), lead))


_READERS: Final[dict[str, Callable[[Found, Reader], Told]]] = {
    f"{V3}observation": result,
    f"{V3}substanceAdministration": _medicine,
    f"{V3}procedure": _procedure,
}


def untold_parts(found: Found) -> list[str]:
    """What hangs on a statement and is not told with it."""
    lost = []
    for how, child in nested(found.element):
        code = attribute(first(child, "code"), "code")
        told = how == "MFST" or code in (*_QUALIFIERS, COMMENT) or _templates(child) & _STATUS_TEMPLATES
        if not told and not (how == "COMP" and found.element.tag == f"{V3}observation"):
            kind = attribute(first(child, "code"), "displayName") or child.tag.removeprefix(V3)
            lost.append(f"detail that is not imported: {how} {kind[:40]}".replace("  ", " "))
    return lost


def _qualifies(one: Element) -> bool:
    return attribute(first(one, "code"), "code") in _QUALIFIERS or bool(_templates(one) & _STATUS_TEMPLATES)


def _codes(code: Element | None) -> set[str]:
    """A code and those of its translations."""
    every = [code, *code.findall(path("translation"))] if code is not None else []
    return {attribute(one, "code") for one in every} - {""}


def _templates(one: Element) -> set[str]:
    return {attribute(each, "root") for each in one.findall(path("templateId"))}


def _stated_over(one: Element, narrative: Narrative, *, known: bool = False) -> str | None:
    """What a nested status says that ends the statement, else an empty text; with ``known``, None for no status."""
    for _, child in nested(one):
        if attribute(first(child, "code"), "code") == _STATUS or _templates(child) & _STATUS_TEMPLATES:
            value = first(child, "value")
            told = bare(value, narrative)
            over = attribute(value, "code") in _OVER or any(word in told.lower() for word in _OVER_WORDS)
            return told.lower() if over else ""
    return None if known else ""


def _nested_words(one: Element, narrative: Narrative, kind: str, label: str) -> str:
    told = [value_words(first(child, "value"), narrative) for how, child in nested(one) if how == kind]
    words = listed(word for word in told if word != NO_VALUE)
    return f"{label} {words}" if words else ""


def _nested_value(one: Element, narrative: Narrative, code: str, label: str) -> str:
    for _, child in nested(one):
        if attribute(first(child, "code"), "code") == code:
            told = bare(first(child, "value"), narrative)
            return f"{label} {told}" if told else ""
    return ""
