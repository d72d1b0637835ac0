"""What analysis does when others tell news."""

from analysis import services
from analysis.events import ErasureCompleted
from cases.events import CaseRemoved, DocumentRead, DocumentReread, DocumentState
from config.kernel.outbox import once, publish
from config.kernel.privacy.erasure import erase_rows
from identity.events import ConsentWithdrawn, ErasureRequested


@once(DocumentRead, context="analysis")
def document_read(event: DocumentRead) -> None:
    """An accepted document is analysed at once, if the patient agrees."""
    if event.state == DocumentState.ACCEPTED:
        services.start_after_reading(
            case_id=event.aggregate_id, document_id=event.document_id, patient_id=event.patient_id
        )


@once(DocumentReread, context="analysis")
def document_reread(event: DocumentReread) -> None:
    """What a newer reader reads is analysed anew; of what turns out to be another person's nothing stands."""
    if event.state == DocumentState.ACCEPTED:
        services.start_after_rereading(
            case_id=event.aggregate_id, document_id=event.document_id, patient_id=event.patient_id
        )
    else:
        services.lay_document_aside(document_id=event.document_id)


@once(ConsentWithdrawn, context="analysis")
def consent_withdrawn(event: ConsentWithdrawn) -> None:
    """Runs that wait are stopped; one under way checks for itself before it stores anything."""
    if event.purpose == "ai_processing":
        services.block_queued(patient_id=event.aggregate_id)


@once(ErasureRequested, context="analysis")
def person_erased(event: ErasureRequested) -> None:
    """Take out what this context holds of them, and say so; asked again, it finds nothing and says so again."""
    erase_rows("analysis", event.aggregate_id)
    publish(ErasureCompleted(aggregate_id=event.aggregate_id))


@once(CaseRemoved, context="analysis")
def case_removed(event: CaseRemoved) -> None:
    """Its retention is over: runs and findings go with the case."""
    services.forget_case(case_id=event.aggregate_id)
