"""Lists of staff and specialists touch as many rows among many cases as among few; counted by the database itself."""

from __future__ import annotations

from typing import Any
from unittest import mock
from uuid import UUID

import psycopg
import pytest
from django.db import connections

from cases.models import Case
from cases.queries import case_reads
from cases.queries.case_selection import LOOKED_AT
from cases.queries.list_order import ORDERS
from cases.queries.sealed_contents import sealed_title
from config.kernel.auth import Principal
from identity import services as identity
from tests.benchmarks.growing import cases_statement
from tests.cases.support import by
from tests.client import ApiClient
from tests.factories import make_person

pytestmark = pytest.mark.django_db
MANY = 12_000
# Each filter, with something to be found and with nothing.
FILTERS = (
    "", "urgency=urgent", "urgency=never", "specialty=none", "service_type=none", "condition=orthopaedics",
    "on_hold=true", "on_hold=false", "state=TRIAGE", "state=CANCELLED", "state=DRAFT", "state=TRIAGE,MATCHING",
    "updated_since=2099-01-01T00:00:00Z", "updated_since=2024-01-02T00:00:00Z", "due_before=2020-01-01T00:00:00Z",
    "urgency=urgent&specialty=none", "state=TRIAGE&specialty=none",
)  # fmt: skip


@pytest.fixture
def many() -> None:
    """Many cases in tables whose statistics are known."""
    with connections["cases"].cursor() as cursor:
        cursor.execute(cases_statement(1, MANY))
        cursor.execute("ANALYZE cases_case")


def touched(path: str, who: Principal) -> tuple[int, int]:
    """(rows read from the table of cases, rows shown) by one page of the list."""
    plans: list[Any] = []
    real = case_reads._run

    def explained(statement: str, values: Any, *how: bool) -> Any:
        with psycopg.ClientCursor(connections["cases"].connection) as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values)
            plans.append((cursor.fetchone() or ())[0][0]["Plan"])
        return real(statement, values, *how)

    with mock.patch.object(case_reads, "_run", explained):
        answer = ApiClient(who).get(path)
    assert answer.status_code == 200, answer.content
    return sum(map(_read, plans)), len(answer.json()["results"])


def _read(node: dict[str, Any]) -> int:
    own = 0
    if node.get("Relation Name") == "cases_case":
        seen = sum(
            node.get(name, 0) for name in ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
        )
        own = round(seen * node["Actual Loops"])
    return own + sum(map(_read, node.get("Plans", ())))


def readable(ids: list[UUID], **changes: Any) -> None:
    """Change cases and seal their titles under the keys of whose they are then."""
    for case in Case.objects.filter(id__in=ids):
        owner = changes.get("patient_id", case.patient_id)
        title = sealed_title(case.id, identity.data_key(subject_id=owner), "A second look")
        Case.objects.filter(id=case.id).update(title_sealed=title, **changes)


@pytest.mark.usefixtures("many")
class TestRowsTouched:
    @pytest.mark.parametrize("filters", FILTERS)
    def test_a_page_of_staff_touches_few_rows_whatever_is_asked_for(self, filters: str) -> None:
        coordinator = make_person("coordinator")
        for sort in ORDERS:
            read, shown = touched(f"/cases?{filters}&sort={sort}", coordinator)
            # The walk along an order, for each of the states asked for; then what a page shows, found once more by id.
            bound = LOOKED_AT * max(1, filters.count(",") + 1) + 200
            assert read <= bound, f"{filters} by {sort} reads {read:,} of {MANY:,} cases to show {shown}"

    def test_a_specialists_page_touches_their_own_cases_only(self) -> None:
        specialist = make_person("professional")
        mine = list(Case.objects.order_by("id").values_list("id", flat=True)[100:140])
        readable(mine[:30], assigned_user_id=specialist.user_id)
        readable(mine[30:], peer_user_id=specialist.user_id)
        for sort in ORDERS:
            read, shown = touched(f"/cases?sort={sort}&limit=100", specialist)
            assert (shown, read <= 3 * len(mine)) == (len(mine), True), (sort, read)


@pytest.mark.usefixtures("many")
class TestEveryWayCounts:
    def test_pages_hold_each_case_once_in_the_order_that_is_asked_for(self) -> None:
        """A coordinator who is also a patient: what two ways lead to is shown once."""
        coordinator = make_person("coordinator")
        own = list(Case.objects.exclude(state="DRAFT").order_by("-id").values_list("id", flat=True)[:5])
        readable(own, patient_id=coordinator.user_id)
        orders = {"newest": ("-id",), "updated": ("-updated_at", "-id"), "waiting": ("state_since", "id")}
        for sort, order in orders.items():
            wanted = list(Case.objects.filter(urgency="soon").order_by(*order).values_list("id", flat=True)[:250])
            found, path = [], f"/cases?urgency=soon&sort={sort}&limit=100"
            for _ in range(3):
                page = ApiClient(coordinator).get(path).json()
                found += [UUID(row["id"]) for row in page["results"]]
                path = page["next"]
            assert found[:250] == wanted, sort

    def test_drafts_stay_the_patients_own(self) -> None:
        coordinator = make_person("coordinator")
        draft = Case.objects.order_by("-id")[0]
        Case.objects.filter(id=draft.id).update(state="DRAFT")
        with by(coordinator):
            for path in ("/cases?limit=100", "/cases?state=DRAFT", "/cases?state=DRAFT,TRIAGE&limit=100"):
                assert str(draft.id) not in {row["id"] for row in ApiClient(coordinator).get(path).json()["results"]}
        readable([draft.id], patient_id=coordinator.user_id)
        assert [row["id"] for row in ApiClient(coordinator).get("/cases?state=DRAFT").json()["results"]] == [
            str(draft.id)
        ]
