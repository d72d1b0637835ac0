"""What this server answers, in FHIR's own words."""

from collections.abc import Mapping

from cases.services.fhir.resources import Resource

# For each type: how it is reached, and the parameters of its search with their FHIR types.
TYPES: Mapping[str, tuple[tuple[str, ...], Mapping[str, str]]] = {
    "AuditEvent": (("search-type",), {"patient": "reference"}),
    "Composition": (("read", "search-type"), {"case": "reference"}),
    "Consent": (("read", "search-type"), {"patient": "reference"}),
    "DiagnosticReport": (("read", "search-type"), {"case": "reference"}),
    "DocumentReference": (("read", "search-type"), {"case": "reference"}),
    "Patient": (("read", "search-type"), {"_id": "token"}),
    "Provenance": (("read", "search-type"), {"case": "reference"}),
    "ServiceRequest": (("read", "search-type"), {"patient": "reference"}),
    "Task": (("read", "search-type"), {"patient": "reference"}),
}


def capability_statement(*, address: str) -> Resource:
    """The CapabilityStatement; ``address`` is the base URL of the FHIR end points."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": "2026-11-23",
        "kind": "instance",
        "implementation": {"description": "Second Opinion Platform", "url": address},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "rest": [
            {
                "mode": "server",
                "security": {"description": "A bearer token of the platform; every read is recorded for the patient."},
                "resource": [_resource(kind, *told) for kind, told in TYPES.items()],
            }
        ],
    }


def _resource(kind: str, interactions: tuple[str, ...], parameters: Mapping[str, str]) -> Resource:
    found: Resource = {
        "type": kind,
        "interaction": [{"code": code} for code in interactions],
        "searchParam": [{"name": name, "type": told} for name, told in parameters.items()],
    }
    if kind == "Patient":
        definition = "http://hl7.org/fhir/OperationDefinition/Patient-everything"
        found["operation"] = [{"name": "everything", "definition": definition}]
    if kind == "Composition":
        definition = "http://hl7.org/fhir/OperationDefinition/Composition-document"
        found["operation"] = [{"name": "document", "definition": definition}]
    return found
