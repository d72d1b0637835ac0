"""How far the reading of a document is: on its row for whoever asks, and to whoever is looking now."""

from collections.abc import Callable

from cases.adapters.reading import Progress
from cases.domain.workflow.state_machines import DocumentState
from cases.models import Document
from config.kernel.progress import tell_progress


def teller(document: Document) -> Callable[[Progress], None]:
    """What a reading calls as it goes on. Only what is new is written; the document's version stays as it is."""
    last: Progress | None = None

    def told(now: Progress) -> None:
        nonlocal last
        if now == last:
            return
        last = now
        # Of a document that a person or another run settled meanwhile, nothing is told any more.
        rows = Document.objects.filter(id=document.id, state=DocumentState.QUARANTINED)
        if rows.update(step=now.step, step_done=now.done, step_total=now.total):
            tell_progress(
                user_ids={document.patient_id, document.uploaded_by},
                about={
                    "document_id": str(document.id),
                    "case_id": str(document.case_id),
                    "step": now.step,
                    "done": now.done,
                    "total": now.total,
                },
            )

    return told
