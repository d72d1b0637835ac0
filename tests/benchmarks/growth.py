"""What every read costs among 10,000, 100,000 and 1,000,000 cases, and how it grows: `make bench W=growth`.

Cases with documents, history, checklists, audit rows, jobs, findings and notices, made inside PostgreSQL. The API and
the staff's pages are asked through Django's own handler; search has a workload of its own (`W=search`).
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from tests.benchmarks.crypto import own_servers

SIZES, TIMES = (10_000, 100_000, 1_000_000), 5
EXPONENT, LIMIT_MS = 0.25, 100.0
SORTS = ("newest", "updated", "waiting", "due", "urgency")
FILTERS = (
    "", "urgency=urgent", "urgency=never", "specialty=cardiology", "specialty=none", "service_type=images",
    "service_type=none", "condition=oncology", "condition=orthopaedics", "on_hold=true", "on_hold=false",
    "state=TRIAGE", "state=CANCELLED", "state=TRIAGE,MATCHING", "updated_since=2099-01-01T00:00:00Z",
    "updated_since=2024-01-05T00:00:00Z", "due_before=2020-01-01T00:00:00Z", "due_before=2024-01-10T00:00:00Z",
    "urgency=urgent&specialty=none", "urgency=urgent&specialty=cardiology", "state=TRIAGE&specialty=none",
)  # fmt: skip
# Values that some rows, and that no row has: for the lists of staff that grow with the cases.
ADMIN = (
    "/admin/cases/case/?state__exact=TRIAGE", "/admin/cases/case/?state__exact=CANCELLED",
    "/admin/cases/case/?urgency=urgent", "/admin/cases/case/?specialty=none", "/admin/cases/case/?country=XX",
    "/admin/cases/case/?p=3", "/admin/cases/case/?q=SO-77", "/admin/cases/case/?o=7", "/admin/cases/case/?o=9",
    "/admin/cases/document/?state__exact=REJECTED", "/admin/cases/document/?state__exact=MISMATCHED",
    "/admin/cases/document/?verdict=partial", "/admin/cases/document/?media_type=none",
    "/admin/cases/auditentry/?outcome=denied", "/admin/cases/auditentry/?actor_kind=service",
    "/admin/cases/job/?state__exact=DEAD", "/admin/cases/outboxentry/?status__exact=DEAD",
    "/admin/analysis/finding/?kind=none", "/admin/analysis/analysisrun/?state__exact=FAILED",
    "/admin/notifications/notice/?kind=none",
)  # fmt: skip
Read = Callable[[], Any]


def main() -> int:
    """Prints every read with its exponent; fails where one is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=SIZES[-1])
    parser.add_argument("--lists", action="store_true", help="only the cases, and the lists of them by the API")
    options = parser.parse_args()
    sizes = [size for size in SIZES if size <= options.largest]
    taken: dict[str, list[float]] = {}
    with own_servers():
        from django.conf import settings

        from tests.benchmarks.growing import ROWS, adopt, grow

        settings.ALLOWED_HOSTS, settings.RATE_LIMITS_SCALE = ["testserver"], 100_000
        people, done = _people(), 0
        for size in sizes:
            begun = time.perf_counter()
            grow(done + 1, size, only=("cases.Case",) if options.lists else ROWS)
            if not done:
                case_id = adopt(patient_id=people["patient"].user_id, specialist_id=people["specialist"].user_id)
            done = size
            print(f"Migrated: {size:,} cases in {time.perf_counter() - begun:.0f} s", flush=True)
            for name, read in _lists(people) if options.lists else _reads(people, case_id):
                taken.setdefault(name, []).append(_least(read))
    return _tell(sizes, taken)


def _people() -> dict[str, Any]:
    from tests.factories import make_patient, make_person

    return {
        "patient": make_patient(), "specialist": make_person("professional"), "coordinator": make_person("coordinator"),
        "officer": make_person("privacy_officer"),
    }  # fmt: skip


def _api(people: dict[str, Any], who: str, path: str, case_id: Any = None) -> tuple[str, Read]:
    from tests.client import ApiClient

    client = ApiClient(people[who])
    return f"{who}: {path.replace(str(case_id), '…') if case_id else path}", lambda: client.get(path)


def _lists(people: dict[str, Any]) -> Iterator[tuple[str, Read]]:
    for sort in SORTS:
        for wanted in FILTERS:
            yield _api(people, "coordinator", f"/cases?{wanted}&sort={sort}")
        yield _api(people, "patient", f"/cases?sort={sort}")
        yield _api(people, "specialist", f"/cases?sort={sort}")


def _reads(people: dict[str, Any], case_id: Any) -> Iterator[tuple[str, Read]]:
    from django.contrib import admin

    from tests.staff.support import signed_in

    def api(who: str, path: str) -> tuple[str, Read]:
        return _api(people, who, path, case_id)

    yield from _lists(people)
    case = f"/cases/{case_id}"
    for path in (case, *(f"{case}/{part}" for part in ("history", "transitions", "documents", "checklist", "intake"))):
        yield api("patient", path)
    for path in ("/notifications", "/profile/me", "/consents", "/proxies"):
        yield api("patient", path)
    yield api("officer", "/audit")
    staff = signed_in("administrator", "privacy_officer", "coordinator", "nurse")
    lists = (f"/admin/{model._meta.app_label}/{model._meta.model_name}/" for model in admin.site._registry)
    board = "/admin/cases/case/completeness/"
    for path in (*sorted(lists), *ADMIN, "/admin/", board, f"{board}?item=mri&item_state=missing"):
        yield path, lambda path=path: staff.get(path)  # type: ignore[misc]  # a default that keeps the path


def _least(read: Read) -> float:
    """Milliseconds: the least of five, for the machine is shared."""
    taken = []
    for _ in range(TIMES + 1):
        begun = time.perf_counter()
        answer = read()
        taken.append((time.perf_counter() - begun) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{answer.status_code}: {answer.content[:300]!r}")
    return min(taken[1:])


def _tell(sizes: list[int], taken: dict[str, list[float]]) -> int:
    rows = []
    for name, times in taken.items():
        exponent = math.log(times[-1] / times[0]) / math.log(sizes[-1] / sizes[0]) if len(sizes) > 1 else 0.0
        met = exponent <= EXPONENT and times[-1] <= LIMIT_MS
        rows.append((met, exponent, name, times))
    missed = [row for row in rows if not row[0]]
    worst = max(rows, key=lambda row: row[3][-1])
    print(f"{len(rows)} reads, {len(missed)} missed (exponent ≤ {EXPONENT}, ≤ {LIMIT_MS:.0f} ms among {sizes[-1]:,});")
    print(f"the slowest is {worst[2]} with {worst[3][-1]:.0f} ms, the middle {_middle(rows):.1f} ms.\n")
    print("| read | " + " | ".join(f"{size:,}: ms" for size in sizes) + " | exponent | |")
    print("|---" * (len(sizes) + 3) + "|")
    for met, exponent, name, times in sorted(rows, key=lambda row: (row[0], -row[1])):
        shown = " | ".join(f"{one:.1f}" for one in times)
        print(f"| {name.replace('|', '/')} | {shown} | {exponent:.2f} | {'met' if met else 'missed'} |")
    return int(bool(missed))


def _middle(rows: list[Any]) -> float:
    last = sorted(float(row[3][-1]) for row in rows)
    return last[len(last) // 2]


if __name__ == "__main__":
    sys.exit(main())
