"""Searches: what of a patient, or of a case, the caller may see, page by page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cases.models import Case, Report
from cases.services.casefile.case_reads import list_cases
from cases.services.documents.document_reads import list_documents
from cases.services.fhir import resources as shapes
from cases.services.fhir.resource_reads import read
from cases.services.fhir.resources import Resource
from cases.services.fhir.visibility import readable_cases
from cases.services.report.reports import list_reports
from config.kernel.auth import Principal
from config.kernel.errors import FieldError, Forbidden, Invalid, NotFound
from identity import services as identity


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is searched for: of whom, in which case, how many, and after which id."""

    patient_id: UUID | None
    case_id: UUID | None
    count: int
    after: UUID | None


def find(*, principal: Principal, kind: str, wish: Wish) -> tuple[list[Resource], UUID | None]:
    """Resources of a type, and the id to go on after (``None``: that was all).

    ``Invalid`` when the parameter that the type is searched by is missing.
    """
    finder = _FINDERS.get(kind)
    if finder is None:
        raise NotFound(f"No {kind} is searched for here; the CapabilityStatement lists what is.")
    return finder(principal, wish)


def requests_of(principal: Principal, wish: Wish) -> tuple[list[Mapping[str, Any]], dict[UUID, UUID], UUID | None]:
    """Lines of cases, the patient of each whose content is open to the caller, and the id to go on after."""
    lines, after = list_cases(principal=principal, limit=wish.count, after=wish.after)
    ids = [line["id"] for line in lines]
    patients = dict(readable_cases(principal).filter(id__in=ids).values_list("id", "patient_id"))
    if wish.patient_id is not None:
        lines = tuple(line for line in lines if patients.get(line["id"]) == wish.patient_id)
    return list(lines), patients, after


def _lines(shape: Callable[..., Resource]) -> Callable[[Principal, Wish], tuple[list[Resource], UUID | None]]:
    def finder(principal: Principal, wish: Wish) -> tuple[list[Resource], UUID | None]:
        lines, patients, after = requests_of(principal, wish)
        return [shape(line, subject=patients.get(line["id"])) for line in lines], after

    return finder


def _patients(principal: Principal, wish: Wish) -> tuple[list[Resource], UUID | None]:
    return [read(principal=principal, kind="Patient", resource_id=_named(wish.patient_id, "_id"))], None


def _documents(principal: Principal, wish: Wish) -> tuple[list[Resource], UUID | None]:
    case_id = _named(wish.case_id, "case")
    found = list_documents(principal=principal, case_id=case_id)
    patient_id = Case.objects.values_list("patient_id", flat=True).get(id=case_id)
    shown = [shapes.document_reference(one, subject=patient_id if one.name else None) for one in found]
    return _window(shown, wish)


def _reports(principal: Principal, wish: Wish) -> tuple[list[Resource], UUID | None]:
    case_id = _named(wish.case_id, "case")
    found = list_reports(principal=principal, case_id=case_id)
    patient_id = Case.objects.values_list("patient_id", flat=True).get(id=case_id)
    return _window([shapes.diagnostic_report(one, subject=patient_id) for one in found], wish)


def _of_documents(kind: str) -> Callable[[Principal, Wish], tuple[list[Resource], UUID | None]]:
    def finder(principal: Principal, wish: Wish) -> tuple[list[Resource], UUID | None]:
        # The newest report alone: earlier ones are opened by their ids.
        case_id = _named(wish.case_id, "case")
        list_reports(principal=principal, case_id=case_id)
        newest = Report.objects.filter(case=case_id).order_by("-opinion__number").first()
        return ([read(principal=principal, kind=kind, resource_id=newest.id)] if newest else []), None

    return finder


def _consents(principal: Principal, wish: Wish) -> tuple[list[Resource], UUID | None]:
    own = principal.require_user_id()
    if wish.patient_id not in (None, own):
        raise Forbidden("Only patients read what they agreed to.", code="role_forbidden")
    return shapes.consents(identity.list_consents(patient_id=own), subject=own), None


def _events(principal: Principal, wish: Wish) -> tuple[list[Resource], UUID | None]:
    found = identity.audit_events(principal=principal, patient_id=_named(wish.patient_id, "patient"), limit=wish.count)
    return [entry["resource"] for entry in found["entry"]], None


def _window(resources: Sequence[Resource], wish: Wish) -> tuple[list[Resource], UUID | None]:
    """A page of what is already at hand, in the order of ids."""
    ordered = sorted(resources, key=lambda one: str(one["id"]))
    rest = [one for one in ordered if wish.after is None or str(one["id"]) > str(wish.after)]
    page = rest[: wish.count]
    return page, UUID(page[-1]["id"]) if len(rest) > len(page) else None


def _named(value: UUID | None, parameter: str) -> UUID:
    if value is None:
        detail = f"Say of what: give the parameter {parameter}."
        raise Invalid(detail, errors=[FieldError(f"?{parameter}", "required", detail)])
    return value


_FINDERS: Mapping[str, Callable[[Principal, Wish], tuple[list[Resource], UUID | None]]] = {
    "Patient": _patients,
    "ServiceRequest": _lines(shapes.service_request),
    "Task": _lines(shapes.task),
    "DocumentReference": _documents,
    "DiagnosticReport": _reports,
    "Composition": _of_documents("Composition"),
    "Provenance": _of_documents("Provenance"),
    "Consent": _consents,
    "AuditEvent": _events,
}
