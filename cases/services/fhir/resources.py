"""Rows and pages of ours as FHIR R4 (4.0.1) resources of plain JSON values."""

import base64
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid5

from cases.adapters.report.fhir_parts import ICD10, LOINC, OWN_CODES, TERMINOLOGY, concept, instant, pruned
from cases.domain.workflow.state_machines import DocumentState
from cases.domain.workflow.states import State
from cases.services.documents.dto import DocumentDTO
from cases.services.report.dto import ReportDTO
from identity import services as identity

Resource = dict[str, Any]
SECOND_OPINION = "85208-7"
# What a state of ours is in the words of a request, and of the task that fulfils it.
_ENDED: Mapping[str, str] = {
    State.DECLINED: "revoked",
    State.CANCELLED: "revoked",
    State.EXPIRED: "revoked",
    State.ENTERED_IN_ERROR: "entered-in-error",
}
_TASK: Mapping[str, str] = {
    State.DRAFT: "draft",
    State.SUBMITTED: "requested",
    State.COLLECTING_RECORDS: "on-hold",
    State.TRIAGE: "received",
    State.MATCHING: "ready",
    State.CLARIFICATION: "on-hold",
    State.CLOSED: "completed",
    State.DECLINED: "rejected",
    State.CANCELLED: "cancelled",
    State.EXPIRED: "cancelled",
    State.ENTERED_IN_ERROR: "entered-in-error",
}
_DELIVERED = frozenset({State.DELIVERED, State.FOLLOW_UP, State.CLOSED, State.AMENDING})
_DOCUMENT: Mapping[str, str] = {DocumentState.REJECTED: "entered-in-error", DocumentState.WITHDRAWN: "entered-in-error"}


def patient(account: identity.AccountDTO) -> Resource:
    """The person as the account holds them; what is not given is left out."""
    born = account.date_of_birth
    return _whole(
        {
            "resourceType": "Patient",
            "id": str(account.id),
            "active": account.active,
            "name": [{"text": account.full_name}],
            "gender": account.sex,
            "birthDate": born.isoformat() if born else None,
            "address": [{"country": account.country, "state": account.region}] if account.country else None,
        }
    )


def service_request(case: Mapping[str, Any], *, subject: UUID | None) -> Resource:
    """The patient's request for a second opinion. ``case`` is a line or a page of ``cases.services``.

    A line, and a page whose content the reader may not see, lacks what the patient wrote: it is tagged SUBSETTED.
    """
    intake = case.get("intake") or {}
    diagnosis = intake.get("diagnosis") or {}
    code = str(diagnosis.get("icd10") or "")
    return _whole(
        {
            "resourceType": "ServiceRequest",
            "id": str(case["id"]),
            "meta": _meta(case, whole=bool(intake)),
            "identifier": [{"system": f"{OWN_CODES}:case", "value": case["reference"]}],
            "status": _request_status(case["state"]),
            "intent": "order",
            "priority": {"emergency": "stat", "urgent": "urgent"}.get(case["urgency"], "routine"),
            "code": concept("Second medical opinion", system=LOINC, code=SECOND_OPINION),
            "subject": _subject(subject),
            "authoredOn": case["created_at"],
            "reasonCode": [concept(diagnosis["text"], system=ICD10, code=code)] if diagnosis.get("text") else None,
            "note": [{"text": f"{one['number']}. {one['text']}"} for one in case.get("questions") or ()],
        }
    )


def task(case: Mapping[str, Any], *, subject: UUID | None) -> Resource:
    """Where the request stands: whose turn it is, and until when."""
    state = case["state"]
    status = "on-hold" if case["on_hold"] else _TASK.get(state, "completed" if state in _DELIVERED else "in-progress")
    return _whole(
        {
            "resourceType": "Task",
            "id": str(case["id"]),
            "meta": _meta(case, whole=True),
            "status": status,
            "businessStatus": concept(system=f"{OWN_CODES}:case-state", code=state),
            "intent": "order",
            "code": concept(system="http://hl7.org/fhir/CodeSystem/task-code", code="fulfill"),
            "focus": {"reference": f"ServiceRequest/{case['id']}"},
            "for": _subject(subject),
            "authoredOn": case["created_at"],
            "lastModified": case["updated_at"],
            "restriction": {"period": {"end": case["promised_at"]}} if case["promised_at"] else None,
        }
    )


