"""The reads that are called most: one statement each, which also writes the audit rows, and no model instances.

The statement only finds what the caller stands in a relation to, so that nothing is returned, and nothing
recorded as read, outside of it.
"""

import json
from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any
from uuid import UUID

import psycopg
from django.db import DatabaseError

from cases.db import database
from cases.domain.casefile.access_rules import Relation, opens_content, relation_to
from cases.domain.workflow.state_machines import ClarificationState
from cases.queries.break_glass import READERS
from cases.queries.case_selection import ListFilter, comes_in_several_ways, conditions_of, selected
from cases.queries.list_order import ORDERS
from cases.queries.proxies import READ, acts_for_others, cases_of_key, grants_of
from cases.queries.relation_scopes import FIRST_READ_STORED, found_by_words, known, offered
from config.kernel import clock
from config.kernel.audit.records import COLUMNS, AuditUnavailable, entry_values
from config.kernel.auth import Principal


def _instants(*columns: str) -> str:
    """Instants as the API writes them: PostgreSQL formats a timestamp in a tenth of the time that parsing it takes."""
    written = "to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS {0}"
    return ", ".join(written.format(column) for column in columns)


_LINE = (
    "id, reference, state, title_sealed, language, specialty, urgency, service_type, condition,"
    " held_by IS NOT NULL AS on_hold, version,"
    " patient_id, assigned_user_id, peer_user_id, "
) + _instants("state_since", "promised_at", "submitted_at", "delivered_at", "created_at", "updated_at")
_DETAIL = (
    """
, (SELECT array_agg(q.id ORDER BY q.number) FROM cases_question q WHERE q.case_id = cases_case.id) AS question_ids
, (SELECT array_agg(q.number ORDER BY q.number) FROM cases_question q WHERE q.case_id = cases_case.id) AS numbers
, (SELECT array_agg(q.text_sealed ORDER BY q.number) FROM cases_question q WHERE q.case_id = cases_case.id) AS texts
, (SELECT coalesce(json_agg(json_build_object('id', d.id, 'state', d.state, 'media_type', d.media_type, 'size', d.size,
     'page_count', d.page_count, 'verdict', d.verdict, 'identity_match', d.identity_match,
     'uploaded_at', d.created_at) ORDER BY d.id), '[]') FROM cases_document d
     WHERE d.case_id = cases_case.id) AS documents
, (SELECT coalesce(json_agg(json_build_object('code', i.code, 'present', i.present, 'waived', i.waived_by IS NOT NULL)
     ORDER BY i.id), '[]') FROM cases_checklistitem i WHERE i.case_id = cases_case.id) AS checklist
, (SELECT coalesce(extract(epoch FROM sum(coalesce(t.ended_at, %(now)s) - t.started_at)), 0)::float
     FROM cases_clockinterval t WHERE t.case_id = cases_case.id) AS clock_seconds
, EXISTS (SELECT 1 FROM cases_clockinterval t WHERE t.case_id = cases_case.id AND t.ended_at IS NULL) AS clock_running
, (SELECT count(*) FROM cases_clarification c WHERE c.case_id = cases_case.id
     AND c.state = '"""
    + ClarificationState.OPEN
    + """') AS open_questions
, delivered_at IS NOT NULL AND EXISTS (SELECT 1 FROM cases_report r WHERE r.case_id = cases_case.id) AS report_ready
, intake_sealed, country, region, red_flag_check, legal_basis, hold_reason, """
    + _instants("hold_until")
)
# The use of emergency access by which the caller reads the case.
_GLASS = (
    ", (SELECT b.id FROM cases_breakglass b WHERE b.user_id = %(me)s AND b.patient_id = cases_case.patient_id"
    " AND b.ends_at > %(now)s LIMIT 1) AS glass"
)
_LISTED = "CASE WHEN patient_id = %(me)s THEN NULL ELSE id END"
# Parameters of an INSERT … SELECT have no column to take their type from.
_CASTS = {
    "at": "timestamptz",
    "actor_id": "uuid",
    "session_id": "uuid",
    "address": "inet",
    "detail": "jsonb",
    "action": "text",
    "outcome": "text",
    "purpose": "text",
    "actor_kind": "text",
    "actor_roles": "text",
    "object_type": "text",
    "request_id": "text",
}


