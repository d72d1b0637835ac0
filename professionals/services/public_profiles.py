"""What everybody may read of verified specialists."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from config.kernel.errors import FieldError, Invalid
from professionals.db import now
from professionals.domain.legal_rules import REVERIFIED_WITHIN
from professionals.queries.public_profiles import Asked, public_rows

MAX_WINDOW = timedelta(days=31)
_TEXT_SIGNS = 200


def list_public(
    *,
    limit: int,
    after: UUID | None = None,
    specialty: str | None = None,
    language: str | None = None,
    place: str | None = None,
    text: str | None = None,
    free_from: datetime | None = None,
    free_to: datetime | None = None,
) -> tuple[tuple[dict[str, Any], ...], UUID | None]:
    """One page of verified specialists, allow-listed fields only, and the id to continue after.

    ``text``: each word begins a word of the public fields. ``free_from`` to ``free_to`` (at most 31 days): those who
    take cases, have room for one, and free working hours in it; who tells no hours counts as working all day.
    """
    if (free_from is None) != (free_to is None):
        raise _wrong("free_from", "Give free_from and free_to together.")
    if free_from and free_to and not timedelta(0) < free_to - free_from <= MAX_WINDOW:
        raise _wrong("free_to", "free_to is after free_from, by at most 31 days.")
    if text is not None and len(text) > _TEXT_SIGNS:
        raise _wrong("q", f"Search for at most {_TEXT_SIGNS} characters.")
    rows = public_rows(
        today=now().date(),
        oldest=now() - REVERIFIED_WITHIN,
        limit=limit + 1,
        after=after,
        asked=Asked(specialty, language, place, text, free_from, free_to),
    )
    page = tuple(
        {
            "id": r[0],
            "display_name": r[1],
            "specialty": r[2],
            "languages": orjson.loads(r[3]),
            "organisation": r[4],
            "biography": r[5],
            "sub_specialties": orjson.loads(r[6]),
            "procedures": orjson.loads(r[7]),
            "accepting": r[8],
            "licence_places": r[9] or [],
        }
        for r in rows[:limit]
    )
    return page, rows[limit - 1][0] if len(rows) > limit else None


def _wrong(name: str, advice: str) -> Invalid:
    return Invalid(advice, errors=[FieldError(f"?{name}", "invalid", advice)])
