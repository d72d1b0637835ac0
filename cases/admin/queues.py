"""What waits in cases, by role, and how many cases there are; every count ends at a bound, and says so."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from cases.db import database
from cases.domain.workflow.state_machines import DocumentState, RecheckState, RereadingState
from cases.domain.workflow.states import RUNNING, State
from cases.models import BreakGlass, Document, ReportRecheck, Rereading, RetentionListing
from cases.services.intake.completeness import incomplete_cases
from config.kernel import clock
from config.kernel.admin.bounded_count import SoFar
from config.kernel.admin.home import MAX_COUNT, Bar, Figure, Queue, Roles, as_counted, listed, waiting
from config.kernel.auth import STAFF_ROLES

_DESK = frozenset({"coordinator", "administrator"})
_DIRECTION = frozenset({"medical_director", "administrator"})
_PRIVACY = frozenset({"privacy_officer", "administrator"})
# Title, state, and whose work it is.
_WORK = (
    ("Intake to look at", State.SUBMITTED, _DESK),
    ("Records to collect", State.COLLECTING_RECORDS, _DESK),
    ("Cases to triage", State.TRIAGE, frozenset({"nurse", "administrator"})),
    ("Cases to match", State.MATCHING, _DESK | {"medical_director"}),
    ("Disagreements to decide", State.ADJUDICATION, frozenset({"medical_director", "administrator"})),
)
_OPEN = tuple(state for state in State if state in RUNNING or state in {s for _, s, _ in _WORK})
WEEKS = 12


def queues(roles: Roles) -> Iterable[Queue]:
    """Work by state, what is late, documents in doubt, emergencies without a review, cases about to be deleted."""
    if roles & (STAFF_ROLES - {"support"}):
        yield from _case_queues(roles)
    if roles & _DESK:
        doubtful = waiting(Document.objects.filter(state__in=(DocumentState.MISMATCHED, DocumentState.PROCESSED)))
        lacking, are_all = incomplete_cases()
        yield Queue(
            "Cases that lack a required record",
            lacking if are_all else SoFar(lacking),
            "/admin/cases/case/completeness/?item_state=missing",
        )
        yield Queue("Documents in doubt", doubtful, listed("cases", "document", state__exact=DocumentState.MISMATCHED))
        asked = waiting(Rereading.objects.filter(state=RereadingState.ASKED))
        yield Queue(
            "Documents read again that look like another's",
            asked,
            listed("cases", "rereading", state__exact=RereadingState.ASKED),
            late=True,
        )
    if roles & _DIRECTION:
        doubted = waiting(ReportRecheck.objects.filter(state=RecheckState.OPEN))
        yield Queue(
            "Signed reports to look at again",
            doubted,
            listed("cases", "reportrecheck", state__exact=RecheckState.OPEN),
            late=True,
        )
    if roles & _PRIVACY:
        unreviewed = waiting(BreakGlass.objects.filter(reviewed_at=None))
        yield Queue(
            "Emergency accesses to review", unreviewed, listed("cases", "breakglass", reviewed_at__isempty=1), late=True
        )
        ending = waiting(RetentionListing.objects.all())
        yield Queue("Cases at the end of their retention", ending, listed("cases", "retentionlisting"))


def _case_queues(roles: Roles) -> Iterable[Queue]:
    by_state = dict(_counts(_BY_STATE, [list(_OPEN)]))
    for title, state, whose in _WORK:
        if roles & whose:
            yield Queue(title, by_state[state], listed("cases", "case", state__exact=state))
    if roles & (_DESK | {"medical_director"}):
        ((_, overdue),) = _counts(_OVERDUE, [sorted(RUNNING), clock.now()])
        yield Queue("Cases beyond their promised day", overdue, listed("cases", "case", o="7"), late=True)


def figures(roles: Roles) -> Iterable[Figure]:
    """Open cases by state; cases submitted and delivered by week."""
    if not roles & STAFF_ROLES:
        return
    by_state = _counts(_BY_STATE, [list(_OPEN)])
    yield Figure(
        "Open cases by state",
        tuple(Bar(state.replace("_", " ").capitalize(), number) for state, number in by_state),
    )
    yield _weekly("Cases submitted by week", "submitted_at")
    yield _weekly("Reports delivered by week", "delivered_at")


def _weekly(title: str, column: str) -> Figure:
    since = clock.now() - timedelta(weeks=WEEKS)
    monday = (since - timedelta(days=since.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    mondays = [monday + timedelta(weeks=number) for number in range(WEEKS + 1)]
    counted = _counts(_BY_WEEK.format(column=column), [since, mondays])
    bars = tuple(Bar(f"{week:%Y-%m-%d}", number) for week, number in counted if number)
    return Figure(title, bars, note=f"The last {WEEKS} weeks, by the Monday that a week begins with.")


# Each counts by an index, up to one beyond the bound.
_BY_STATE = f"""
SELECT one.state, (SELECT count(*) FROM (
    SELECT FROM cases_case c WHERE c.state = one.state ORDER BY c.id DESC LIMIT {MAX_COUNT + 1}) found)
FROM unnest(%s::text[]) WITH ORDINALITY AS one (state, place) ORDER BY one.place
"""
_OVERDUE = f"""
SELECT 'overdue', count(*) FROM (
    SELECT FROM unnest(%s::text[]) AS one (state), LATERAL (
        SELECT FROM cases_case c
        WHERE c.state = one.state AND coalesce(c.promised_at, 'infinity') < %s AND c.held_by IS NULL
        ORDER BY coalesce(c.promised_at, 'infinity'), c.id LIMIT {MAX_COUNT + 1}) late
    LIMIT {MAX_COUNT + 1}) found
"""
_BY_WEEK = f"""
SELECT one.week, (SELECT count(*) FROM (
    SELECT FROM cases_case c
    WHERE c.{{column}} >= greatest(one.week, %s) AND c.{{column}} < one.week + interval '7 days'
    ORDER BY c.{{column}} LIMIT {MAX_COUNT + 1}) found)
FROM unnest(%s::timestamptz[]) AS one (week) ORDER BY one.week
"""


def _counts(statement: str, values: list[Any]) -> list[tuple[Any, int]]:
    with database.connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [(name, as_counted(number)) for name, number in cursor.fetchall()]
