"""Searching all cases by words that only readers of their content are answered for."""

from typing import Any
from uuid import UUID

from cases.db import atomic
from cases.queries import case_reads
from cases.queries.case_selection import ListFilter
from cases.queries.lexemes import query_for
from cases.services.casefile.case_reads import page_of_lines
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.errors import FieldError, Invalid

MAX_QUERY = 200


def search_cases(
    *,
    principal: Principal,
    words: str,
    limit: int,
    after: UUID | None = None,
    chosen: ListFilter | None = None,
) -> tuple[tuple[dict[str, Any], ...], UUID | None]:
    """As ``list_cases``, of cases whose content the caller may read and that say every one of ``words``.

    The search is recorded, with the number of cases found and without the words; each case found is recorded too.
    """
    if len(words) > MAX_QUERY:
        advice = f"Search for at most {MAX_QUERY} characters."
        raise Invalid(advice, errors=[FieldError("?search", "too_long", advice)])
    with atomic():
        query = query_for(words)
        rows = case_reads.searched_rows(principal, query, after=after, limit=limit + 1, chosen=chosen or ListFilter())
        detail = {"found": min(len(rows), limit), "more": len(rows) > limit}
        record(context="cases", action="case.search", object_type="case", detail=detail)
    return page_of_lines(principal, rows, limit)
