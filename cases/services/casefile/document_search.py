"""Words in a case's documents: which pages say them, and where on the page."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from cases.db import atomic
from cases.domain.documents.document_text import PageText
from cases.domain.index.search_query import Asked, asked_in, beginning_with
from cases.domain.workflow.state_machines import CLEARED_DOCUMENTS, UNSAFE_DOCUMENTS, DocumentState
from cases.models import Case, Document
from cases.queries.access import case_for, may_read_content
from cases.queries.lexemes import CONFIGURATIONS
from cases.queries.sealed_contents import place
from cases.queries.search_headlines import pages_that_say
from cases.services.casefile.case_search import MAX_QUERY
from cases.services.documents.document_reads import pages_of
from config.kernel.accents import unaccented_in_place
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.crypto import DataKey, open_text
from config.kernel.errors import FieldError, Forbidden, Invalid
from identity import services as identity

MAX_HITS = 200
# Of all documents together: what is stemmed in a second.
MAX_CHARACTERS = 3_000_000
_AROUND = 60


@dataclass(frozen=True, kw_only=True)
class PageHit:
    """One place: ``start`` and ``end`` index the page's text; ``before``, ``match``, ``after`` are its words.

    ``two_readings`` are what stands among these words and what a second reading says there, as ``2.4 / 22.4``.
    """

    document_id: UUID
    name: str
    page: int
    start: int
    end: int
    before: str
    match: str
    after: str
    two_readings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Found:
    """Places in the order of documents and pages; ``more`` than 200; names of documents that were not searched."""

    hits: tuple[PageHit, ...]
    more: bool
    not_searched: tuple[str, ...]


def find_in_documents(*, principal: Principal, case_id: UUID, words: str) -> Found:
    """Places on pages that say every word (in any form), every "phrase" and every beginning* of ``words``.

    In the documents that the caller may open. Recorded without the words. ``Forbidden`` for those who read no
    documents, ``Invalid`` for nothing or too much to search for.
    """
    asked = asked_in(words)
    if len(words) > MAX_QUERY or asked.empty:
        advice = f"Search for words of together at most {MAX_QUERY} characters."
        raise Invalid(advice, errors=[FieldError("#/words", "invalid", advice)])
    with atomic():
        case, relation = case_for(principal, case_id)
        if not may_read_content(principal, case, relation):
            raise Forbidden("Your role sees that there are documents, not their content.", code="role_forbidden")
        key = identity.data_key(subject_id=case.patient_id)
        pages, not_searched = _pages(principal, case, key)
        hits = list(_hits(pages, asked, case.language))
        record(
            context="cases",
            action="document.search",
            patient_id=case.patient_id,
            object_type="case",
            object_id=case.id,
            detail={"found": len(hits), "documents": len({hit.document_id for hit in hits})},
        )
    return Found(hits=tuple(hits[:MAX_HITS]), more=len(hits) > MAX_HITS, not_searched=not_searched)


def _pages(
    principal: Principal, case: Case, key: DataKey
) -> tuple[list[tuple[Document, str, PageText]], tuple[str, ...]]:
    rows = (
        Document.objects.filter(case=case)
        .exclude(state__in=(*UNSAFE_DOCUMENTS, DocumentState.WITHDRAWN))
        .order_by("id")
    )
    if principal.has("professional"):
        rows = rows.filter(state__in=CLEARED_DOCUMENTS)
    found, left_out, characters = [], [], 0
    for row in rows:
        name = open_text(key, place("document", "name", row.id), row.name_sealed)
        pages = pages_of(row, key)
        characters += sum(len(page.text) for page in pages)
        if characters > MAX_CHARACTERS:
            left_out.append(name)
        else:
            found += [(row, name, page) for page in pages if page.text]
    return found, tuple(left_out)


def _hits(pages: list[tuple[Document, str, PageText]], asked: Asked, language: str) -> Iterator[PageHit]:
    texts = [page.text for _, _, page in pages]
    found = dict.fromkeys(range(len(texts)), ()) if not (asked.words or asked.phrases) else None
    said = found or pages_that_say(texts, asked, _languages(language))
    for number, places in sorted(said.items()):
        document, name, page = pages[number]
        begun = _begun(page.text, asked.prefixes)
        if asked.prefixes and begun is None:
            continue
        for start, end in sorted({*places, *(begun or ())}):
            first, last = max(0, start - _AROUND), end + _AROUND
            before, after = page.text[first:start], page.text[end:last]
            yield PageHit(
                document_id=document.id,
                name=name,
                page=page.number,
                start=start,
                end=end,
                before=before,
                match=page.text[start:end],
                after=after,
                two_readings=tuple(
                    f"{page.text[doubt.start : doubt.end]} / {doubt.other}"
                    for doubt in page.doubts
                    if doubt.start < last and first < doubt.end
                ),
            )


def _begun(text: str, prefixes: tuple[str, ...]) -> list[tuple[int, int]] | None:
    """Where words begin so; ``None`` when one of the prefixes begins none."""
    places: list[tuple[int, int]] = []
    plain = unaccented_in_place(text)
    for prefix in prefixes:
        here = list(beginning_with(prefix, plain))
        if not here:
            return None
        places += here
    return places


def _languages(language: str) -> list[str]:
    """The case's language, and English, in which foreign papers are most often written."""
    return [known for known in CONFIGURATIONS if known in (language, "en")]
