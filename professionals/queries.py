"""Reading profiles and licences."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from config.kernel.crypto import Place
from professionals.db import database, now
from professionals.domain.credentials import PRACTISING
from professionals.domain.legal import REVERIFIED_WITHIN, LicenceFact
from professionals.models import CalendarEntry, Licence, Professional

_PUBLIC = """
SELECT p.id, p.display_name, p.specialty, p.languages::text, p.organisation, p.biography, p.accepting,
  (SELECT array_agg(DISTINCT l.place ORDER BY l.place) FROM professionals_licence l
    WHERE l.professional_id = p.id AND l.verified_at IS NOT NULL
      AND l.status IN ('active', 'restricted') AND %(today)s BETWEEN l.valid_from AND l.valid_to)
FROM professionals_professional p
WHERE p.state = ANY(%(states)s)
  AND (%(specialty)s::text IS NULL OR p.specialty = %(specialty)s)
  AND (%(language)s::text IS NULL OR p.languages ? %(language)s)
  AND (%(place)s::text IS NULL OR EXISTS (SELECT 1 FROM professionals_licence l WHERE l.professional_id = p.id
       AND l.place = %(place)s AND l.verified_at IS NOT NULL
      AND l.status IN ('active', 'restricted') AND %(today)s BETWEEN l.valid_from AND l.valid_to))
  AND (%(after)s::uuid IS NULL OR p.id < %(after)s)
ORDER BY p.id DESC LIMIT %(limit)s
"""


def number_place(licence_id: UUID) -> Place:
    """Where a sealed licence number lives."""
    return Place("professionals_licence", "number", licence_id)


def licence_facts(rows: Iterable[Licence]) -> list[LicenceFact]:
    """Licences as the legal rules see them: verified by two people within three years, and in force."""
    oldest = now() - REVERIFIED_WITHIN
    return [
        LicenceFact(
            row.place,
            row.valid_from,
            row.valid_to,
            row.verified_at is not None and row.verified_at > oldest and row.status in ("active", "restricted"),
        )
        for row in rows
    ]


def away_now() -> frozenset[UUID]:
    """Specialists whose calendar says that they are away at this moment."""
    at = now()
    rows = CalendarEntry.objects.filter(kind="away", starts_at__lte=at, ends_at__gt=at)
    return frozenset(rows.values_list("professional_id", flat=True))


def valid_places(professional: Professional, today: date) -> tuple[str, ...]:
    """Places with a verified licence that is valid on ``today``."""
    facts = licence_facts(professional.licences.all())
    return tuple(sorted({f.place for f in facts if f.verified and f.valid_from <= today <= f.valid_to}))


def public_rows(*, today: date, limit: int, after: UUID | None, **filters: str | None) -> list[tuple[Any, ...]]:
    """Verified specialists' public columns in one statement, newest first."""
    values = {"today": today, "limit": limit, "after": after, "states": [str(s) for s in PRACTISING], **filters}
    with database.connection.cursor() as cursor:
        cursor.execute(_PUBLIC, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def names_of(user_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The public names of those of the users who are specialists."""
    wanted = list(user_ids)
    if not wanted:
        return {}
    return dict(Professional.objects.filter(user_id__in=wanted).values_list("user_id", "display_name"))
