"""What tests look at and the product never has to ask."""

from uuid import UUID

from cases.services import report
from config.kernel.auth import Principal
from identity import services as identity
from identity.models import DestroyedKey
from identity.services.sign_in.sign_in import prove


def keys_are_destroyed(subject_id: UUID) -> bool:
    """Whether this person's keys were destroyed."""
    return DestroyedKey.objects.filter(subject_id=subject_id).exists()


def session_is_open(session_id: UUID) -> bool:
    """Whether the session may still act: neither ended nor of a deactivated account."""
    return session_id in identity.open_sessions(session_ids=(session_id,))


def verify_credentials(email: str, password: str) -> identity.AccountDTO:
    """The account of address and password; raises as a sign-in does."""
    return prove(email=email, password=password).account


def report_pdf(principal: Principal, case_id: UUID) -> bytes:
    """The newest PDF."""
    return report.report_file(principal=principal, case_id=case_id, kind="pdf").content


def report_fhir(principal: Principal, case_id: UUID) -> bytes:
    """The newest FHIR R4 document, as JSON bytes."""
    return report.report_file(principal=principal, case_id=case_id, kind="fhir").content
