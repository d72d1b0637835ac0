"""No address without a row: a new one is refused here until somebody has written down who may use it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from tests.authorization.rows import ELSEWHERE, PENDING, ROWS

METHODS = ("get", "post", "put", "patch", "delete")
UUID = "01a207c1-f45e-7b90-b52e-58235da14958"


def addresses(resolver: Any = None, prefix: str = "/") -> Iterator[tuple[str, str]]:
    """(method, address) of every route under /api."""
    for entry in (resolver or get_resolver()).url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, address)
        elif isinstance(entry, URLPattern) and address.startswith("/api/v1/"):
            view = getattr(entry.callback, "view_class", None) or getattr(entry.callback, "cls", None)
            for method in METHODS:
                if view is not None and hasattr(view, method):
                    yield method.upper(), address


def known() -> set[tuple[str, str]]:
    """(method, route) that the matrix has a row for."""
    found = set()
    for row in ROWS:
        path = row.path if row.path.startswith(("/api/", "/admin/", "/healthz")) else f"/api/v1{row.path}"
        method = "POST" if row.method == "UPLOAD" else row.method
        if path.startswith("/api/v1"):
            found.add((method, "/" + resolve(re.sub(r"\{\w+\}", UUID, path.partition("?")[0])).route))
    return found


def test_every_route_has_a_row_or_says_where_it_is_tested() -> None:
    missing = {f"{method} {address}" for method, address in addresses()}
    missing -= {f"{method} {address}" for method, address in known()} | set(ELSEWHERE)
    assert not missing


def test_what_is_tested_elsewhere_exists_and_has_no_row_here() -> None:
    routes = {f"{method} {address}" for method, address in addresses()}
    assert set(ELSEWHERE) <= routes
    assert not set(ELSEWHERE) & {f"{method} {address}" for method, address in known()}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_row_has_a_cell_for_each_column_and_a_reason_for_each_exception(row: Any) -> None:
    assert len(row.cells.split()) == 10
    assert set(row.cells.split()) <= set("YSDNB1349L-")
    assert all(reason.strip() for reason in row.why.values())


def test_names_are_told_apart() -> None:
    names = [row.name for row in ROWS]
    assert len(set(names)) == len(names)


def test_pending_rows_are_those_of_the_design_that_have_no_route_yet() -> None:
    done = {row.name.split()[0] for row in ROWS}
    assert not done & set(PENDING)
