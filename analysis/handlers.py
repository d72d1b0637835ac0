"""What analysis does when others tell news."""

from analysis import services
from cases.events import DocumentRead
from config.kernel.outbox import once
from identity.events import ConsentWithdrawn


@once(DocumentRead, context="analysis")
def document_read(event: DocumentRead) -> None:
    """An accepted document is analysed at once, if the patient agrees."""
    if event.state == "ACCEPTED":
        services.start_after_reading(
            case_id=event.aggregate_id, document_id=event.document_id, patient_id=event.patient_id
        )


@once(ConsentWithdrawn, context="analysis")
def consent_withdrawn(event: ConsentWithdrawn) -> None:
    """Runs that wait are stopped; one under way checks for itself before it stores anything."""
    if event.purpose == "ai_processing":
        services.block_queued(patient_id=event.aggregate_id)
