"""Lists of staff cost the same however long they are: bounded counts, and values to filter by that an index gives."""

from __future__ import annotations

import re
from typing import Any
from unittest import mock

import pytest
from django.contrib import admin
from django.db import connections, models

from cases.models import Case, Document
from config.kernel.admin import bounded_count
from config.kernel.admin.bounded_count import AtLeast
from config.kernel.admin.facets import facet_of, leads_an_index, values_in
from config.kernel.db.router import alias_of
from tests.benchmarks.filling import fill
from tests.benchmarks.growing import cases_statement
from tests.staff.support import Counted, signed_in

pytestmark = pytest.mark.django_db(databases="__all__")
# Tables that do not grow with the cases: what editors, officers and administrators enter by hand.
_BY_HAND = {"Proxy", "Rectification", "RoleChange"}


class TestCounting:
    def test_beyond_the_bound_a_list_says_more_than(self) -> None:
        fill(8)
        with mock.patch.object(bounded_count, "MAX_COUNT", 3):
            page = signed_in("administrator").get("/admin/cases/case/").content.decode()
        assert "more than 3" in page

    def test_below_it_says_how_many(self) -> None:
        fill(2)
        assert "more than" not in signed_in("administrator").get("/admin/cases/case/").content.decode()

    def test_what_is_more_counts_pages_and_reads_as_words(self) -> None:
        assert (int(AtLeast(10_000)), str(AtLeast(10_000))) == (10_000, "more than 10,000")

    def test_counting_looks_at_no_more_rows_than_the_bound(self) -> None:
        fill(2)
        with Counted() as counted:
            signed_in("administrator").get("/admin/cases/document/")
        counts = [one for one in counted.statements if "COUNT(" in one.upper() and '"cases_document"' in one]
        assert counts
        bounds = [re.search(r"LIMIT (\d+)", one) for one in counts]
        assert all(bound and int(bound[1]) <= bounded_count.MAX_COUNT + 1 for bound in bounds)


class TestFacets:
    def test_the_values_of_a_column_are_found_in_order(self) -> None:
        with connections["cases"].cursor() as cursor:
            cursor.execute(cases_statement(1, 300))
        for name in ("specialty", "urgency", "country"):
            found = values_in(Case, Case._meta.get_field(name))
            assert found == sorted(set(Case.objects.values_list(name, flat=True))), name

    def test_no_values_are_found_in_an_empty_table(self) -> None:
        assert values_in(Document, Document._meta.get_field("verdict")) == []

    def test_they_take_a_step_for_each_value_not_for_each_row(self) -> None:
        with connections["cases"].cursor() as cursor:
            cursor.execute(cases_statement(1, 5_000))
            cursor.execute("ANALYZE cases_case")
            real = cursor.execute
            with mock.patch.object(connections["cases"], "cursor") as opened:
                opened.return_value.__enter__.return_value = cursor
                with mock.patch.object(type(cursor), "execute", lambda _, sql: real(f"EXPLAIN (ANALYZE) {sql}")):
                    plan = "\n".join(str(line) for line in values_in(Case, Case._meta.get_field("specialty")))
        assert "Seq Scan on cases_case" not in plan
        assert "Index Only Scan" in plan

    def test_every_filter_of_a_table_that_grows_has_choices_or_an_index(self) -> None:
        lacking = [
            f"{model._meta.label}.{named}"
            for model, page in admin.site._registry.items()
            if model.__name__ not in _BY_HAND and alias_of(model._meta.app_label) != "professionals"
            for named in page.list_filter
            if _reads_every_row(model, named)
        ]
        assert lacking == []


def _reads_every_row(model: type[models.Model], named: Any) -> bool:
    """A filter whose values Django would gather from all rows."""
    if facet_of(model, named) is named or not isinstance(named, str):
        return False
    return not leads_an_index(model, model._meta.get_field(named))
