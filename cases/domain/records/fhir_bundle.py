"""A FHIR Bundle (R4: https://hl7.org/fhir/R4/; also as R4B and R5 write it) as a health record.

Each resource's own words, codes, units and dates are taken over; what is not is counted with its reason and place.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from cases.domain.records.fhir_people import Patient, lines_of
from cases.domain.records.fhir_reader import Reader
from cases.domain.records.fhir_references import Entry, References
from cases.domain.records.fhir_statements import STATEMENTS, untold, void_reason
from cases.domain.records.fhir_values import day, mapping, sequence, text
from cases.domain.records.health_record import ENDINGS, Attachment, HealthRecord, UnfitRecord, decoded, listed

BUNDLES: Final = frozenset({"collection", "document", "message", "searchset", "transaction", "batch"})
MAX_ENTRIES: Final = 2000
#: Read by those who refer to them.
_READ_ELSEWHERE: Final = frozenset({"Patient", "Binary", "Medication", "Specimen"})


def read_bundle(bundle: Any, *, today: date) -> HealthRecord:
    """The record of the one patient whom the bundle is about. Raises UnfitRecord.

    A resource that says it is about somebody else refuses the whole bundle: who mixed two people up once may have
    done so in more places. ``today`` tells what is over from what is not.
    """
    entries, dropped = _entries(bundle)
    references = References(entries)
    patient = Patient(entries, references)
    record = HealthRecord(source=f"a FHIR R4 {bundle['type']} bundle", patient=lines_of(patient.resource))
    for place in dropped:
        record.leave_out("entry", "to be deleted, or without a resource", place)
    _Taking(record, references, patient, today).take(entries)
    _count_files_nobody_names(record, entries, references)
    for link in map(mapping, sequence(bundle.get("link"))):
        if link.get("relation") == "next":
            record.leave_out("page", "the bundle goes on on a server, from which nothing is fetched", "link")
    if not record.read and not record.attachments:
        raise UnfitRecord("The bundle holds nothing that can be imported as a record." + _why_nothing(record))
    return record


def _entries(bundle: Any) -> tuple[list[Entry], list[str]]:
    if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
        raise UnfitRecord("Send a FHIR R4 Bundle: a JSON object with resourceType Bundle.")
    if str(bundle.get("type")) not in BUNDLES:
        raise UnfitRecord(f"The bundle's type must be one of {listed(sorted(BUNDLES))}.")
    entries = bundle.get("entry")
    if not isinstance(entries, list) or not 0 < len(entries) <= MAX_ENTRIES:
        raise UnfitRecord(f"The bundle must have 1 to {MAX_ENTRIES} entries.")
    found: list[Entry] = []
    dropped: list[str] = []
    for number, entry in enumerate(entries):
        one = mapping(entry)
        resource, method = one.get("resource"), mapping(one.get("request")).get("method")
        if method == "DELETE" or (resource is None and (one.get("request") or one.get("response"))):
            dropped.append(f"entry {number}")
            continue
        if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
            raise UnfitRecord(f"Entry {number} of the bundle has no resource with a resourceType.")
        found.append(Entry(number, text(one.get("fullUrl")), resource))
    return found, dropped


class _Taking:
    """One bundle on its way into a record."""

    def __init__(self, record: HealthRecord, references: References, patient: Patient, today: date) -> None:
        self._record, self._references, self._patient, self._today = record, references, patient, today
        self._sex = text(patient.resource.get("gender"))
        self._born = day(patient.resource.get("birthDate"))

    def take(self, entries: Iterable[Entry]) -> None:
        """All entries that are about the patient."""
        for entry in entries:
            if entry.kind in _READ_ELSEWHERE:
                continue
            why_not = self._patient.not_about(entry) or void_reason(entry.kind, entry.resource)
            if why_not:
                self._record.leave_out(entry.kind, why_not, entry.place)
            elif entry.kind in STATEMENTS:
                self._state(entry)
            elif entry.kind == "DocumentReference":
                forms = [mapping(content).get("attachment") for content in sequence(entry.resource.get("content"))]
                self._attach(entry, forms)
            else:
                self._record.leave_out(entry.kind, "", entry.place)

    def _state(self, entry: Entry) -> None:
        record, (heading, read) = self._record, STATEMENTS[entry.kind]
        by = Reader(
            resolve=lambda reference: self._references.resource(reference, entry),
            missing=lambda what: record.leave_out(entry.kind, what, entry.place),
            today=self._today,
            sex=self._sex,
            born=self._born,
        )
        statements = read(entry.resource, by)
        if statements:
            record.add(entry.kind, heading, *statements)
        for name in untold(entry.kind, entry.resource):
            record.leave_out(entry.kind, f"detail that is not imported: {name[:40]}", entry.place)
        self._attach(entry, sequence(entry.resource.get("presentedForm")))

    def _attach(self, entry: Entry, forms: list[Any]) -> None:
        record, kind = self._record, f"attachment of {entry.kind}"
        for form in map(mapping, forms):
            data, media_type = form.get("data"), _media_type(form)
            if data is None and form.get("url"):
                binary = self._references.resource({"reference": form["url"]}, entry)
                data, media_type = binary.get("data"), _media_type(binary) or media_type
            if data is None:
                # Nothing is ever fetched from an address that a record names.
                record.leave_out(kind, "only its address is given", entry.place)
            elif media_type not in ENDINGS:
                record.leave_out(kind, "of a type that is not read", entry.place)
            else:
                number = len(record.attachments) + 1
                title = str(form.get("title") or f"attachment {number}").rpartition(".")[0] or f"attachment {number}"
                record.attachments.append(
                    Attachment(f"{title[:80]}.{ENDINGS[media_type]}", media_type, decoded(str(data)))
                )
                record.read[kind] += 1


def _count_files_nobody_names(record: HealthRecord, entries: list[Entry], references: References) -> None:
    asked: set[int] = set()
    for entry in entries:
        forms = sequence(entry.resource.get("presentedForm"))
        forms = forms + [mapping(content).get("attachment") for content in sequence(entry.resource.get("content"))]
        for form in map(mapping, forms):
            asked.add(id(references.resource({"reference": form.get("url")}, entry)))
    for entry in entries:
        if entry.kind == "Binary" and id(entry.resource) not in asked:
            record.leave_out("Binary", "nothing in the bundle says what it is", entry.place)


def _media_type(one: Any) -> str:
    return text(one.get("contentType")).partition(";")[0].strip().lower()


def _why_nothing(record: HealthRecord) -> str:
    told = [f"{count} x {what}" for what, count in list(record.left_out.items())[:5]]
    return f" Left out: {listed(told)}." if told else ""
