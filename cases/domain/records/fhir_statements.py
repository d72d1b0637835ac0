"""Resources of FHIR in words. What does not hold now says so before all else; what is void is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Final

from cases.domain.records.fhir_medicines import medication
from cases.domain.records.fhir_reader import Reader, Told
from cases.domain.records.fhir_results import observation_statements
from cases.domain.records.fhir_values import (
    Resource,
    bare_concept,
    codes_of,
    concept,
    has_passed,
    mapping,
    notes,
    sequence,
    text,
    when,
)
from cases.domain.records.health_record import Statement, listed, said
from cases.domain.records.record_pages import RESULTS

VOID: Final = {
    "entered-in-error": "entered in error",
    "cancelled": "cancelled",
    "nullified": "entered in error",
    "superseded": "superseded by another",
}


def void_reason(kind: str, one: Resource) -> str:
    """Why a resource states nothing; empty for one that does."""
    states = codes_of(one.get("status")) | codes_of(one.get("verificationStatus")) | codes_of(one.get("docStatus"))
    for state, reason in VOID.items():
        # A cancelled order of a medicine was written, and is told as not current.
        if state in states and not (state == "cancelled" and kind == "MedicationRequest"):
            return reason
    if any(_modified(value) for name, value in one.items() if name != "contained"):
        # It may turn the statement into its opposite (https://hl7.org/fhir/R4/extensibility.html#modifierExtension).
        return "with a modifier that is not understood"
    if one.get("modifierExtension"):
        return "with a modifier that is not understood"
    return "with rules that are not understood" if one.get("implicitRules") else ""


def _modified(value: Any) -> bool:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if one.get("modifierExtension"):
                return True
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
    return False


def _observation(one: Resource, by: Reader) -> Told:
    return observation_statements(one, by.resolve, by.missing, sex=by.sex, born=by.born)


def _condition(one: Resource, by: Reader) -> Told:
    clinical, verified = codes_of(one.get("clinicalStatus")), codes_of(one.get("verificationStatus"))
    ended = _ended(one, "abatement", by.today)
    lead = ""
    if verified & {"refuted"}:
        lead = "Refuted, ruled out"
    elif clinical & {"resolved", "inactive", "remission"} or ended:
        lead = f"Past ({listed(sorted(clinical - {'active'})) or 'ended'}), history of"
    elif verified & {"unconfirmed", "differential"}:
        lead = f"Not confirmed ({listed(sorted(verified))}), not proven"
    elif verified & {"provisional"}:
        lead = "Suspected (provisional)"
    words = concept(one.get("code"))
    if not words:
        by.missing("without a name")
        return []
    standing = listed([bare_concept(one.get("clinicalStatus")), bare_concept(one.get("verificationStatus"))])
    end = when(one, ("abatement",))
    told = said(
        words,
        bare_concept(one.get("severity")),
        listed([bare_concept(each) for each in sequence(one.get("bodySite"))]),
        standing,
        when(one, ("onset",), ("recordedDate", "assertedDate", "dateRecorded")),
        f"ended {end}" if end != "no date given" else "",
    )
    return [Statement(told, lead)]


def _ended(one: Resource, stem: str, today: date) -> bool:
    if one.get(f"{stem}Boolean") is True or one.get(f"{stem}Age") or one.get(f"{stem}String"):
        return True
    ends = (one.get(f"{stem}DateTime"), mapping(one.get(f"{stem}Period")).get("end"))
    return any(has_passed(end, today) for end in ends)


def _allergy(one: Resource, by: Reader) -> Told:
    clinical, verified = codes_of(one.get("clinicalStatus")), codes_of(one.get("verificationStatus"))
    reactions = [
        bare_concept(sign)
        for each in sequence(one.get("reaction"))
        for sign in sequence(mapping(each).get("manifestation"))
    ]
    substances = [concept(mapping(each).get("substance")) for each in sequence(one.get("reaction"))]
    name = concept(one.get("code")) or concept(one.get("substance")) or listed(substances)
    if not name:
        by.missing("without a name")
        return []
    lead = ""
    if verified & {"refuted"}:
        lead = "Refuted allergy"
    elif clinical & {"inactive", "resolved"}:
        lead = f"Past allergy ({listed(sorted(clinical))})"
    elif verified & {"unconfirmed", "presumed"}:
        lead = f"{listed(sorted(verified)).capitalize()} allergy"
    risk = f"criticality {text(one.get('criticality'))}" if one.get("criticality") else ""
    standing = listed([bare_concept(one.get("clinicalStatus")), bare_concept(one.get("verificationStatus"))])
    kind = one.get("type") if isinstance(one.get("type"), str) else bare_concept(one.get("type"))
    return [Statement(said(name, listed(reactions), text(kind), risk, standing), lead)]


_NOT_DONE: Final = {
    "not-done": "Not done",
    "preparation": "Not done yet",
    "on-hold": "Not done yet (on hold)",
    "stopped": "Begun and stopped",
    "aborted": "Begun and stopped",
}


def _procedure(one: Resource, by: Reader) -> Told:
    state = text(one.get("status"))
    lead = "Not done" if one.get("notDone") is True or one.get("notPerformed") is True else _NOT_DONE.get(state, "")
    name = concept(one.get("code"))
    if not name:
        by.missing("without a name")
        return []
    sites = listed([bare_concept(each) for each in sequence(one.get("bodySite"))])
    at = when(one, ("performed", "occurrence"), ("issued",))
    return [Statement(said(name, sites, at, f"status {state}" if state else ""), lead)]


def _report(one: Resource, by: Reader) -> Told:
    coded = listed([concept(each) for each in sequence(one.get("conclusionCode") or one.get("codedDiagnosis"))])
    told = said(
        concept(one.get("code")),
        text(one.get("conclusion")),
        coded,
        notes(one),
        when(one, ("effective",), ("issued",)),
        f"status {text(one.get('status'))}" if one.get("status") else "",
    )
    return [Statement(told)]


STATEMENTS: Final[dict[str, tuple[str, Callable[[Resource, Reader], Told]]]] = {
    "DiagnosticReport": ("Reports", _report),
    "Observation": (RESULTS, _observation),
    "Condition": ("Diagnoses", _condition),
    "MedicationStatement": ("Medicines", medication),
    "MedicationUsage": ("Medicines", medication),
    "MedicationRequest": ("Medicines", medication),
    "MedicationOrder": ("Medicines", medication),
    "AllergyIntolerance": ("Allergies", _allergy),
    "Procedure": ("Procedures", _procedure),
}

#: What is told, or says nothing of the patient's health. Whatever else a resource holds is counted as left out.
_PLUMBING: Final = frozenset(
    [
        "resourceType",
        "id",
        "meta",
        "language",
        "text",
        "contained",
        "extension",
        "identifier",
        "subject",
        "patient",
        "encounter",
        "context",
        "performer",
        "recorder",
        "asserter",
        "author",
        "basedOn",
        "partOf",
        "category",
        "instantiatesUri",
        "instantiatesCanonical",
        "instantiates",
        "informationSource",
        "requester",
        "recorded",
        "priorPrescription",
        "derivedFrom",
        "hasMember",
        "related",
        "result",
        "imagingStudy",
        "specimen",
        "lastOccurrence",
        "recordedDate",
        "priority",
        "reported",
        "reportedBoolean",
        "reportedReference",
        "location",
        "based",
        "issued",
        "dateAsserted",
        "authoredOn",
        "groupIdentifier",
        "insurance",
        "dispenseRequest",
        "substitution",
        "performerType",
        "effectiveDateTime",
        "effectivePeriod",
        "effectiveInstant",
        "code",
        "status",
        "note",
    ]
)
_TOLD: Final[dict[str, frozenset[str]]] = {
    "Observation": frozenset(
        [
            "component",
            "dataAbsentReason",
            "interpretation",
            "referenceRange",
            "comment",
            "comments",
            "focus",
            "triggeredBy",
        ]
    ),
    "Condition": frozenset(
        ["clinicalStatus", "verificationStatus", "severity", "bodySite", "assertedDate", "dateRecorded"]
    ),
    "AllergyIntolerance": frozenset(
        ["clinicalStatus", "verificationStatus", "type", "criticality", "reaction", "substance", "assertedDate"]
    ),
    "Procedure": frozenset(
        ["bodySite", "notDone", "notPerformed", "performedDateTime", "performedPeriod", "performedString"]
    ),
    "DiagnosticReport": frozenset(["conclusion", "conclusionCode", "codedDiagnosis", "presentedForm"]),
    "Medication": frozenset(
        [
            "medication",
            "medicationCodeableConcept",
            "medicationReference",
            "dosage",
            "dosageInstruction",
            "intent",
            "doNotPerform",
            "taken",
            "wasNotTaken",
            "adherence",
            "dateWritten",
            "courseOfTherapyType",
        ]
    ),
}
_STEMS: Final = ("_", "value", "effective", "onset", "abatement", "performed", "occurrence")
#: What is told of notes only where they are read above.
_WITH_NOTES: Final = ("Observation", "DiagnosticReport")


def untold(kind: str, one: Resource) -> Iterator[str]:
    """The names of elements that hold something and are not told."""
    told = _TOLD.get(kind) or _TOLD["Medication"]
    for name, value in one.items():
        known = name in told or name in _PLUMBING or name.startswith(_STEMS)
        if value and (not known or (name == "note" and kind not in _WITH_NOTES)):
            yield name
