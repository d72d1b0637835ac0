"""The specialists' and the staff's pages: milliseconds of the server and statements, with much to show.

`python -m tests.benchmarks.dashboard` (`make bench W=dashboard`). The baseline is a bare page that only knows who is
signed in, in the same process.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from statistics import median
from typing import Any

from tests.benchmarks.crypto import own_servers

PAGE_LIMIT_MS, PAGE_STATEMENTS, LIST_STATEMENTS = 50.0, 12, 15
OPEN_CASES, DOCUMENTS, TIMES = 200, 60, 30


def specialist() -> tuple[Any, str]:
    """A signed-in specialist with many open cases of many patients; the path of a case with many documents."""
    from cases.models import Case
    from config.kernel.clock import now
    from config.kernel.db import uuid7
    from tests.benchmarks.data import _CASE_COLUMNS, _case, _copy
    from tests.cases.support import Story, make_specialist
    from tests.dashboard.test_pages import as_specialist

    who = make_specialist()
    story = Story().in_review(who)
    for _ in range(DOCUMENTS):
        story.put_document()
    chosen = random.Random(7)
    rows = [_case(uuid7(), number, chosen, sealed=True) for number in range(OPEN_CASES - 1)]
    _copy("cases_case", _CASE_COLUMNS, rows)
    mine = Case.objects.filter(id__in=[row[0] for row in rows])
    mine.update(state="IN_REVIEW", assigned_user_id=who.user_id, promised_at=now())
    return as_specialist(who), f"/dashboard/cases/{story.id}"


def staff(rows: int) -> Any:
    """A signed-in administrator, beside many cases."""
    from django.test import Client

    from identity import services as identity
    from tests.benchmarks.data import load
    from tests.factories import PASSWORD, TOTP_SECRET, make_account, totp_code

    load(cases=rows)
    account = make_account("administrator")
    identity.seed_totp(user_id=account.id, secret=TOTP_SECRET)
    client = Client()
    client.post("/admin/login/", {"email": account.email, "password": PASSWORD, "code": totp_code()})
    return client


def cost(client: Any, path: str) -> tuple[float, int]:
    """(median milliseconds, statements) of a page."""
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    for _ in range(3):
        assert client.get(path).status_code == 200, path
    taken = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        client.get(path)
        taken.append((time.perf_counter() - begun) * 1000)
    captured = [CaptureQueriesContext(connections[alias]) for alias in connections]
    for one in captured:
        one.__enter__()
    client.get(path)
    for one in captured:
        one.__exit__(None, None, None)
    quiet = ("SAVEPOINT", "BEGIN", "COMMIT", "RELEASE")
    return median(taken), sum(not q["sql"].startswith(quiet) for one in captured for q in one)


def main() -> int:
    """Prints every page beside its limits, and fails when one is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    options = parser.parse_args()
    missed = False
    told = sys.stdout.write
    with own_servers():
        from django.conf import settings

        settings.ALLOWED_HOSTS = ["testserver"]
        client, workspace = specialist()
        bare, _ = cost(client, "/account/")
        told("\n| page | ms | × bare page | statements | limits |\n|---|---|---|---|---|\n")
        told(f"| own sign-in (baseline) | {bare:.1f} | 1.0 | | |\n")
        pages = ((f"worklist, {OPEN_CASES} cases", "/dashboard/"), (f"workspace, {DOCUMENTS} documents", workspace))
        for name, path in pages:
            took, statements = cost(client, path)
            told(f"| {name} | {took:.1f} | {took / bare:.1f} | {statements} | ≤ {PAGE_LIMIT_MS:.0f} ms, ≤ 12 |\n")
            missed |= took > PAGE_LIMIT_MS or statements > PAGE_STATEMENTS
        admin = staff(options.cases)
        for path in ("/admin/", "/admin/cases/case/", "/admin/cases/auditentry/", "/admin/identity/user/"):
            took, statements = cost(admin, path)
            limit = "" if path == "/admin/" else f"≤ {LIST_STATEMENTS}"
            told(
                f"| {path} beside {options.cases:,} cases | {took:.1f} | {took / bare:.1f} | {statements} | {limit} |\n"
            )
            missed |= bool(limit) and statements > LIST_STATEMENTS
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
