"""How far a case's documents were read, in numbers: what is frozen into an opinion. Nothing that was found is in it."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from cases.domain.documents.coverage import IMAGE_TYPE, coverage_of
from cases.models import Archive, Case, Document
from cases.queries.sealed_contents import place
from cases.services.documents.deidentification import withheld_pages
from config.kernel.crypto import DataKey, open_json

# What became of a file of an archive, and is no loss.
_SETTLED = frozenset({"TAKEN", "DUPLICATE", "SKIPPED"})


def reading_counts(case: Case, documents: Iterable[Document], key: DataKey) -> dict[str, Any]:
    """By document the pages and places; by kind and reason what imports did not take over; files left in archives."""
    not_taken: Counter[tuple[str, str]] = Counter()
    files = 0
    for row in Archive.objects.filter(case=case).order_by("id"):
        for one in archive_part(row, key, "imported").get("not_taken", ()):
            not_taken[one["kind"], one["reason"]] += one["count"]
        files += len(files_not_taken(row, key))
    return {
        "documents": [one for document in documents if (one := _counts(document, key))],
        "not_taken": [
            {"kind": kind, "reason": reason, "count": count} for (kind, reason), count in sorted(not_taken.items())
        ],
        "files_not_taken": files,
    }


def archive_part(row: Archive, key: DataKey, name: str) -> Any:
    """What is kept of an archive: ``imported`` of the record that it was made of, or its ``entries``; else nothing."""
    sealed = getattr(row, f"{name}_sealed")
    return {} if sealed is None else open_json(key, place("archive", name, row.id), sealed)


def files_not_taken(row: Archive, key: DataKey) -> list[Any]:
    """The files of an archive that became no document and were none before: what is to be done about each."""
    return [entry for entry in archive_part(row, key, "entries") or () if entry["outcome"] not in _SETTLED]


def _counts(document: Document, key: DataKey) -> dict[str, Any] | None:
    """``None`` of an image in which nobody looks for text, and there is none."""
    if document.reading_sealed is None:
        return None
    reading = open_json(key, place("document", "reading", document.id), document.reading_sealed)
    found = coverage_of(reading, page_count=document.page_count)
    if document.media_type == IMAGE_TYPE and found.whole and not (found.pages_as_text or found.pages_recognised):
        return None
    return {
        "document_id": str(document.id),
        "pages": found.pages,
        "pages_as_text": len(found.pages_as_text),
        "pages_recognised": len(found.pages_recognised),
        "pages_without_text": len(found.pages_without_text),
        "places_not_read": len(found.places_not_read),
        "two_readings": len(found.two_readings),
        "pages_withheld": len(withheld_pages(document, key)),
        "in_part": bool(found.reasons),
    }
