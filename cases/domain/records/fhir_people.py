"""Whose records a bundle holds: one patient's, or it is refused. What is about no patient at all is left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from cases.domain.records.fhir_references import Entry, References, contained, references_in
from cases.domain.records.fhir_values import Resource, mapping, sequence, text
from cases.domain.records.health_record import UnfitRecord

#: The elements that say whom a resource is about.
ABOUT: Final = ("subject", "patient", "beneficiary", "for")
_NO_PERSON: Final = frozenset(
    [
        "Group",
        "Location",
        "Device",
        "Practitioner",
        "PractitionerRole",
        "Organization",
        "RelatedPerson",
        "Substance",
        "Medication",
        "Specimen",
        "HealthcareService",
        "BiologicallyDerivedProduct",
        "NutritionProduct",
        "Procedure",
        "Endpoint",
    ]
)
_MIXED = "The bundle speaks of more than one patient. Send the records of one patient alone."
#: Names by their use, the one to be shown first; names no longer used are none.
_USES: Final = ("official", "usual", "", "temp", "nickname", "anonymous", "maiden", "old")


class Patient:
    """The one patient of a bundle. Raises UnfitRecord for none and for more than one."""

    def __init__(self, entries: Sequence[Entry], references: References) -> None:
        self._references = references
        self._entries = [one for one in entries if one.kind == "Patient"]
        self.resource = self._newest() if self._entries else self._contained(entries)
        self._require_one_server(entries)

    def _newest(self) -> Resource:
        kept = self._entries[0]
        for other in self._entries[1:]:
            same = other.name and other.name == kept.name and other.server == kept.server
            if not same or not _alike(kept.resource, other.resource, or_unknown=False):
                raise UnfitRecord(
                    f"The bundle holds {len(self._entries)} Patient resources; send the records of one patient."
                )
            kept = max(kept, other, key=lambda one: text(mapping(one.resource.get("meta")).get("lastUpdated")))
        return kept.resource

    def _contained(self, entries: Iterable[Entry]) -> Resource:
        found: list[Resource] = []
        for entry in entries:
            for about in references_in(entry.resource, *ABOUT):
                one = contained(entry.resource, text(about.get("reference")))
                if one.get("resourceType") == "Patient":
                    found.append(one)
        if not found:
            raise UnfitRecord("The bundle holds 0 Patient resources; send the records of one patient with the Patient.")
        if not all(_alike(found[0], other, or_unknown=False) for other in found):
            raise UnfitRecord(_MIXED)
        return found[0]

    def _require_one_server(self, entries: Iterable[Entry]) -> None:
        """Where the bundle does not say on which server the patient is, all references must look on one."""
        if not self._entries or self._entries[0].server:
            return
        told = [text(about.get("reference")) for one in entries for about in references_in(one.resource, *ABOUT)]
        name = self._entries[0].name
        servers = self._references.servers_of(name, told)
        if len(servers) > 1 or (servers and any(one.split("/_history")[0] == name for one in told)):
            raise UnfitRecord(_MIXED)

    def not_about(self, entry: Entry) -> str:
        """Why an entry is not about the patient; empty if it is. Raises UnfitRecord if it is about another one."""
        for about in references_in(entry.resource, *ABOUT):
            reason = self._not_meant(about, entry)
            if reason:
                return reason
        for about in references_in(entry.resource, "focus"):
            if self._not_meant(about, entry, refuse=False):
                return "about somebody or something other than the patient"
        return ""

    def _not_meant(self, about: Resource, entry: Entry, *, refuse: bool = True) -> str:
        named = text(about.get("reference"))
        if not named:
            return self._by_other_means(about)
        kind = text(about.get("type")).rpartition("/")[2] or _kind_in(named)
        if named.startswith("#"):
            one = contained(entry.resource, named)
            if one.get("resourceType") == "Patient" and _alike(self.resource, one, or_unknown=True):
                return ""
            kind = text(one.get("resourceType")) or kind
        found = self._references.candidates(named, entry)
        if found and all(one in self._entries for one in found):
            return ""
        if found:
            kind = found[0].kind
        if kind == "Patient" and "?" in named and self._has_identifier(named.partition("identifier=")[2]):
            return ""
        if kind in _NO_PERSON:
            return f"about a {kind}"
        if not refuse:
            return "about another"
        raise UnfitRecord(_MIXED)

    def _by_other_means(self, about: Resource) -> str:
        """A subject that is named by an identifier or in words alone."""
        kind = text(about.get("type")).rpartition("/")[2]
        if kind in _NO_PERSON:
            return f"about a {kind}"
        identifier = mapping(about.get("identifier"))
        if identifier.get("value"):
            own = _identifiers(self.resource)
            theirs = (text(identifier.get("system")), text(identifier.get("value")))
            if theirs in own:
                return ""
            if theirs[0] and theirs[0] in {system for system, _ in own}:
                raise UnfitRecord(_MIXED)
            return "about somebody whose identifier is not the patient's"
        words = text(about.get("display"))
        if words and not set(_words(words)) >= set(_words(name_of(self.resource))):
            return "about somebody who is named in other words than the patient"
        return ""

    def _has_identifier(self, query: str) -> bool:
        system, _, value = query.partition("&")[0].rpartition("|")
        return any(value == own and (not system or system == of) for of, own in _identifiers(self.resource))


def lines_of(patient: Resource) -> list[str]:
    """Whose the record is, as lines of a page."""
    name = name_of(patient)
    lines = [f"Patient: {name[:200]}"] if name else []
    if patient.get("birthDate"):
        lines.append(f"Date of birth: {text(patient.get('birthDate'))[:20]}")
    if patient.get("gender"):
        lines.append(f"Sex: {text(patient.get('gender'))[:20]}")
    return lines


def name_of(patient: Resource) -> str:
    """The name in official use, else the next best; a former one only where there is no other."""
    names = [mapping(each) for each in sequence(patient.get("name"))]
    current = [one for one in names if not mapping(one.get("period")).get("end")] or names
    ranked = sorted(current, key=lambda one: _USES.index(use) if (use := text(one.get("use"))) in _USES else 2)
    return next(filter(None, map(_full, ranked)), "")


def _full(name: Resource) -> str:
    family = name.get("family")
    parts = [
        *map(text, sequence(name.get("given"))),
        # A list in the releases before R4's predecessor.
        *(map(text, family) if isinstance(family, list) else [text(family)]),
        *map(text, sequence(name.get("suffix"))),
    ]
    return text(name.get("text")) or " ".join(filter(None, parts))


def _kind_in(reference: str) -> str:
    parts = reference.split("?")[0].split("/_history")[0].split("/")
    return parts[-2] if len(parts) > 1 and "?" not in reference else parts[-1] if "?" in reference else ""


def _identifiers(patient: Resource) -> set[tuple[str, str]]:
    found = (mapping(each) for each in sequence(patient.get("identifier")))
    return {(text(one.get("system")), text(one.get("value"))) for one in found if one.get("value")}


def _alike(one: Resource, other: Resource, *, or_unknown: bool) -> bool:
    """Whether two Patient resources are of one person: by name and birth, or (``or_unknown``) an identifier."""
    born = text(one.get("birthDate")), text(other.get("birthDate"))
    named = _words(name_of(one)), _words(name_of(other))
    if or_unknown and _identifiers(one) & _identifiers(other):
        return not all(born) or born[0] == born[1]
    if or_unknown and not any((born[1], named[1])):
        return not _identifiers(other)
    return sorted(named[0]) == sorted(named[1]) and (born[0] == born[1] or (or_unknown and not all(born)))


def _words(name: str) -> list[str]:
    return name.casefold().replace(",", " ").replace("-", " ").split()
