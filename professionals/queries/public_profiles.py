"""The public list: verified specialists by field, language, licence place, words and free time, in one statement."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from professionals.db import database
from professionals.domain.credentials import PRACTISING
from professionals.domain.parties import normal_name

_MAX_WORDS = 10

# Free time of the asked window: the weekly hours in the specialist's own zone (all of it, when none are told), less
# what the calendar has taken and the days out of office.
_FREE = """
p.accepting
AND p.capacity > (SELECT count(*) FROM professionals_casework w WHERE w.user_id = p.user_id AND w.active)
AND NOT isempty(
  CASE WHEN jsonb_array_length(p.weekly_hours) = 0 THEN tstzmultirange(tstzrange(%(free_from)s, %(free_to)s))
  ELSE coalesce((
    SELECT range_agg(tstzrange(
      (day::date + (hours->>'start')::time) AT TIME ZONE p.time_zone,
      (day::date + (hours->>'end')::time) AT TIME ZONE p.time_zone))
    FROM jsonb_array_elements(p.weekly_hours) hours,
      generate_series(%(free_from)s::date - 1, %(free_to)s::date + 1, interval '1 day') day
    WHERE extract(isodow FROM day)::int - 1 = (hours->>'weekday')::int), '{}'::tstzmultirange)
    * tstzmultirange(tstzrange(%(free_from)s, %(free_to)s)) END
  - coalesce((SELECT range_agg(tstzrange(e.starts_at, e.ends_at)) FROM professionals_calendarentry e
      WHERE e.professional_id = p.id AND e.starts_at < %(free_to)s AND e.ends_at > %(free_from)s), '{}'::tstzmultirange)
  - CASE WHEN p.out_of_office_until IS NULL THEN '{}'::tstzmultirange
    ELSE tstzmultirange(tstzrange(NULL, (p.out_of_office_until + 1)::timestamp AT TIME ZONE p.time_zone)) END)
"""
_COUNTS = """l.verified_at > %(oldest)s AND l.status IN ('active', 'restricted')
      AND %(today)s BETWEEN l.valid_from AND l.valid_to"""
_FILTERS = {
    "specialty": "p.specialty = %(specialty)s",
    "language": "p.languages ? %(language)s",
    "place": f"""EXISTS (SELECT 1 FROM professionals_licence l WHERE l.professional_id = p.id
      AND l.place = %(place)s AND {_COUNTS})""",
    "words": "p.words @@ to_tsquery('simple', %(words)s)",
    "free_from": _FREE,
    "after": "p.id < %(after)s",
}


@dataclass(frozen=True)
class Asked:
    """The filters of the public list; ``None`` asks nothing. ``free_from`` and ``free_to`` come together."""

    specialty: str | None = None
    language: str | None = None
    place: str | None = None
    text: str | None = None
    free_from: datetime | None = None
    free_to: datetime | None = None


def public_rows(
    *, today: date, oldest: datetime, limit: int, after: UUID | None, asked: Asked
) -> list[tuple[Any, ...]]:
    """Verified specialists' public columns in one statement, newest first; a licence checked before ``oldest`` is none.

    Every word of the text must begin a word of the public fields; a text without any word finds nobody.
    """
    values: dict[str, Any] = {
        "today": today, "oldest": oldest, "limit": limit, "states": [str(s) for s in PRACTISING], "after": after,
        "words": None if asked.text is None else _query(asked.text), **vars(asked),
    }  # fmt: skip
    wanted = " AND ".join(sql for name, sql in _FILTERS.items() if values[name] is not None)
    with database.connection.cursor() as cursor:
        cursor.execute(_statement(wanted), values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _statement(wanted: str) -> str:
    return f"""
SELECT p.id, p.display_name, p.specialty, p.languages::text, p.organisation, p.biography,
  p.sub_specialties::text, p.procedures::text, p.accepting,
  (SELECT array_agg(DISTINCT l.place ORDER BY l.place) FROM professionals_licence l
    WHERE l.professional_id = p.id AND {_COUNTS})
FROM professionals_professional p
WHERE p.state = ANY(%(states)s) {f"AND {wanted}" if wanted else ""}
ORDER BY p.id DESC LIMIT %(limit)s
"""


def _query(text: str) -> str:
    """Each word as it is written or without its accents: names are kept both ways.

    Without its accents a word may be several (½ becomes "1 2"); each of them must begin a word then.
    """
    words = ((word, normal_name(word).split()) for word in re.findall(r"\w+", text.casefold())[:_MAX_WORDS])
    return " & ".join(f"({_begins(word)} | ({' & '.join(map(_begins, plain))}))" for word, plain in words if plain)


def _begins(word: str) -> str:
    # In quotes no sign of a word is one of the query's own; a word is made of letters, digits and _ alone.
    return f"'{word}':*"
