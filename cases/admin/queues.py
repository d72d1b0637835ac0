"""What waits in cases, by role, and how many cases there are: two queries for the queues, one for each figure."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncWeek

from cases.domain.workflow.state_machines import DocumentState
from cases.domain.workflow.states import RUNNING, State
from cases.models import BreakGlass, Case, Document, RetentionListing
from cases.services.intake.completeness import incomplete_cases
from config.kernel import clock
from config.kernel.admin.home import Bar, Figure, Queue, Roles, listed
from config.kernel.auth import STAFF_ROLES

_DESK = frozenset({"coordinator", "administrator"})
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
        doubtful = Document.objects.filter(state__in=(DocumentState.MISMATCHED, DocumentState.PROCESSED)).count()
        lacking = "Cases that lack a required record"
        yield Queue(lacking, incomplete_cases(), "/admin/cases/case/completeness/?item_state=missing")
        yield Queue("Documents in doubt", doubtful, listed("cases", "document", state__exact=DocumentState.MISMATCHED))
    if roles & _PRIVACY:
        unreviewed = BreakGlass.objects.filter(reviewed_at=None).count()
        yield Queue(
            "Emergency accesses to review", unreviewed, listed("cases", "breakglass", reviewed_at__isempty=1), late=True
        )
        yield Queue(
            "Cases at the end of their retention", RetentionListing.objects.count(), listed("cases", "retentionlisting")
        )


def _case_queues(roles: Roles) -> Iterable[Queue]:
    overdue = Q(state__in=RUNNING, promised_at__lt=clock.now(), held_by=None)
    counted = Case.objects.filter(state__in=_OPEN).aggregate(
        overdue=Count("id", filter=overdue),
        **{state.name: Count("id", filter=Q(state=state)) for _, state, _ in _WORK},
    )
    for title, state, whose in _WORK:
        if roles & whose:
            yield Queue(title, counted[state.name], listed("cases", "case", state__exact=state))
    if roles & (_DESK | {"medical_director"}):
        yield Queue("Cases beyond their promised day", counted["overdue"], listed("cases", "case", o="7"), late=True)


def figures(roles: Roles) -> Iterable[Figure]:
    """Open cases by state; cases submitted and delivered by week."""
    if not roles & STAFF_ROLES:
        return
    by_state = dict(Case.objects.filter(state__in=_OPEN).order_by().values_list("state").annotate(Count("id")))
    yield Figure(
        "Open cases by state",
        tuple(Bar(state.replace("_", " ").capitalize(), by_state.get(state, 0)) for state in _OPEN),
    )
    since = clock.now() - timedelta(weeks=WEEKS)
    submitted = Case.objects.filter(submitted_at__gte=since)
    yield _weekly("Cases submitted by week", submitted, "submitted_at")
    delivered = Case.objects.filter(delivered_at__gte=since)
    yield _weekly("Reports delivered by week", delivered, "delivered_at")


def _weekly(title: str, rows: QuerySet[Case], column: str) -> Figure:
    counted = rows.annotate(week=TruncWeek(column)).order_by("week").values_list("week").annotate(Count("id"))
    bars = tuple(Bar(f"{week:%Y-%m-%d}", number) for week, number in counted)
    return Figure(title, bars, note=f"The last {WEEKS} weeks, by the Monday that a week begins with.")