def case_rows(principal: Principal, *, after: UUID | None, limit: int, chosen: ListFilter) -> list[dict[str, Any]]:
    """Rows that the caller may see, in the chosen order, at most ``limit``.

    Each one is recorded as listed, but the caller's own ones together in one row.
    """
    if comes_in_several_ways(principal):
        return _selected_rows(principal, after=after, limit=limit, chosen=chosen)
    wards = _wards(principal)
    scope = known(principal, granted=bool(wards))
    if not scope:
        return []
    return _audited(
        principal,
        *_page(principal, scope, wards, after=after, limit=limit, chosen=chosen),
        "case.list",
        object_id=_LISTED,
        shown_by=ORDERS[chosen.sort].shown,
    )


def _selected_rows(principal: Principal, *, after: UUID | None, limit: int, chosen: ListFilter) -> list[dict[str, Any]]:
    """As ``case_rows``, for those who come to cases in several ways: ids first, then rows and audit by id."""
    ids, values = selected(principal, after=after, limit=limit, chosen=chosen)
    return _audited(
        principal,
        f"WITH picked AS MATERIALIZED ({ids}) SELECT {_LINE}, {offered(principal)} AS offered FROM cases_case"
        f" WHERE id IN (SELECT id FROM picked) AND ({known(principal, granted=False)})",
        values,
        "case.list",
        object_id=_LISTED,
        planned_for_values=True,
        shown_by=ORDERS[chosen.sort].shown,
    )


# Left to itself the planner takes reading an index row for cheap, walks the newest cases and opens the words of each:
# a fifth of a second for a word that hardly any case says. By the index first a word that nearly all say costs as much.
_FOUND_ON_THE_WAY = "id IN (SELECT i.case_id FROM cases_caseindex i WHERE i.lexemes @@ %(query)s::tsquery)"
_FOUND_BY_INDEX = (
    "id IN (WITH found AS MATERIALIZED"
    " (SELECT i.case_id FROM cases_caseindex i WHERE i.lexemes @@ %(query)s::tsquery) SELECT case_id FROM found)"
)
_LOOKED_AT = 300


def _soon_found(scope: str, query: str, principal: Principal, wanted: int) -> bool:
    """Whether walking the newest cases is the shorter way: the scope has few, or a page of hits is among the first."""
    values = {"query": query, "me": principal.user_id, "wanted": wanted, "newest": _LOOKED_AT}
    with database.prepared() as cursor:
        cursor.execute(
            "WITH newest AS MATERIALIZED"
            f" (SELECT id FROM cases_case WHERE ({scope}) ORDER BY id DESC LIMIT %(newest)s)"
            # One look for each case: a join would be free to gather all that say the word.
            " SELECT (SELECT count(*) FROM newest), (SELECT count(*) FROM (SELECT 1 FROM newest WHERE"
            " (SELECT i.lexemes @@ %(query)s::tsquery FROM cases_caseindex i WHERE i.case_id = newest.id)"
            " LIMIT %(wanted)s) said)",
            values,
            prepare=False,
        )
        there, said = cursor.fetchone() or (0, 0)
    return bool(there < _LOOKED_AT or said >= wanted)


