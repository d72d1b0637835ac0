"""Every list of the admin over many rows in every table: statements and milliseconds of the server.

`python -m tests.benchmarks.admin` (`make bench W=admin`, `--rows` for less). The rows are made inside PostgreSQL; the
search by a whole id is opened for each list, too.
"""

from __future__ import annotations

import argparse
import sys
import time
from hashlib import md5
from statistics import median
from typing import Any
from uuid import UUID

from tests.benchmarks.crypto import own_servers

STATEMENTS, TIMES = 15, 3


def main() -> int:
    """Prints every list beside its limit, and fails when one takes too many statements or does not open."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    options = parser.parse_args()
    told, missed = sys.stdout.write, 0
    with own_servers():
        from django.conf import settings
        from django.contrib import admin

        from tests.benchmarks.filling import fill
        from tests.staff.support import signed_in

        settings.ALLOWED_HOSTS = ["testserver"]
        begun = time.perf_counter()
        _everywhere("SET statement_timeout = 0")
        tables = len(fill(options.rows))
        _everywhere("ANALYZE")
        _everywhere("RESET statement_timeout")
        told(f"{options.rows:,} rows in each of {tables} tables, made in {time.perf_counter() - begun:.0f} s.\n\n")
        client = signed_in("administrator", "privacy_officer", "coordinator", "nurse")
        told("| list | statements | ms | search by id: ms | limit |\n|---|---|---|---|---|\n")
        for model in sorted(admin.site._registry, key=lambda one: one._meta.label):
            path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
            statements, took = _cost(client, path)
            _, found = _cost(client, f"{path}?q={_first(model)}")
            told(f"| {model._meta.label} | {statements} | {took:.0f} | {found:.0f} | ≤ {STATEMENTS} |\n")
            sys.stdout.flush()
            missed += statements > STATEMENTS
        for path in ("/admin/cases/case/completeness/", "/admin/cases/case/completeness/?item=mri&item_state=missing"):
            statements, took = _cost(client, path)
            told(f"| {path} | {statements} | {took:.0f} | | ≤ {STATEMENTS} |\n")
            missed += statements > STATEMENTS
    return int(missed > 0)


def _everywhere(statement: str) -> None:
    from django.db import connections

    for alias in connections:
        with connections[alias].cursor() as cursor:
            cursor.execute(statement)


def _first(model: Any) -> str:
    return str(UUID(md5(f"{model._meta.db_table}1".encode()).hexdigest()))


def _cost(client: Any, path: str) -> tuple[int, float]:
    """(statements, median milliseconds)."""
    from tests.staff.support import Counted

    taken = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        assert client.get(path).status_code == 200, path
        taken.append((time.perf_counter() - begun) * 1000)
    with Counted() as counted:
        client.get(path)
    return counted.number, median(taken)


if __name__ == "__main__":
    sys.exit(main())
