"""The safety steps of documents for files of no case: offered to lower contexts by the kernel's ports."""

import tempfile
from pathlib import Path

from cases.adapters.reading import Refused, read_in_child
from cases.services.documents.uploads.uploads import inspected, safe_name
from cases.services.documents.virus_scan import scanned
from config.kernel.conf import setting
from config.kernel.errors import FieldError, Invalid


def inspect_file(*, source: Path, name: str, declared_type: str) -> tuple[str, str]:
    """The safe name and the media type of a file that may be taken in; ``Invalid`` or ``TooLarge`` for any other."""
    cleaned = safe_name(name)
    return cleaned, inspected(source, cleaned, declared_type)


def read_file(*, source: Path, name: str, media_type: str) -> int:
    """Have it scanned, and read in a limited child, as documents of cases are; returns its number of pages.

    ``Invalid`` with the advice when it is refused; what the machine gave up on may be tried again.
    """
    with tempfile.TemporaryDirectory(prefix="sop-read-", dir=setting("WORK_DIR") or None) as folder:
        try:
            scanned(source)
            found = read_in_child(source=source, workdir=Path(folder), name=name, declared_type=media_type)
        except Refused as refusal:
            errors = [FieldError("#/file", refusal.code, refusal.advice)]
            raise Invalid(refusal.advice, code=f"document_{refusal.code}", errors=errors) from refusal
    return len(found.pages)
