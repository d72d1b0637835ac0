"""The board of staff who gather records: open cases against the records they need. Codes and states, no words."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from cases.db import atomic, database
from cases.domain.intake.checklist import ASKED
from cases.domain.intake.completeness import (
    BEING_ASKED,
    CELLS,
    MISSING,
    PRESENT,
    WAIVED,
    Cell,
    cell_state,
    first_needed,
)
from cases.domain.workflow.state_machines import RecordRequestState
from cases.domain.workflow.states import State
from cases.models import Case, ChecklistItem, RecordRequest
from config.kernel import clock
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.errors import FieldError, Forbidden, Invalid

READERS = ("coordinator", "nurse", "medical_director", "administrator")
# Where records are still gathered.
GATHERING = (State.SUBMITTED, State.COLLECTING_RECORDS, State.TRIAGE)
PAGE = 50
# The board looks at the cases that wait longest: more than anybody gathers records for at a time.
LOOKED_AT = 1_000
_NOT_HERE = Q(present=False, waived_by=None)


@dataclass(frozen=True, kw_only=True)
class BoardFilter:
    """What is shown: empty means all. ``item`` with ``item_state`` (missing when empty) picks cases by one record."""

    state: str = ""
    condition: str = ""
    item: str = ""
    item_state: str = ""
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class BoardRow:
    """One case. ``first``: the record to get first. ``cells`` follow the board's columns, ``None``: not needed."""

    case_id: UUID
    reference: str
    state: str
    condition: str
    urgency: str
    state_since: datetime
    promised_at: datetime | None
    open_requests: int
    first: Cell | None
    cells: tuple[Cell | None, ...]
    by_name: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class ItemTotal:
    """How many open cases need, have, lack or do without one record."""

    code: str
    name: str
    missing: int
    required: int
    waived: int
    present: int


@dataclass(frozen=True, kw_only=True)
class BoardDTO:
    """A page of cases, the longest waiting first; the totals of all cases that the filter meets, most missed first.

    ``looked_at``: how many cases there was a look at, where there are more; ``None`` where it was at all of them.
    """

    columns: tuple[str, ...]
    rows: tuple[BoardRow, ...]
    total: int
    page: int
    pages: int
    totals: tuple[ItemTotal, ...]
    looked_at: int | None = None


