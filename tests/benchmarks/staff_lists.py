"""Every way that staff look at a long list, as its page offers them: pages, filters, orders, both, searches."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.templatetags.admin_list import result_headers

# What no row has: a list must say so as fast as it shows others.
NOBODY = UUID(int=1)
NOTHING = "zzz"
# Of each filter so many values are tried with every order and every other filter.
_TRIED = 2


def paths_of(client: Any, model: Any) -> Iterator[str]:
    """The addresses of one list."""
    page = admin.site._registry[model]
    base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    changes = client.get(base).context_data["cl"]
    yield base
    last = changes.paginator.num_pages
    yield from (f"{base}?p={number}" for number in {2, last} if 1 < number <= last)
    filters = [_values(changes, spec) for spec in changes.filter_specs]
    orders = list(_orders(changes))
    for order in orders:
        yield f"{base}?{order}"
        if last > 1:
            yield f"{base}?{order}&p={last}"
    for values in filters:
        for value in values:
            yield f"{base}?{value}"
        for value in values[:_TRIED]:
            yield from (f"{base}?{value}&{order}" for order in orders)
    for one, other in combinations(filters, 2):
        yield from (f"{base}?{first}&{second}" for first in one[:_TRIED] for second in other[:_TRIED])
    yield from (f"{base}?{search}" for search in _searches(page, model))


def _values(changes: Any, spec: Any) -> list[str]:
    offered = [choice["query_string"].lstrip("?") for choice in spec.choices(changes)]
    return [one for one in offered if one]


def _orders(changes: Any) -> Iterator[str]:
    for number, header in enumerate(result_headers(changes)):
        if header.get("sortable"):
            # The boxes to tick are no column.
            column = number if "action_checkbox" in changes.list_display else number + 1
            yield from (f"o={column}", f"o=-{column}")


def _searches(page: Any, model: Any) -> Iterator[str]:
    row = model._default_manager.first()
    if page.id_search:
        found = next((getattr(row, name) for name in page.id_search if isinstance(getattr(row, name, None), UUID)), "")
        yield from (f"q={found}", f"q={NOBODY}")
    if page.code_search:
        value = str(getattr(row, page.code_search[0]))
        yield from (f"q={value[:1]}", f"q={value}", f"q={NOTHING}")
