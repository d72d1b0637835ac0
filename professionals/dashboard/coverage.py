"""What was read of a case and what was not, as the workspace shows it."""

from collections.abc import Sequence

from cases.services import casefile

#: Each image of a series is a document; that no text was looked for in one is no gap.
DICOM = "application/dicom"


def documents_with_gaps(coverage: casefile.CaseCoverage) -> tuple[casefile.DocumentCoverage, ...]:
    """The documents of which something was not read, not surely, or not judged."""
    return tuple(document for document in coverage.documents if _has_gaps(document))


def imports_with_gaps(coverage: casefile.CaseCoverage) -> tuple[casefile.ImportCoverage, ...]:
    """The imports of which something was not taken over."""
    return tuple(one for one in coverage.imports if one.not_taken or one.files_not_taken or one.advice)


def edges(box: Sequence[float]) -> str:
    """A box for the script that marks it on the page's picture."""
    return ",".join(f"{edge:.5f}" for edge in box)


def _has_gaps(document: casefile.DocumentCoverage) -> bool:
    if document.reading is None or not document.reading.whole:
        return True
    judged = document.judged
    if judged is None:
        return False
    named = judged.lines_not_read or judged.values_in_doubt or judged.medicines_not_checked
    return bool(named or (judged.reason and document.media_type != DICOM))