def searched_rows(
    principal: Principal, query: str, *, after: UUID | None, limit: int, chosen: ListFilter
) -> list[dict[str, Any]]:
    """As ``case_rows``, of those whose content the caller may read and whose index fits ``query`` (a tsquery)."""
    scope = found_by_words(principal)
    if not scope or not query:
        return []
    found = _FOUND_ON_THE_WAY if _soon_found(scope, query, principal, limit) else _FOUND_BY_INDEX
    select, values = _page(principal, f"({scope}) AND {found}", {}, after=after, limit=limit, chosen=chosen)
    return _audited(
        principal,
        select,
        values | {"query": query},
        "case.found",
        object_id=_LISTED,
        plan_once=False,
        shown_by=ORDERS[chosen.sort].shown,
    )


def _page(
    principal: Principal,
    scope: str,
    given: Mapping[str, Any],
    *,
    after: UUID | None,
    limit: int,
    chosen: ListFilter,
) -> tuple[str, dict[str, Any]]:
    order, values = ORDERS[chosen.sort], {"limit": limit, **given}
    conditions = [f"({scope})"]
    if after is not None:
        conditions.append(order.later)
        values |= {"after": after, "key": chosen.key}
    found, given_values = conditions_of(chosen)
    conditions += found.values()
    values |= given_values
    wanted = f"WHERE {' AND '.join(conditions)} ORDER BY {order.within} LIMIT %(limit)s"
    return f"SELECT {_LINE}, {offered(principal)} AS offered FROM cases_case {wanted}", values


def case_row(principal: Principal, case_id: UUID) -> dict[str, Any] | None:
    """One case with all that its page shows, recorded as read; ``None`` outside of every relation to it.

    Whom the caller acts for is asked when the case is not theirs: owners, who read most, do without that query.
    """
    return _case_row(principal, case_id, {}) or _ward_row(principal, case_id)


def _ward_row(principal: Principal, case_id: UUID) -> dict[str, Any] | None:
    wards = _wards(principal)
    return _case_row(principal, case_id, wards) if wards else None


def _case_row(principal: Principal, case_id: UUID, wards: Mapping[str, Any]) -> dict[str, Any] | None:
    scope = known(principal, granted=bool(wards))
    if not scope:
        return None
    glass = _GLASS if principal.has(*READERS) else ""
    # Nobody but a specialist waits for a first read.
    more = f"{_DETAIL}, {FIRST_READ_STORED if principal.has('professional') else 'true'} AS sealed {glass}"
    found = f"SELECT {_LINE}, {offered(principal)} AS offered {more} FROM cases_case WHERE id = %(case)s AND ({scope})"
    rows = _audited(principal, found, {"case": case_id, **wards}, "case.read", glass=bool(glass))
    return rows[0] if rows else None


def relation_in(row: Mapping[str, Any], principal: Principal) -> Relation:
    """As ``cases.queries.access.relation_of``, of a row that was found, so there is one."""
    relation = relation_to(
        kind=principal.kind, roles=principal.roles, state=row["state"], holds=partial(_holds, row, principal)
    )
    if relation is None:
        raise LookupError("A case was found outside of every relation.")
    return relation


_COLUMNS = {Relation.OWNER: "patient_id", Relation.ASSIGNED: "assigned_user_id", Relation.PEER: "peer_user_id"}


def _holds(row: Mapping[str, Any], principal: Principal, relation: Relation) -> bool:
    if relation in _COLUMNS:
        return bool(principal.user_id == row[_COLUMNS[relation]])
    if relation is Relation.OFFERED:
        return bool(row["offered"])
    # What is left is why the row was found: the key's scope, the grant, the duty.
    return relation is not Relation.DELEGATE or acts_for_others(principal)


def reads_content(row: Mapping[str, Any], principal: Principal, relation: Relation) -> bool:
    """As ``cases.queries.access.may_read_content``."""
    return opens_content(
        relation, roles=principal.roles, state=row["state"], in_emergency=lambda: row.get("glass") is not None
    )


