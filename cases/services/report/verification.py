"""What anybody may ask of a report whose file or manifest they hold: is it genuine, and is it the newest?

Nothing here names a patient or a case. Who asks knows the hash of a file, or a signed manifest, and learns its version.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from cases.adapters.report_keys import report_keys
from cases.db import atomic
from cases.domain.report.proof import Unsigned, read_manifest
from cases.domain.workflow.state_machines import SIGNED_OPINIONS
from cases.domain.workflow.states import State
from cases.models import Report


@dataclass(frozen=True, kw_only=True)
class ProofDTO:
    """``standing``: valid, superseded, withdrawn or changed; the rest is None for a changed one.

    ``newest_version`` is the number of the version that stands today.
    """

    standing: str
    version: int | None = None
    newest_version: int | None = None
    signed_at: datetime | None = None
    signer: str | None = None
    licence_place: str | None = None


_CHANGED = ProofDTO(standing="changed")


def check_file(*, sha256: str) -> ProofDTO:
    """Judge a file by the SHA-256 of its bytes (hex), computed where the file is."""
    with atomic():
        named = Q(pdf_sha256=sha256.lower()) | Q(fhir_sha256=sha256.lower())
        row = released().filter(named).first()
        return _judged(row) if row else _CHANGED


def check_manifest(*, manifest: str) -> ProofDTO:
    """Judge the signed manifest that the QR code holds."""
    try:
        said = read_manifest(manifest, report_keys())
    except Unsigned:
        return _CHANGED
    with atomic():
        row = released().filter(id=said.report_id, manifest=manifest).first()
        return _judged(row) if row else _CHANGED


def standing_of(row: Report) -> str:
    """``valid``, ``superseded`` by a delivered newer version, or ``withdrawn`` with its case."""
    return _standing(row, _newest(row))


def standings_of(rows: Sequence[Report]) -> tuple[str, ...]:
    """The same for all reports of one case, of which ``rows`` hold every delivered one."""
    newest = max((row.opinion.number for row in rows if row.delivered_at), default=0)
    return tuple(_standing(row, newest) for row in rows)


def _judged(row: Report) -> ProofDTO:
    signer = licence = None
    if row.manifest:
        said = read_manifest(row.manifest, report_keys())
        signer, licence = said.signer, said.licence_place
    newest = _newest(row)
    return ProofDTO(
        standing=_standing(row, newest),
        version=row.opinion.number,
        newest_version=newest,
        signed_at=row.opinion.signed_at,
        signer=signer,
        licence_place=licence,
    )


def _standing(row: Report, newest: int) -> str:
    if row.case.state == State.ENTERED_IN_ERROR:
        return "withdrawn"
    return "superseded" if newest > row.opinion.number else "valid"


def _newest(row: Report) -> int:
    numbers = Report.objects.filter(case_id=row.case_id).exclude(delivered_at=None)
    return max([row.opinion.number, *numbers.values_list("opinion__number", flat=True)])


def released() -> QuerySet[Report]:
    """Reports of signed versions."""
    return Report.objects.select_related("case", "opinion").filter(opinion__state__in=SIGNED_OPINIONS)
