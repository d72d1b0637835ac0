"""Audit rows as FHIR R4 AuditEvents, in the shape of IHE's Basic Audit Log Patterns."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

Json = dict[str, Any]
_DCM = "http://dicom.nema.org/resources/ontology/DCM"
_EVENT = "http://terminology.hl7.org/CodeSystem/audit-event-type"
_INTERACTION = "http://hl7.org/fhir/restful-interaction"
_PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
_OBJECT = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
_OBJECT_ROLE = "http://terminology.hl7.org/CodeSystem/object-role"
_REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
_BALP = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit"
_OUTCOMES = {"success": "0", "denied": "4", "failure": "8"}
_REASONS = {
    "treatment": "TREAT",
    "patient_request": "PATRQT",
    "emergency": "BTG",
    "operations": "HOPERAT",
    "ai_reading": "TREATDS",
}
# The last word of an action says what was done; anything else was an execution.
_VERBS = {
    "C": {"open", "upload", "grant", "create", "add", "submit"},
    "R": {"list", "view_page", "download", "export", "search", "worklist", "analyse", "findings", "insights"},
    "U": {"update", "change", "edit", "sign", "save", "move", "answer", "accept", "confirm"},
    "D": {"delete", "withdraw", "erase", "revoke", "destroy"},
}
_RESTFUL = {"C": "create", "R": "read", "U": "update", "D": "delete", "E": "operation"}
_PROFILES = {"C": "PatientCreate", "R": "PatientRead", "U": "PatientUpdate", "D": "PatientDelete"}


def audit_bundle(events: Sequence[Json]) -> Json:
    """A searchset of the events."""
    entries = [{"fullUrl": f"urn:uuid:{event['id']}", "resource": event} for event in events]
    return {"resourceType": "Bundle", "type": "searchset", "total": len(events), "entry": entries}


def audit_event(
    *,
    id: UUID,
    at: datetime,
    action: str,
    outcome: str,
    purpose: str,
    actor: str,
    roles: Sequence[str],
    patient_id: UUID | None,
    object_type: str,
    object_id: UUID | None,
    request_id: str,
    address: str | None,
    detail: Mapping[str, Any],
) -> Json:
    """One AuditEvent; ``actor`` is the identifier by which the reader may know who acted."""
    code = _code(action)
    event: Json = {
        "resourceType": "AuditEvent",
        "id": str(id),
        "type": {"system": _EVENT, "code": "rest", "display": "RESTful Operation"},
        "subtype": [
            {"system": _INTERACTION, "code": _RESTFUL[code], "display": _RESTFUL[code]},
            {"system": "urn:second-opinion:audit-action", "code": action},
        ],
        "action": code,
        "recorded": at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "outcome": _OUTCOMES.get(outcome, "8"),
        "agent": _agents(actor, roles, address),
        "source": {"observer": {"display": "Second Opinion Platform"}, "type": [_coding(_SOURCE, "4")]},
        "entity": _entities(patient_id, object_type, object_id, request_id, detail),
    }
    if patient_id and code in _PROFILES:
        event["meta"] = {"profile": [f"{_BALP}.{_PROFILES[code]}"]}
    if purpose in _REASONS:
        event["purposeOfEvent"] = [{"coding": [_coding(_REASON, _REASONS[purpose])]}]
    return event


_SOURCE = "http://terminology.hl7.org/CodeSystem/security-source-type"


def _code(action: str) -> str:
    verb = action.rpartition(".")[2]
    if verb.startswith("read"):
        return "R"
    return next((letter for letter, verbs in _VERBS.items() if verb in verbs), "E")


def _agents(actor: str, roles: Sequence[str], address: str | None) -> list[Json]:
    user: Json = {
        "type": {"coding": [_coding(_PARTICIPATION, "IRCP", "information recipient")]},
        "who": {"identifier": {"system": "urn:second-opinion:actor", "value": actor}},
        "requestor": True,
    }
    if roles:
        user["role"] = [{"coding": [_coding("urn:second-opinion:role", role)]} for role in roles]
    client: Json = {
        "type": {"coding": [_coding(_DCM, "110153", "Source Role ID")]},
        "who": {"display": "Client"},
        "requestor": False,
    }
    if address:
        client["network"] = {"address": address, "type": "2"}
    server: Json = {
        "type": {"coding": [_coding(_DCM, "110152", "Destination Role ID")]},
        "who": {"display": "Second Opinion Platform"},
        "requestor": False,
    }
    return [client, server, user]


def _entities(
    patient_id: UUID | None, object_type: str, object_id: UUID | None, request_id: str, detail: Mapping[str, Any]
) -> list[Json]:
    found: list[Json] = []
    if patient_id:
        found.append(_entity("1", "1", "Patient", f"urn:uuid:{patient_id}"))
    if object_id or object_type:
        data = _entity("2", "4", "Domain Resource", f"urn:uuid:{object_id}" if object_id else "")
        data["what"]["display"] = object_type or "object"
        if detail:
            data["detail"] = [{"type": str(name), "valueString": _line(value)} for name, value in detail.items()]
        found.append(data)
    if request_id:
        found.append(
            {
                "type": {"system": "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType"}
                | {"code": "XrequestId"},
                "what": {"identifier": {"value": request_id}},
            }
        )
    return found


def _entity(kind: str, role: str, display: str, reference: str) -> Json:
    what = {"identifier": {"value": reference}} if reference else {}
    return {"what": what, "type": _coding(_OBJECT, kind), "role": _coding(_OBJECT_ROLE, role, display)}


def _coding(system: str, code: str, display: str = "") -> Json:
    return {"system": system, "code": code} | ({"display": display} if display else {})


def _line(value: Any) -> str:
    """One line, and never an empty one, which FHIR forbids."""
    return " ".join(str(value).split())[:500] or "-"
