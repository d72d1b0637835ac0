"""The job behind a document of a credential: read it by the same safety steps as documents of cases."""

import base64
import tempfile
from pathlib import Path
from uuid import UUID

from config.kernel.conf import setting
from config.kernel.crypto import Place, open_text
from config.kernel.db.states import advance_all
from config.kernel.errors import Invalid
from config.kernel.jobs import JobRun
from config.kernel.ports import READ_FILE
from identity import services as identity
from professionals.db import atomic
from professionals.domain.credentials import EvidenceState
from professionals.models import Evidence

TABLE = "professionals_evidence"


def read_evidence(run: JobRun) -> None:
    """The job: read the file in a limited child. Running it again changes nothing."""
    held = Evidence.objects.select_related("professional").filter(id=run.subject_id).first()
    if held is None or held.state != EvidenceState.QUARANTINED:
        return
    key = identity.data_key(subject_id=held.professional.user_id)
    pages, state, advice = None, EvidenceState.CLEARED, ""
    with tempfile.TemporaryDirectory(prefix="sop-evidence-", dir=setting("WORK_DIR") or None) as folder:
        source = Path(folder) / "source"
        source.write_bytes(base64.b64decode(open_text(key, Place(TABLE, "content", held.id), held.content_sealed)))
        name = open_text(key, Place(TABLE, "name", held.id), held.name_sealed)
        try:
            pages = READ_FILE.ask(source=source, name=name, media_type=held.media_type)
        except Invalid as refusal:
            state, advice = EvidenceState.REJECTED, refusal.detail
    _settle(held.id, state, advice, pages, run)


def give_up_evidence(evidence_id: UUID) -> None:
    """What happens when the job is dead: nobody sees a file that could not be read."""
    _settle(evidence_id, EvidenceState.REJECTED, "The file could not be read. Scan it again and upload that.", None)


def _settle(evidence_id: UUID, state: EvidenceState, advice: str, pages: int | None, run: JobRun | None = None) -> None:
    with atomic():
        advance_all(Evidence.objects.filter(id=evidence_id), state, advice=advice[:300], pages=pages)
        if run is not None:
            run.complete()
