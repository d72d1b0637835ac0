"""The first choice among all specialists of a field, in one statement; the rules of the domain judge what it brings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from professionals.db import database
from professionals.domain.credentials import PRACTISING
from professionals.domain.match_score import SLOWEST_DAYS, WEIGHTS

# Points are added in the order in which the domain adds them, so that the sums are the same to the last bit. Work is
# grouped for the planner, which so knows that its key is unique and makes the small side of the join the hash.
_CHOSEN = """
WITH work AS (
  SELECT professional_id, max(cases) AS cases
  FROM unnest(%(busy)s::uuid[], %(cases)s::int[]) AS told(professional_id, cases) GROUP BY professional_id
), away AS (
  SELECT professional_id FROM professionals_calendarentry
  WHERE kind = 'away' AND tstzrange(starts_at, ends_at) @> %(now)s::timestamptz
), facts AS MATERIALIZED (
  SELECT p.id, p.id IN (SELECT professional_id FROM away) AS away,
    %(field)s::float8
    + %(expertise)s::float8 * (p.sub_specialties ?| %(terms)s OR p.procedures ?| %(terms)s)::int
    + %(language_points)s::float8 * (p.languages ? %(language)s)::int
    + %(load)s::float8 * (1 - coalesce(work.cases, 0) / greatest(p.capacity, 1)::float8)
    + %(turnaround)s::float8 * greatest(0, coalesce(1 - p.turnaround_days / %(slowest)s::float8, 0))
    + %(preference)s::float8 * (p.name_key <> '' AND strpos(%(preferences)s, p.name_key) > 0)::int AS points,
    p.state = ANY(%(states)s) AND p.accepting AND p.id NOT IN (SELECT professional_id FROM away)
    AND (p.out_of_office_until IS NULL OR p.out_of_office_until < %(today)s)
    AND coalesce(work.cases, 0) < p.capacity
    AND (%(anybody)s OR p.id IN (
      SELECT professional_id FROM professionals_licence
      WHERE place = ANY(coalesce(%(places)s::text[], ARRAY[place])) AND verified_at > %(oldest)s
        AND status IN ('active', 'restricted') AND %(today)s BETWEEN valid_from AND valid_to))
    AND p.id <> ALL(%(conflicted)s::uuid[]) AND p.user_id <> ALL(%(excluded)s::uuid[]) AS fits
  FROM professionals_professional p
  LEFT JOIN work ON work.professional_id = p.id
  WHERE p.specialty = %(specialty)s
)
(SELECT id, away, fits, (SELECT count(*) FROM facts WHERE fits) FROM facts WHERE fits
  ORDER BY points DESC, id LIMIT %(most)s)
UNION ALL
(SELECT id, away, fits, (SELECT count(*) FROM facts WHERE NOT fits) FROM facts WHERE NOT fits
  ORDER BY points DESC, id LIMIT %(most)s)
"""


@dataclass(frozen=True)
class Licensing:
    """What the legal rule asks for: a licence at one of ``places`` (``None``: anywhere), or ``nothing``."""

    places: tuple[str, ...] | None
    nothing: bool = False


@dataclass(frozen=True)
class Chosen:
    """The best of those who fit and of those who do not (``away`` among them), and how many there are of each."""

    ids: tuple[UUID, ...]
    away: frozenset[UUID]
    fitting: int
    others: int


def choose(
    *,
    specialty: str,
    language: str,
    licensing: Licensing,
    oldest: datetime,
    today: date,
    moment: datetime,
    open_cases: Mapping[UUID, int],
    conflicted: Iterable[UUID],
    excluded_users: Iterable[UUID],
    expertise: Iterable[str],
    preferences: str,
    most: int,
) -> Chosen:
    """The ``most`` specialists with the most points who fit, and as many who do not; ties by id.

    A licence that was checked before ``oldest`` is none; ``preferences`` is a normal name.
    """
    values: dict[str, Any] = {
        "places": None if licensing.places is None else list(licensing.places), "anybody": licensing.nothing,
        "oldest": oldest, "today": today, "now": moment, "specialty": specialty, "language": language,
        "terms": list(expertise), "preferences": preferences, "states": [str(state) for state in PRACTISING],
        "conflicted": _array(conflicted), "excluded": _array(excluded_users), "busy": _array(open_cases),
        "cases": f"{{{','.join(map(str, open_cases.values()))}}}", "most": most, "slowest": SLOWEST_DAYS,
        "field": WEIGHTS["specialty"], "language_points": WEIGHTS["language"],
        **{name: WEIGHTS[name] for name in ("expertise", "load", "turnaround", "preference")},
    }  # fmt: skip
    with database.connection.cursor() as cursor:
        cursor.execute(_CHOSEN, values)
        rows = cursor.fetchall()
    totals = {fits: total for _, _, fits, total in rows}
    return Chosen(
        tuple(row[0] for row in rows),
        frozenset(row[0] for row in rows if row[1]),
        totals.get(True, 0),
        totals.get(False, 0),
    )


def _array(ids: Iterable[UUID]) -> str:
    """Written as the database reads it: of thousands of ids the driver's own way takes longer than the statement."""
    return f"{{{','.join([one.hex for one in ids])}}}"
