"""Every read that the authorization matrix names, by one of each kind of people who may, and the specialists' pages.

The things that are read are real ones, made once before the rows that grow; sessions are opened anew at every size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Read = Callable[[], Any]
# A patient, a specialist, somebody who coordinates, an administrator: each finds rows by another way.
_ROLES = ("PO", "PA", "PR", "SS", "SA")
# Lists whose query depends on what is asked for, beside the ones of cases (``growth.FILTERS``).
_ASKED = {
    "/notifications": ("?unread=true", "?unread=false", "?limit=100"),
    "/audit": ("?limit=100",),
    "/audit?patient={po}": ("&limit=100",),
    "/professionals": ("?specialty=cardiology", "?specialty=none", "?limit=100"),
    "/fhir/Task": ("?_count=50",),
}
# Whoever is being erased reads nothing else.
_APART = "{erased}"
_PAGES = ("/dashboard/", "/dashboard/practice", "/dashboard/practice/statistics", "/dashboard/notices.json")


class MatrixReads:
    """The people and things that are read; by the product's own steps."""

    def __init__(self) -> None:
        from tests.authorization.rows import ROWS
        from tests.authorization.world import World, filled
        from tests.benchmarks.dashboard import specialist

        shared, self._asked = World(), []
        for row in ROWS:
            if row.method != "GET" or not set(row.cells) & set("YS"):
                continue
            world = World() if _APART in row.path else shared
            roles = [role for role in _ROLES if row.cell(role) in "YS"]
            for path in (row.path, *(f"{row.path}{more}" for more in _ASKED.get(row.path, ()))):
                self._asked.append((world, roles, path, filled(path, world)))
        self._specialist, self._workspace = specialist()

    def __iter__(self) -> Iterator[tuple[str, Read]]:
        from tests.authorization.test_matrix import client_of

        for world, roles, name, path in self._asked:
            for role in roles:
                client = client_of(world, role)
                yield f"{role}: {name}", lambda client=client, path=path: client.get(path)  # type: ignore[misc]  # a lambda's default
        pages = ((path, path) for path in _PAGES)
        for name, path in (*pages, ("/dashboard/cases/…", self._workspace)):
            yield f"specialist: {name}", lambda path=path: self._specialist.get(path)  # type: ignore[misc]  # a lambda's default