def _wards(principal: Principal) -> dict[str, Any]:
    """Whose cases, and which single ones, the caller reads for others, and by which grant; empty for most people.

    A service key reads the cases that its scopes name.
    """
    if principal.kind == "service":
        return {"ward_cases": sorted(cases_of_key(principal))}
    grants = [one for one in grants_of(principal, lately=True) if READ in one.scopes]
    if not grants:
        return {}
    return {
        "wards": [one.patient_id for one in grants if one.case_id is None],
        "ward_cases": [one.case_id for one in grants if one.case_id is not None],
        "ward_patients": [one.patient_id for one in grants if one.case_id is not None],
        "behalf": json.dumps({str(one.patient_id): str(one.id) for one in grants}),
    }


_ENTRY = tuple(COLUMNS.replace(" ", "").split(","))
_NOTED = tuple(f"audit_{name}" for name in _ENTRY)
# Statements hold placeholders only, so there are as many as there are roles and filters.
_names: dict[str, tuple[str, ...]] = {}


def _audited(
    principal: Principal,
    select: str,
    values: Mapping[str, Any],
    action: str,
    *,
    object_id: str = "id",
    plan_once: bool = True,
    planned_for_values: bool = False,
    glass: bool = False,
    shown_by: str = "id DESC",
) -> list[dict[str, Any]]:
    """Run ``select`` and, in the same statement, add one audit row for each patient and ``object_id`` it returns."""
    noted = entry_values(action, None, "case", None, purpose="treatment")
    statement = _recording(select, object_id, shown_by, glass=glass, behalf="behalf" in values)
    given = {"me": principal.user_id, "now": clock.now()} | dict(values)
    try:
        return _run(statement, given | dict(zip(_NOTED, noted, strict=True)), plan_once, planned_for_values)
    except DatabaseError as error:
        raise AuditUnavailable("The records do not answer; nothing was read.") from error


@lru_cache(maxsize=256)
def _recording(select: str, object_id: str, shown_by: str, *, glass: bool, behalf: bool) -> str:
    """``select``, and one audit row for each patient and ``object_id`` that it finds, as one statement."""
    written = {"id": "gen_random_uuid()", "patient_id": "shown.patient_id", "object_id": "shown.object_id"}
    if behalf:
        written["detail"] = (
            "%(audit_detail)s::jsonb || CASE WHEN shown.patient_id = %(me)s THEN '{}'::jsonb"
            " ELSE jsonb_build_object('on_behalf_of', %(behalf)s::jsonb ->> shown.patient_id::text) END"
        )
    if glass:
        written["detail"] = (
            "%(audit_detail)s::jsonb || CASE WHEN shown.glass IS NULL THEN '{}'::jsonb"
            " ELSE jsonb_build_object('break_glass', shown.glass::text) END"
        )
    chosen = [written.get(name) or f"%(audit_{name})s::{_CASTS[name]}" for name in _ENTRY]
    return (
        f"WITH found AS MATERIALIZED ({select}), noted AS (INSERT INTO cases_auditentry ({COLUMNS})"
        f" SELECT {', '.join(chosen)} FROM (SELECT DISTINCT patient_id, {object_id} AS object_id"
        f"{', glass' if glass else ''} FROM found) shown)"
        f" SELECT * FROM found ORDER BY {shown_by}"
    )


def _run(statement: str, values: Mapping[str, Any], plan_once: bool, planned_for_values: bool) -> list[dict[str, Any]]:
    """Run a statement that each connection plans once: planning it anew would cost as much as running it.

    Not ``plan_once``: one that is hardly ever asked twice. ``planned_for_values``: the best plan depends on the
    values, so they stand in the statement.
    """
    connection = database.connection
    connection.ensure_connection()
    kind = psycopg.ClientCursor if planned_for_values else psycopg.Cursor
    with connection.wrap_database_errors, kind(connection.connection) as cursor:
        cursor.execute(statement, values, prepare=plan_once and not planned_for_values)
        names = _names.get(statement)
        if names is None:
            # Asked once a statement: the driver would build a description of every column each time.
            names = _names[statement] = tuple(column.name for column in cursor.description or ())
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
