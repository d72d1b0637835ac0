"""Small pieces of FHIR R4 (4.0.1) JSON: references, codes, narrative. All text is made safe here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from html import escape
from typing import Any
from uuid import UUID, uuid5

from cases.domain.report.signed_report import SignedReport

Resource = dict[str, Any]

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
ICD10 = "http://hl7.org/fhir/sid/icd-10"
URI = "urn:ietf:rfc:3986"
OWN_CODES = "urn:x-second-opinion"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"

# FHIR strings and XML 1.0 both exclude these; half of a surrogate pair is not a character at all.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text without the characters FHIR forbids, without blanks at its ends."""
    return _FORBIDDEN.sub("", text).strip()


def pruned(value: Any) -> Any:
    """Clean strings and no empty values: FHIR allows neither "" nor [] nor {} nor null."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {k: v for k, v in ((k, pruned(v)) for k, v in value.items()) if not _is_empty(v)}
    if isinstance(value, list | tuple):
        return [v for v in map(pruned, value) if not _is_empty(v)]
    return value


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str | dict | list) and not value)


def derived_id(report: SignedReport, kind: str, index: int | str = 0) -> UUID:
    """The id of a resource that has none of its own: the same for the same report."""
    return uuid5(report.report_id, clean(f"{kind}/{index}"))


def reference(identifier: UUID) -> Resource:
    """A reference to another entry of the bundle."""
    return {"reference": f"urn:uuid:{identifier}"}


def instant(moment: datetime) -> str:
    """A FHIR instant in UTC, to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def concept(text: str = "", *, system: str = "", code: str = "") -> Resource:
    """A CodeableConcept; without a code it is text alone."""
    return {"coding": [{"system": system, "code": code}] if code else [], "text": text}


def narrative(html: Iterable[str]) -> Resource:
    """A Narrative of XHTML blocks that were escaped by the functions below."""
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{"".join(html)}</div>'}


def block(text: str, *, label: str = "") -> str:
    """Paragraphs of untrusted text; the first one carries the label in bold."""
    paragraphs = [part for part in re.split(r"\n\s*\n", clean(text)) if part.strip()]
    lead = f"<b>{escape(clean(label))}</b> " if label else ""
    lines = [escape(part.strip()).replace("\n", "<br/>") for part in paragraphs] or ([""] if label else [])
    return "".join(f"<p>{lead if n == 0 else ''}{line}</p>" for n, line in enumerate(lines))


def bullets(items: Iterable[str]) -> str:
    """A list of untrusted texts; nothing when there are none."""
    rows = "".join(f"<li>{escape(clean(item))}</li>" for item in items if clean(item))
    return f"<ul>{rows}</ul>" if rows else ""
