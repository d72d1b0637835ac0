"""What is answered of how far documents were read."""

from typing import Any, ClassVar

from rest_framework import serializers

from cases.api.documents.serializers_archives import NotTakenOut
from cases.domain.documents.document_text import UnreadReason
from cases.domain.workflow.state_machines import ArchiveState, DocumentState
from cases.services.casefile import (
    CaseCoverage,
    CoverageTotals,
    DocumentCoverage,
    FileNotTaken,
    ImportCoverage,
    JudgedCoverage,
    PlaceInText,
)
from cases.services.documents import PlaceNotRead, ReadingCoverage, TwoReadings
from config.kernel.api.dto_serializers import DTOSerializer

_MEDICINES = (
    "Those that were recognised. Lines that look like a medicine and were not recognised are no part of it: they are"
    " medicines_not_checked. "
)
_UNTOLD = "Null where it is not told: no run, findings that are not the reader's, or the first read not sealed yet."
_BOX = "Left, top, right and bottom as fractions of the page, origin top left."


def _box() -> Any:
    return serializers.ListField(child=serializers.FloatField(), min_length=4, max_length=4, help_text=_BOX)


class PlaceNotReadOut(DTOSerializer[PlaceNotRead]):
    reason = serializers.ChoiceField(choices=[reason.value for reason in UnreadReason])
    box = _box()


class TwoReadingsOut(DTOSerializer[TwoReadings]):
    box = _box()

    class Meta:
        help_texts: ClassVar[dict[str, str]] = {
            "read": "What stands in the page's text from start to end.",
            "other": "What a second reading says there. Neither was chosen.",
        }


class ReadingCoverageOut(DTOSerializer[ReadingCoverage]):
    places_not_read = PlaceNotReadOut(many=True)
    two_readings = TwoReadingsOut(many=True)

    class Meta:
        help_texts: ClassVar[dict[str, str]] = {
            "pages_as_text": "Numbers of the pages that hold letters of their own.",
            "pages_recognised": "Numbers of the pages whose text was recognised from a picture.",
            "pages_without_text": "Numbers of the pages that gave no text: empty, a picture, or not read.",
            "pages_with_hidden_text": "Numbers of the pages that hold text which nobody sees; it is no evidence.",
            "pages_withheld": "Numbers of the pages that no program outside is given, because a name is left in them.",
        }


class PlaceInTextOut(DTOSerializer[PlaceInText]):
    pass


class JudgedCoverageOut(DTOSerializer[JudgedCoverage]):
    values_in_doubt = PlaceInTextOut(many=True)
    lines_not_read = PlaceInTextOut(many=True)
    medicines_not_checked = PlaceInTextOut(many=True)

    class Meta:
        help_texts: ClassVar[dict[str, str]] = {
            "run": "The state of the newest run; empty where there was none.",
            "reason": "A code where it gave nothing; words says it in the reader's language.",
            "values": _UNTOLD,
            "medicines": _MEDICINES + _UNTOLD,
            "further_lines_not_read": "How many beyond those that are listed. " + _UNTOLD,
        }


class DocumentCoverageOut(DTOSerializer[DocumentCoverage]):
    state = serializers.ChoiceField([state.value for state in DocumentState])
    reading = ReadingCoverageOut(allow_null=True)
    judged = JudgedCoverageOut(allow_null=True)


class FileNotTakenOut(DTOSerializer[FileNotTaken]):
    pass


class ImportCoverageOut(DTOSerializer[ImportCoverage]):
    state = serializers.ChoiceField([state.value for state in ArchiveState])
    not_taken = NotTakenOut(many=True)
    files_not_taken = FileNotTakenOut(many=True)


class CoverageTotalsOut(DTOSerializer[CoverageTotals]):
    class Meta:
        help_texts: ClassVar[dict[str, str]] = {
            "values": _UNTOLD,
            "medicines": _MEDICINES + _UNTOLD,
            "medicines_not_checked": "Lines that look like a medicine and were not recognised. " + _UNTOLD,
            "lines_not_read": _UNTOLD,
            "runs_without_result": _UNTOLD,
        }


class CaseCoverageOut(DTOSerializer[CaseCoverage]):
    totals = CoverageTotalsOut()
    documents = DocumentCoverageOut(many=True)
    imports = ImportCoverageOut(many=True)
