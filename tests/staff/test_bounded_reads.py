"""Every list of staff touches as many rows among many cases as among few; counted by the database, not by a clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import pytest
from django.db import connections, models
from django.db.models import F
from django.test import Client

from cases.admin.queues import _BY_STATE
from cases.db import atomic
from cases.models import Assignment, Case, ChecklistItem
from cases.queries.access import caseload_of
from cases.services.intake import completeness
from config.kernel.admin import bounds, home
from config.kernel.admin.home import queues_for
from config.kernel.admin.index_orders import in_order, leads, tie
from tests.benchmarks.growing import statement
from tests.staff.support import signed_in

pytestmark = pytest.mark.django_db(databases="__all__")
FEW, MANY, LOOKED_AT = 400, 4_000, 40
GROWN = (
    "cases.Case",
    "cases.Document",
    "cases.ChecklistItem",
    "cases.AuditEntry",
    "cases.BreakGlass",
    "cases.RetentionListing",
    "cases.Opinion",
    "cases.Report",
)
LISTS = (
    "case/",
    "case/?state__exact=TRIAGE",
    "case/?state__exact=CANCELLED",
    "case/?urgency=urgent&specialty=cardiology",
    "case/?state__exact=TRIAGE&country=DE&o=-7",
    "case/?o=7",
    "case/?o=-4",
    "case/?o=9",
    "case/?o=1&urgency=soon",
    "case/?q=SO-77",
    "case/?q=so-7",
    "case/?q=00000000-0000-7000-8000-000000000000",
    "document/?state__exact=REJECTED",
    "document/?verdict=partial&media_type=image%2Fpng",
    "document/?o=5",
    "document/?o=-3&verdict=partial",
    "auditentry/?outcome=denied",
    "auditentry/?actor_kind=user",
    "auditentry/?q=nothing",
    "auditentry/?o=4",
    "breakglass/?reviewed_at__isempty=1",
    "retentionlisting/",
    "case/completeness/",
    "case/completeness/?item=mri&item_state=missing",
    "case/completeness/?condition=oncology&late=on",
)
# What anybody may ask.
PUBLIC = ("/api/v1/report-status-list", "/api/v1/report-keys")
# Rows and entries walked by this session's transaction, whose numbers are not published before it ends.
_WALKED = """
SELECT coalesce(sum(pg_stat_get_xact_tuples_returned(oid)), 0) FROM pg_class WHERE relname LIKE 'cases\\_%'
"""


def grow(first: int, last: int) -> None:
    with connections["cases"].cursor() as cursor:
        for label in GROWN:
            cursor.execute(statement(label, first, last))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ANALYZE")


def walked(client: Client, path: str) -> int:
    with walking(bitmaps="q=" in path) as found:
        assert client.get(path if path[0] == "/" else f"/admin/cases/{path}").status_code == 200, path
    return found[0]


@contextmanager
def walking(*, bitmaps: bool = False) -> Iterator[list[int]]:
    found: list[int] = []
    with connections["cases"].cursor() as cursor:
        # A table of a few pages is read whole, and few rows are sorted, which says nothing of one of a million rows. A
        # search by any of several columns puts bitmaps together.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"SET LOCAL enable_bitmapscan = {'on' if bitmaps else 'off'}")
        cursor.execute(_WALKED)
        before = cursor.fetchone()[0]
        yield found
        cursor.execute(_WALKED)
        found.append(int(cursor.fetchone()[0] - before))


@pytest.fixture
def small_bounds() -> Any:
    """Bounds as small beside a few thousand rows as the real ones are beside a million."""
    with (
        mock.patch.object(bounds, "LOOKED_AT", LOOKED_AT),
        mock.patch.object(completeness, "LOOKED_AT", LOOKED_AT),
        # More than one page of a list, which is shown whole else.
        mock.patch("config.kernel.admin.bounded_count.MAX_COUNT", 3 * LOOKED_AT),
    ):
        yield


@pytest.mark.usefixtures("small_bounds")
class TestRowsWalked:
    def test_ten_times_the_cases_cost_no_list_more(self) -> None:
        client, paths = signed_in("administrator", "privacy_officer", "coordinator", "nurse"), (*LISTS, *PUBLIC)
        grow(1, FEW)
        few = {path: walked(client, path) for path in paths}
        grow(FEW + 1, MANY)
        many = {path: walked(client, path) for path in paths}
        grown = {path: (few[path], many[path]) for path in paths if many[path] > 2 * few[path] + 20 * LOOKED_AT}
        assert grown == {}


def test_somebodys_caseload_is_counted_among_their_own_assignments() -> None:
    with connections["cases"].cursor() as cursor:
        for label in ("cases.Case", "cases.Assignment"):
            cursor.execute(statement(label, 1, MANY))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        Assignment.objects.update(user_id=F("case_id"))
        cursor.execute("ANALYZE")
    everybody = Assignment.objects.filter(state="ACTIVE").values_list("user_id", flat=True)
    assert len(everybody) > 200
    with walking() as found, atomic():
        assert caseload_of(everybody[0]) == 1
    assert found[0] <= 2


class TestServed:
    def test_an_index_leads_to_what_its_condition_holds(self) -> None:
        from cases.models import AuditEntry, BreakGlass, Job

        assert leads(AuditEntry, "outcome", "denied")
        assert not leads(AuditEntry, "outcome", "success")
        assert leads(Job, "state", "DEAD")
        assert not leads(Job, "state", "DONE")
        assert leads(BreakGlass, "reviewed_at", None)
        assert not leads(BreakGlass, "justified", True)

    def test_it_gives_its_own_order_and_the_opposite_one(self) -> None:
        assert in_order(Case, ("-pk",))
        assert in_order(Case, ("urgency", tie(Case, "urgency")))
        assert in_order(Case, ("-urgency", tie(Case, "-urgency")))
        assert not in_order(Case, ("urgency", "-pk"))
        assert in_order(Case, ("-pk",), "state", "TRIAGE")
        assert not in_order(Case, ("promised_at", "pk"), "state", "TRIAGE")
        assert not in_order(Case, ("language", "-pk"))


@pytest.mark.usefixtures("small_bounds")
class TestWhatIsSaid:
    @pytest.fixture(autouse=True)
    def many(self) -> None:
        with connections["cases"].cursor() as cursor:
            cursor.execute(statement("cases.Case", 1, 600))

    def test_what_is_not_all_says_so_and_what_is_shown_fits(self) -> None:
        page = signed_in("administrator").get("/admin/cases/case/?state__exact=CLOSED&urgency=urgent")
        changes = page.context_data["cl"]
        wanted = Case.objects.filter(state="CLOSED").order_by("-id").values("pk")[:LOOKED_AT]
        fit = list(Case.objects.filter(pk__in=wanted, urgency="urgent").order_by("-id"))
        assert list(changes.result_list) == fit
        assert str(changes.result_count) == f"at least {len(fit)}"
        assert b"there may be more" in page.content

    def test_few_rows_are_sorted_by_any_column(self) -> None:
        Case.objects.filter(state="TRIAGE").exclude(pk__in=Case.objects.filter(state="TRIAGE")[:9]).update(
            state="CLOSED"
        )
        page = signed_in("administrator").get("/admin/cases/case/?state__exact=TRIAGE&o=-8")
        assert len(page.context_data["cl"].result_list) == 9
        assert b"too many" not in page.content

    def test_a_column_without_an_index_does_not_sort_a_long_list(self) -> None:
        page = signed_in("administrator").get("/admin/cases/document/?o=5")
        assert page.status_code == 200
        grow(601, 800)
        page = signed_in("administrator").get("/admin/cases/document/?o=5")
        rows = [row.pk for row in page.context_data["cl"].result_list]
        assert rows == sorted(rows, reverse=True)
        assert b"too many rows to sort" in page.content

    def test_the_board_says_of_how_many_it_speaks(self) -> None:
        client = signed_in("coordinator")
        page = client.get("/admin/cases/case/completeness/")
        assert page.context_data["board"].looked_at == LOOKED_AT
        assert page.context_data["board"].total == LOOKED_AT
        assert b"wait longest were looked at" in page.content
        gathering = Case.objects.filter(state__in=completeness.GATHERING)
        longest = list(gathering.order_by("state_since", "id").values_list("id", flat=True)[:LOOKED_AT])
        assert [row.case_id for row in page.context_data["board"].rows] == longest
        gathering.exclude(id__in=longest[:5]).update(state="CLOSED")
        page = client.get("/admin/cases/case/completeness/")
        assert (page.context_data["board"].looked_at, page.context_data["board"].total) == (None, 5)

    def test_queues_count_to_their_bound(self) -> None:
        with (
            mock.patch.object(home, "MAX_COUNT", 3),
            mock.patch("cases.admin.queues._BY_STATE", _BY_STATE.replace("1001", "4")),
        ):
            told = {queue.title: str(queue.count) for queue in queues_for(frozenset({"administrator"}))}
        assert told["Cases to triage"] == "more than 3"
        items = ChecklistItem.objects.filter(required=True, present=False)
        assert told["Cases that lack a required record"] == str(items.count())


def test_rows_of_the_growth_refer_to_each_other() -> None:
    from django.apps import apps

    from tests.benchmarks.filling import fill
    from tests.benchmarks.growing import BY_HAND, ROWS

    fill(BY_HAND.start + 1, first=BY_HAND.start)
    with mock.patch("tests.benchmarks.growing.BY_HAND", range(BY_HAND.start, BY_HAND.start + 2)):
        for label in ROWS:
            model: type[models.Model] = apps.get_model(label)
            alias = "default" if model._meta.app_label == "identity" else model._meta.app_label
            with connections[alias].cursor() as cursor:
                cursor.execute(statement(label, 1, 4))
    for alias in connections:
        connections[alias].check_constraints()
