"""Medicines of FHIR in words: what is not taken now says so before all else, and why."""

from __future__ import annotations

from datetime import date
from typing import Final

from cases.domain.records.fhir_reader import Reader, Told
from cases.domain.records.fhir_values import (
    Resource,
    bare_concept,
    codes_of,
    concept,
    has_passed,
    mapping,
    quantity,
    sequence,
    text,
    when,
)
from cases.domain.records.health_record import Statement, listed, said

_TAKEN_NOW: Final = frozenset({"active", "recorded", "in-progress"})
_WORDS_OF_STATES: Final = {
    "completed": "stopped, completed",
    "ended": "stopped, ended",
    "stopped": "stopped",
    "on-hold": "on hold",
    "not-taken": "not taken",
    "cancelled": "cancelled",
    "intended": "intended only",
    "draft": "a draft only",
    "unknown": "not known whether taken",
    "": "not said whether taken",
}
_INTENTS: Final = frozenset({"proposal", "plan", "option"})
_NOT_TAKING: Final = ("not-taking", "on-hold", "stopped", "never", "unknown")


def medication(one: Resource, by: Reader) -> Told:
    name = _medicine_name(one, by)
    if not name:
        by.missing("a medicine without a name")
        return []
    lead = _not_current(one, by.today)
    dosages = [mapping(each) for each in sequence(one.get("dosage") or one.get("dosageInstruction"))]
    if lead and dosages:
        # Instructions are sentences of their own, which would read as said now.
        by.missing("dosage of a medicine that is not current")
    doses = [] if lead else [_dosage(each, by) for each in dosages]
    told = said(
        name,
        listed(doses),
        when(one, ("effective",), ("authoredOn", "dateAsserted", "dateWritten")),
        f"intent {text(one.get('intent'))}" if one.get("intent") else "",
        f"status {text(one.get('status'))}" if one.get("status") else "",
    )
    return [Statement(told, lead)]


def _not_current(one: Resource, today: date) -> str:
    """Why the patient does not take it now, as its resource says; empty for what is taken."""
    if one.get("doNotPerform") is True:
        return "NOT TO BE GIVEN, not taken"
    states = codes_of(one.get("status"))
    taken = text(one.get("taken"))
    adherence = codes_of(mapping(one.get("adherence")).get("code"))
    against = sorted(code for code in adherence if code.startswith(_NOT_TAKING))
    if one.get("wasNotTaken") is True or taken in ("n", "na") or against:
        return f"Not current ({listed(against) or 'not taken'}), not taken"
    if taken == "unk":
        return "Not current (not known whether taken), not taken"
    if not states & _TAKEN_NOW:
        state = next(iter(states), "")
        return f"Not current ({_WORDS_OF_STATES.get(state, state)}), not taken"
    if codes_of(one.get("intent")) & _INTENTS:
        return f"Not current ({text(one.get('intent'))} only), not taken"
    return "Not current (ended), not taken" if _course_is_over(one, today) else ""


def _course_is_over(one: Resource, today: date) -> bool:
    bounds = [
        mapping(mapping(mapping(mapping(each).get("timing")).get("repeat")).get("boundsPeriod")).get("end")
        for each in sequence(one.get("dosage") or one.get("dosageInstruction"))
    ]
    if has_passed(mapping(one.get("effectivePeriod")).get("end"), today):
        return True
    # A prescription that may no longer be filled may still be taken: only the dosage's own end ends it.
    return bool(bounds) and all(has_passed(end, today) for end in bounds)


def _medicine_name(one: Resource, by: Reader) -> str:
    reusable = mapping(one.get("medication"))
    reference = one.get("medicationReference") or reusable.get("reference")
    if isinstance(reference, str):
        reference = {"reference": reference}
    found = by.resolve(reference)
    own = concept(one.get("medicationCodeableConcept")) or concept(reusable.get("concept"))
    return own or concept(found.get("code")) or _ingredients(found) or text(mapping(reference).get("display"))


def _ingredients(medicine: Resource) -> str:
    found = []
    for each in map(mapping, sequence(medicine.get("ingredient"))):
        item = each.get("itemCodeableConcept") or each.get("item")
        found.append(bare_concept(item) if item else "")
    return listed(found)


def _dosage(one: Resource, by: Reader) -> str:
    if one.get("text"):
        return text(one["text"])
    doses = [quantity(mapping(each).get("doseQuantity")) for each in sequence(one.get("doseAndRate")) or [one]]
    often = bare_concept(mapping(one.get("timing")).get("code")) or _repeat(
        mapping(mapping(one.get("timing")).get("repeat"))
    )
    as_needed = "as needed" if one.get("asNeededBoolean") is True or one.get("asNeeded") is True else ""
    told = listed([*doses, bare_concept(one.get("route")), often, as_needed, text(one.get("patientInstruction"))])
    if not told:
        by.missing("dosage in a form that is not imported")
    return told or "a dosage in a form that is not imported"


def _repeat(one: Resource) -> str:
    count, every, unit = text(one.get("frequency")), text(one.get("period")), text(one.get("periodUnit"))
    units = {"d": "day", "h": "hour", "wk": "week", "mo": "month", "min": "minute", "a": "year"}
    often = f"{count} times every {every} {units.get(unit, unit)}" if count and every and unit else ""
    days = [code for code in sequence(one.get("when")) if isinstance(code, str)]
    return listed([often, *days])
