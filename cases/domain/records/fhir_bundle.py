"""A FHIR R4 Bundle (https://hl7.org/fhir/R4/) as a health record: each resource's own words, codes, units and dates."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from cases.domain.records.health_record import Attachment, HealthRecord, listed, said

Resource = Mapping[str, Any]
BUNDLES: Final = frozenset({"collection", "document", "searchset", "transaction", "batch"})
MAX_ENTRIES: Final = 2000
_SYSTEMS: Final = {
    "http://loinc.org": "LOINC",
    "http://snomed.info/sct": "SNOMED CT",
    "http://hl7.org/fhir/sid/icd-10": "ICD-10",
    "http://hl7.org/fhir/sid/icd-10-cm": "ICD-10-CM",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "RxNorm",
    "http://www.whocc.no/atc": "ATC",
}
_OWN_WORDS: Final = ("http://terminology.hl7.org/", "http://hl7.org/fhir/")
_ENDINGS: Final = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/tiff": "tif",
    "image/heic": "heic",
    "text/plain": "txt",
    "application/dicom": "dcm",
}


class UnfitRecord(Exception):
    """A record that cannot be taken over; the message says what to change."""


def read_bundle(bundle: Any) -> HealthRecord:
    """The record of the one patient whom the bundle is about. Raises UnfitRecord.

    A resource that says it is about somebody else refuses the whole bundle: who mixed two people up once may have
    done so in more places.
    """
    entries = _entries(bundle)
    patients = [one for _, one in entries if one.get("resourceType") == "Patient"]
    if len(patients) != 1:
        raise UnfitRecord(f"The bundle holds {len(patients)} Patient resources; send the records of one patient.")
    record = HealthRecord(source=f"a FHIR R4 {bundle['type']} bundle", patient=_patient(patients[0]))
    known = {name: one for url, one in entries for name in _names(url, one)}
    mine = {name for name, one in known.items() if one is patients[0]}
    for _, one in entries:
        kind = str(one.get("resourceType"))
        if kind in ("Patient", "Binary", "Medication"):
            continue
        _refuse_other(one, mine)
        _take(record, kind, one, known)
    if unasked := _unasked(entries, known):
        record.left_out["Binary (nothing in the bundle says what it is)"] = unasked
    if not record.read and not record.attachments:
        raise UnfitRecord("The bundle holds nothing that can be imported as a record.")
    return record


def _entries(bundle: Any) -> list[tuple[str, Resource]]:
    if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
        raise UnfitRecord("Send a FHIR R4 Bundle: a JSON object with resourceType Bundle.")
    if str(bundle.get("type")) not in BUNDLES:
        raise UnfitRecord(f"The bundle's type must be one of {listed(sorted(BUNDLES))}.")
    entries = bundle.get("entry")
    if not isinstance(entries, list) or not 0 < len(entries) <= MAX_ENTRIES:
        raise UnfitRecord(f"The bundle must have 1 to {MAX_ENTRIES} entries.")
    found: list[tuple[str, Resource]] = []
    for number, entry in enumerate(entries):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
            raise UnfitRecord(f"Entry {number} of the bundle has no resource with a resourceType.")
        found.append((str(entry.get("fullUrl") or ""), resource))
    return found


def _names(url: str, resource: Resource) -> Iterator[str]:
    if url:
        yield url
    if resource.get("id"):
        yield f"{resource['resourceType']}/{resource['id']}"


def _refuse_other(resource: Resource, mine: set[str]) -> None:
    for field in ("subject", "patient"):
        about = _dict(resource.get(field)).get("reference")
        if about is None:
            continue
        # A reference may be absolute where the id is relative.
        if str(about) not in mine and "/".join(str(about).rsplit("/", 2)[-2:]) not in mine:
            raise UnfitRecord("The bundle speaks of more than one patient. Send the records of one patient alone.")


def _take(record: HealthRecord, kind: str, resource: Resource, known: Mapping[str, Resource]) -> None:
    if resource.get("status") == "entered-in-error" or "entered-in-error" in _concept(
        resource.get("verificationStatus")
    ):
        record.left_out[f"{kind} (entered in error)"] += 1
    elif resource.get("modifierExtension"):
        # It may turn the statement into its opposite (https://hl7.org/fhir/R4/extensibility.html#modifierExtension).
        record.left_out[f"{kind} (with a modifier that is not understood)"] += 1
    elif kind in _LINES:
        heading, line = _LINES[kind]
        record.add(kind, heading, line(resource, known))
        record.attachments += _attached(record, kind, _list(resource.get("presentedForm")), known)
    elif kind == "DocumentReference":
        forms = [_dict(content).get("attachment") for content in _list(resource.get("content"))]
        record.attachments += _attached(record, kind, forms, known)
    else:
        record.left_out[kind] += 1


def _unasked(entries: list[tuple[str, Resource]], known: Mapping[str, Resource]) -> int:
    """How many files of the bundle no resource attaches."""
    forms = [form for _, one in entries for form in _list(one.get("presentedForm"))]
    forms += [_dict(content).get("attachment") for _, one in entries for content in _list(one.get("content"))]
    asked = {id(known.get(str(form.get("url")))) for form in map(_dict, forms)}
    return sum(one.get("resourceType") == "Binary" and id(one) not in asked for _, one in entries)


def _attached(record: HealthRecord, kind: str, forms: list[Any], known: Mapping[str, Resource]) -> list[Attachment]:
    found: list[Attachment] = []
    for form in map(_dict, forms):
        data, media_type = form.get("data"), str(form.get("contentType") or "").partition(";")[0].strip().lower()
        if data is None and form.get("url"):
            binary = _dict(known.get(str(form["url"])))
            data, media_type = binary.get("data"), str(binary.get("contentType") or media_type)
        if data is None:
            # Nothing is ever fetched from an address that a record names.
            record.left_out[f"attachment of {kind} (only its address is given)"] += 1
        elif media_type not in _ENDINGS:
            record.left_out[f"attachment of {kind} (of a type that is not read)"] += 1
        else:
            number = len(record.attachments) + len(found) + 1
            title = str(form.get("title") or f"attachment {number}").rpartition(".")[0] or f"attachment {number}"
            found.append(Attachment(f"{title[:80]}.{_ENDINGS[media_type]}", media_type, _bytes(str(data))))
            record.read[f"attachment of {kind}"] += 1
    return found


def _bytes(data: str) -> bytes:
    try:
        return base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError) as fault:
        raise UnfitRecord("An attachment is not base64.") from fault


def _patient(patient: Resource) -> list[str]:
    name = _dict(next(iter(_list(patient.get("name"))), {}))
    full = name.get("text") or " ".join([*map(str, _list(name.get("given"))), str(name.get("family") or "")])
    lines = [f"Patient: {full}"] if str(full).strip() else []
    if patient.get("birthDate"):
        lines.append(f"Date of birth: {patient['birthDate']}")
    if patient.get("gender"):
        lines.append(f"Sex: {patient['gender']}")
    return lines


def _observation(one: Resource, known: Mapping[str, Resource]) -> str:
    parts = [f"{_concept(part.get('code'))} {_value(part)}" for part in map(_dict, _list(one.get("component")))]
    value = listed([_value(one), *parts]) or "no value given"
    ranges = [_range(each) for each in map(_dict, _list(one.get("referenceRange")))]
    return said(
        f"{_concept(one.get('code'))}: {value}",
        f"reference {listed(ranges)}" if any(ranges) else "",
        listed(_concept(each) for each in _list(one.get("interpretation"))),
        _when(one, "effective", "issued"),
        _status(one),
    )


def _condition(one: Resource, known: Mapping[str, Resource]) -> str:
    standing = listed([_concept(one.get("clinicalStatus")), _concept(one.get("verificationStatus"))])
    return said(_concept(one.get("code")), standing, _when(one, "onset", "recordedDate"))


def _medication(one: Resource, known: Mapping[str, Resource]) -> str:
    named = _dict(one.get("medicationReference")).get("reference")
    contained = {f"#{_dict(each).get('id')}": _dict(each) for each in _list(one.get("contained"))}
    referred = _dict(contained.get(str(named)) or known.get(str(named)))
    name = _concept(one.get("medicationCodeableConcept")) or _concept(referred.get("code"))
    doses = [_dosage(_dict(each)) for each in _list(one.get("dosage")) or _list(one.get("dosageInstruction"))]
    forbidden = "NOT TO BE GIVEN: " if one.get("doNotPerform") is True else ""
    intent = f"intent {one['intent']}" if one.get("intent") else ""
    return said(
        forbidden + (name or "a medicine without a name"),
        listed(doses),
        _when(one, "effective", "authoredOn"),
        intent,
        _status(one),
    )


def _dosage(one: Resource) -> str:
    if one.get("text"):
        return str(one["text"])
    doses = [_quantity(_dict(_dict(each).get("doseQuantity"))) for each in _list(one.get("doseAndRate"))]
    often = _concept(_dict(one.get("timing")).get("code"))
    told = listed([*(dose for dose in doses if not dose.startswith("no number")), often])
    return told or "a dosage in a form that is not imported"


def _allergy(one: Resource, known: Mapping[str, Resource]) -> str:
    reactions = [
        _concept(sign) for each in _list(one.get("reaction")) for sign in _list(_dict(each).get("manifestation"))
    ]
    risk = f"criticality {one['criticality']}" if one.get("criticality") else ""
    return said(_concept(one.get("code")), listed(reactions), risk, _concept(one.get("clinicalStatus")))


def _procedure(one: Resource, known: Mapping[str, Resource]) -> str:
    return said(_concept(one.get("code")), _when(one, "performed", "issued"), _status(one))


def _report(one: Resource, known: Mapping[str, Resource]) -> str:
    return said(
        _concept(one.get("code")), str(one.get("conclusion") or ""), _when(one, "effective", "issued"), _status(one)
    )


_LINES: Final[dict[str, tuple[str, Callable[[Resource, Mapping[str, Resource]], str]]]] = {
    "DiagnosticReport": ("Reports", _report),
    "Observation": ("Findings and measurements", _observation),
    "Condition": ("Diagnoses", _condition),
    "MedicationStatement": ("Medicines", _medication),
    "MedicationRequest": ("Medicines", _medication),
    "AllergyIntolerance": ("Allergies", _allergy),
    "Procedure": ("Procedures", _procedure),
}


def _value(one: Resource) -> str:
    for name, value in one.items():
        if name.startswith("value") and len(name) > 5:
            if name == "valueQuantity":
                return _quantity(_dict(value))
            if name == "valueCodeableConcept":
                return _concept(value)
            if isinstance(value, (str, int, bool)) or type(value).__name__ == "Decimal":
                return str(value)
            return f"a value of a kind that is not imported ({name[5:]})"
    absent = _concept(one.get("dataAbsentReason"))
    return f"no value: {absent}" if absent else ""


def _quantity(value: Resource) -> str:
    unit = value.get("unit") or value.get("code") or ""
    return f"{value.get('comparator') or ''}{value.get('value', 'no number')} {unit}".strip()


def _range(one: Resource) -> str:
    if one.get("text"):
        return str(one["text"])
    low, high = (_quantity(_dict(one[end])) if one.get(end) else "" for end in ("low", "high"))
    return f"{low} to {high}" if low and high else f"from {low}" if low else f"up to {high}" if high else ""


def _concept(value: Any) -> str:
    """The words and the codes of a CodeableConcept."""
    one = _dict(value)
    codings = [_dict(each) for each in _list(one.get("coding"))]
    words = one.get("text") or next((each["display"] for each in codings if each.get("display")), "")
    codes = [(_system(str(each.get("system") or "")), str(each["code"])) for each in codings if each.get("code")]
    if not words:
        return listed([f"{system} {code}".strip() for system, code in codes])
    # Beside words, a code of no system says nothing more.
    named = [f"{system} {code}" for system, code in codes if system]
    return f"{words} [{listed(named)}]" if named else str(words)


def _system(address: str) -> str:
    """What a code is of: its name, or else its address; nothing for FHIR's own words, such as ``active``."""
    return _SYSTEMS.get(address, "" if address.startswith(_OWN_WORDS) else address)


def _when(one: Resource, stem: str, otherwise: str) -> str:
    period = _dict(one.get(f"{stem}Period"))
    if period:
        return f"from {period.get('start') or 'unknown'}" + (f" to {period['end']}" if period.get("end") else "")
    return str(one.get(f"{stem}DateTime") or one.get(f"{stem}String") or one.get(otherwise) or "no date given")


def _status(one: Resource) -> str:
    return f"status {one['status']}" if one.get("status") else ""


def _dict(value: Any) -> Resource:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