def document_reference(document: DocumentDTO, *, subject: UUID | None) -> Resource:
    """A record that the patient sent in; its content is at ``/documents/{id}/content``."""
    return _whole(
        {
            "resourceType": "DocumentReference",
            "id": str(document.id),
            "meta": {"versionId": str(document.version)},
            "status": _DOCUMENT.get(document.state, "current"),
            "docStatus": "final" if document.state == DocumentState.ACCEPTED else "preliminary",
            "type": concept(document.kind, system=f"{OWN_CODES}:document-kind", code=document.kind)
            if document.kind
            else None,
            "subject": _subject(subject),
            "date": instant(document.uploaded_at),
            "content": [
                {
                    "attachment": {
                        "contentType": document.media_type,
                        "url": f"/api/v1/documents/{document.id}/content",
                        "size": document.size,
                        "title": document.name,
                    }
                }
            ],
            "context": {"related": [{"reference": f"ServiceRequest/{document.case_id}"}]},
        }
    )


def diagnostic_report(report: ReportDTO, *, subject: UUID | None) -> Resource:
    """The delivered report; its whole content is the document Bundle at ``Composition/{id}/$document``."""
    return _whole(
        {
            "resourceType": "DiagnosticReport",
            "id": str(report.id),
            "meta": {"tag": [standing(report)]},
            "basedOn": [{"reference": f"ServiceRequest/{report.case_id}"}],
            "status": "amended" if report.opinion_number > 1 else "final",
            "code": concept("Second medical opinion", system=LOINC, code=SECOND_OPINION),
            "subject": _subject(subject),
            "issued": instant(report.delivered_at) if report.delivered_at else None,
            "presentedForm": [
                {"contentType": "application/pdf", "url": f"/api/v1/cases/{report.case_id}/report.pdf"},
                {"contentType": "application/fhir+json", "url": f"/api/v1/cases/{report.case_id}/report.fhir.json"},
            ],
        }
    )


def consents(found: Iterable[identity.ConsentDTO], *, subject: UUID) -> list[Resource]:
    """What the patient agreed to; purposes that were never agreed to, or not any more, have none."""
    return [_consent(one, subject) for one in found if one.granted_at]


def standing(report: ReportDTO) -> Resource:
    """The tag that says whether a newer version replaced the report."""
    return {"system": f"{OWN_CODES}:report-standing", "code": report.standing}


def bundle(resources: Iterable[Resource], *, links: Mapping[str, str]) -> Resource:
    """A searchset; ``links`` are its relations (self, next)."""
    return _whole(
        {
            "resourceType": "Bundle",
            "type": "searchset",
            "link": [{"relation": relation, "url": url} for relation, url in links.items()],
            "entry": [
                {
                    "fullUrl": f"urn:uuid:{one['id']}",
                    "resource": one,
                    "search": {"mode": "match"},
                }
                for one in resources
            ],
        }
    )


def _consent(one: identity.ConsentDTO, subject: UUID) -> Resource:
    scope = "research" if one.purpose == "research" else "patient-privacy"
    text = base64.b64encode(one.text.encode()).decode()
    return _whole(
        {
            "resourceType": "Consent",
            "id": str(uuid5(subject, f"consent/{one.purpose}")),
            "status": "active",
            "scope": concept(system=f"{TERMINOLOGY}/consentscope", code=scope),
            "category": [concept(one.purpose, system=f"{OWN_CODES}:consent-purpose", code=one.purpose)],
            "patient": _subject(subject),
            "dateTime": instant(one.granted_at) if one.granted_at else None,
            "sourceAttachment": {"contentType": "text/plain", "data": text, "title": f"Version {one.text_version}"},
            "policyRule": concept(f"The wording of version {one.text_version}"),
        }
    )


def _request_status(state: str) -> str:
    if state == State.DRAFT:
        return "draft"
    if state == State.CLOSED:
        return "completed"
    return _ENDED.get(state, "active")


def _subject(subject: UUID | None) -> Resource:
    # A reviewer, or staff without a clinical duty, does not learn whose case it is.
    return {"reference": f"Patient/{subject}"} if subject else {"display": "withheld"}


def _meta(case: Mapping[str, Any], *, whole: bool) -> Resource:
    subsetted = {"system": f"{TERMINOLOGY}/v3-ObservationValue", "code": "SUBSETTED"}
    return {
        "versionId": str(case["version"]),
        "lastUpdated": case["updated_at"],
        "tag": None if whole else [subsetted],
    }


def _whole(value: Resource) -> Resource:
    found: Resource = pruned(value)
    return found