def completeness_board(*, principal: Principal, chosen: BoardFilter, page: int = 1) -> BoardDTO:
    """The board; at most seven queries, however many cases there are."""
    if not principal.has(*READERS):
        raise Forbidden("The board is for those who gather records.", code="role_forbidden")
    with atomic():
        met, are_all = _meeting(chosen)
        pages = max(1, -(-len(met) // PAGE))
        page = min(max(page, 1), pages)
        wanted = met[(page - 1) * PAGE : page * PAGE]
        shown = sorted(Case.objects.filter(id__in=wanted), key=lambda case: wanted.index(case.id))
        record(
            context="cases", action="checklist.board", object_type="case", detail={"cases": len(shown), "page": page}
        )
        items, requests = _items(shown), _requests(shown)
        totals = _totals(met)
    columns = _columns(items)
    rows = tuple(_row(case, items[case.id], columns, requests.get(case.id, 0)) for case in shown)
    return BoardDTO(
        columns=columns,
        rows=rows,
        total=len(met),
        page=page,
        pages=pages,
        totals=totals,
        looked_at=None if are_all else LOOKED_AT,
    )


def incomplete_cases() -> tuple[int, bool]:
    """How many cases lack a required record that nobody has waived; and whether these are all that there are."""
    lacking = ChecklistItem.objects.filter(_NOT_HERE, required=True).order_by("-id")[:LOOKED_AT]
    looked_at = list(lacking.values_list("case", flat=True))
    found = Case.objects.filter(id__in=set(looked_at), state__in=GATHERING).count()
    return found, len(looked_at) < LOOKED_AT


def _meeting(chosen: BoardFilter) -> tuple[list[UUID], bool]:
    """The ids of the cases that the filter meets among those that wait longest; and whether these are all."""
    cases, states = _chosen(chosen), [str(one) for one in ([chosen.state] if chosen.state else GATHERING)]
    with database.connection.cursor() as cursor:
        # Of each state by its index; then the longest waiting of all of them.
        cursor.execute(
            "SELECT id FROM unnest(%s::text[]) AS one (name), LATERAL (SELECT c.id, c.state_since FROM cases_case c"
            " WHERE c.state = one.name ORDER BY c.state_since, c.id LIMIT %s) waiting"
            " ORDER BY state_since, id LIMIT %s",
            [states, LOOKED_AT + 1, LOOKED_AT + 1],
        )
        longest = [found for (found,) in cursor.fetchall()]
    met = cases.filter(id__in=longest[:LOOKED_AT]).order_by("state_since", "id").values_list("id", flat=True)
    return list(met), len(longest) <= LOOKED_AT


def _chosen(chosen: BoardFilter) -> QuerySet[Case]:
    """The cases that all but the filter by state leaves: the state is what they are looked for by."""
    wrong = chosen.state and chosen.state not in GATHERING, chosen.item_state and chosen.item_state not in CELLS
    if any(wrong):
        advice = f"state is one of {', '.join(GATHERING)}; item_state one of {', '.join(CELLS)}."
        raise Invalid(advice, errors=[FieldError("#/state" if wrong[0] else "#/item_state", "invalid", advice)])
    found = Case.objects.all()
    if chosen.condition:
        found = found.filter(condition=chosen.condition)
    if chosen.late:
        found = found.filter(promised_at__lt=clock.now())
    if chosen.item or chosen.item_state:
        found = found.filter(Exists(_with_item(chosen)))
    return found


def _with_item(chosen: BoardFilter) -> QuerySet[ChecklistItem]:
    items = ChecklistItem.objects.filter(case=OuterRef("pk"))
    if chosen.item:
        items = items.filter(code=chosen.item)
    state = chosen.item_state or MISSING
    if state == PRESENT:
        return items.filter(present=True)
    if state == WAIVED:
        return items.filter(present=False).exclude(waived_by=None)
    asked = Q(code__startswith=ASKED) | Exists(_open_requests().filter(case=OuterRef("case")))
    lacking = items.filter(_NOT_HERE)
    return lacking.filter(asked) if state == BEING_ASKED else lacking.exclude(asked)


def _open_requests() -> QuerySet[RecordRequest]:
    return RecordRequest.objects.filter(state=RecordRequestState.OPEN)


def _items(shown: list[Case]) -> dict[UUID, list[ChecklistItem]]:
    found: dict[UUID, list[ChecklistItem]] = defaultdict(list)
    rows = ChecklistItem.objects.filter(case__in=[one.id for one in shown])
    for row in rows.defer("title_sealed", "could_change_sealed").order_by("-required", "-importance", "code"):
        found[row.case_id].append(row)
    return found


def _requests(shown: list[Case]) -> dict[UUID, int]:
    rows = _open_requests().filter(case__in=[one.id for one in shown])
    return dict(rows.order_by().values_list("case").annotate(Count("id")))


def _columns(items: dict[UUID, list[ChecklistItem]]) -> tuple[str, ...]:
    """The records that any of the cases needs, the weightiest first; what was asked for by name has no column."""
    weight: dict[str, tuple[bool, int]] = {}
    for rows in items.values():
        for row in rows:
            if not row.code.startswith(ASKED):
                weight[row.code] = max(weight.get(row.code, (False, 0)), (row.required, row.importance))
    return tuple(sorted(weight, key=lambda code: (not weight[code][0], -weight[code][1], code)))


def _row(case: Case, items: list[ChecklistItem], columns: tuple[str, ...], requests: int) -> BoardRow:
    cells = {one.code: _cell(one, bool(requests)) for one in items}
    by_name = tuple(cell for code, cell in cells.items() if code not in columns)
    return BoardRow(
        case_id=case.id, reference=case.reference, state=case.state, condition=case.condition, urgency=case.urgency,
        state_since=case.state_since, promised_at=case.promised_at, open_requests=requests,
        first=first_needed(cells.values()), cells=tuple(cells.get(code) for code in columns), by_name=by_name,
    )  # fmt: skip


def _cell(row: ChecklistItem, request_open: bool) -> Cell:
    state = cell_state(row.code, present=row.present, waived=row.waived_by is not None, request_open=request_open)
    return Cell(row.code, state, row.required, row.importance, row.waiver_reason if state == WAIVED else "")


def _totals(cases: list[UUID]) -> tuple[ItemTotal, ...]:
    rows = (
        ChecklistItem.objects.filter(case__in=cases)
        .exclude(code__startswith=ASKED)
        .order_by()
        .values("code")
        .annotate(
            missing=Count("id", filter=_NOT_HERE),
            needed=Count("id", filter=_NOT_HERE & Q(required=True)),
            waived=Count("id", filter=Q(present=False) & ~Q(waived_by=None)),
            there=Count("id", filter=Q(present=True)),
        )
    )
    found = [
        ItemTotal(
            code=one["code"],
            name=one["code"].replace("_", " "),
            missing=one["missing"],
            required=one["needed"],
            waived=one["waived"],
            present=one["there"],
        )
        for one in rows
    ]
    return tuple(sorted(found, key=lambda one: (-one.required, -one.missing, one.code)))
