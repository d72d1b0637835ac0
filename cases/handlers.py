"""What cases does when others tell news. Analysis stands above: its events are known by name only."""

from typing import Any

from cases.domain.workflow.states import State
from cases.events import ErasureCompleted
from cases.models import Case, FindingProjection
from cases.services.assignment.eligibility_rechecks import recheck_professional
from cases.services.index import forget_index
from cases.services.privacy.erasure import end_unsigned, erase_person
from cases.services.records.record_requests import mail_failed
from cases.services.workflow.rechecks import CRITICAL_VALUE, doubt_report
from config.kernel.jobs import enqueue
from config.kernel.outbox import once, publish
from identity.events import ConsentGranted, ConsentWithdrawn, DataKeysDestroyed, ErasureRequested
from professionals.events import LicenceExpired, LicenceWithdrawn, ProfessionalSuspended


@once("analysis.finding.proposed.v1", context="cases")
def finding_proposed(event: Any) -> None:
    """Remember that a finding waits for a decision; ``again``: one that was decided before, and is read otherwise."""
    FindingProjection.objects.get_or_create(
        finding_id=event.finding_id, defaults={"case_id": event.aggregate_id, "asked_again": event.again}
    )


@once("analysis.finding.decided.v1", context="cases")
def finding_decided(event: Any) -> None:
    """Remember the decision; it may arrive before the proposal."""
    FindingProjection.objects.update_or_create(
        finding_id=event.finding_id,
        defaults={"case_id": event.aggregate_id, "decision": event.decision},
    )


@once("analysis.findings.changed.v1", context="cases")
def findings_changed(event: Any) -> None:
    """Read again, a document gives other critical values: a signed report goes to the medical director."""
    case = Case.objects.select_for_update().filter(id=event.aggregate_id).first()
    if case is not None and event.critical:
        doubt_report(case, event.document_id, CRITICAL_VALUE, values=event.critical)


@once("notifications.records_mail.failed.v1", context="cases")
def records_mail_failed(event: Any) -> None:
    """Nobody was reached: the request (``aggregate_id``) waits for a coordinator, and sends no reminders."""
    mail_failed(event.aggregate_id)


@once(ConsentWithdrawn, context="cases")
def consent_withdrawn(event: ConsentWithdrawn) -> None:
    """Without consent to the service or to sharing, every case that is not yet signed ends, and nobody reads on."""
    if event.purpose not in ("service", "sharing"):
        return
    end_unsigned(patient_id=event.aggregate_id, reason=f"Consent withdrawn: {event.purpose}.")


@once(ConsentGranted, context="cases")
def consent_granted(event: ConsentGranted) -> None:
    """A consent that was missing may have been all that a case waited for."""
    for case_id in Case.objects.filter(patient_id=event.aggregate_id, state=State.SIGNED).values_list("id", flat=True):
        enqueue(context="cases", kind="cases.advance", subject_id=case_id)


@once(DataKeysDestroyed, context="cases")
def keys_destroyed(event: DataKeysDestroyed) -> None:
    """An erased patient is not found any more, by whatever word."""
    forget_index(patient_id=event.aggregate_id)


@once(ErasureRequested, context="cases")
def person_erased(event: ErasureRequested) -> None:
    """Their cases end, their files go, their rows are emptied; asked again, it finds nothing and says so again."""
    erase_person(patient_id=event.aggregate_id)
    publish(ErasureCompleted(aggregate_id=event.aggregate_id))


@once(ProfessionalSuspended, context="cases")
def specialist_suspended(event: ProfessionalSuspended) -> None:
    """Their assignments end at once, and the cases are offered again."""
    recheck_professional(professional_id=event.aggregate_id, user_id=event.user_id)


@once(LicenceExpired, context="cases")
def specialist_expired(event: LicenceExpired) -> None:
    """As with a suspension."""
    recheck_professional(professional_id=event.aggregate_id, user_id=event.user_id)


@once(LicenceWithdrawn, context="cases")
def licence_withdrawn(event: LicenceWithdrawn) -> None:
    """Cases at the licence's place stop; those that another licence covers go on."""
    recheck_professional(professional_id=event.aggregate_id, user_id=event.user_id)
