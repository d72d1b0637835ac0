"""What every read costs among 10,000, 100,000 and 1,000,000 cases, and how it grows: `make bench W=growth`.

Cases with documents, history, checklists, audit rows, jobs, findings and notices, made inside PostgreSQL. The API and
the staff's pages are asked through Django's own handler; search has a workload of its own (`W=search`). Beside the
milliseconds stand the pages of the database that a read touches, which do not depend on the machine's load.
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
# The tables that every context has alike are looked at in one.
_ALIKE = ("auditentry", "job", "outboxentry", "edition")
BOARD = "/admin/cases/case/completeness/"
BOARDS = ("", "?item=mri&item_state=missing", "?state=TRIAGE", "?condition=oncology", "?late=on", "?page=30")
Read = Callable[[], Any]


def main() -> int:
    """Prints every read with its exponents; fails where one is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=SIZES[-1])
    parser.add_argument("--lists", action="store_true", help="only the cases, and the lists of them by the API")
    options = parser.parse_args()
    sizes = [size for size in SIZES if size <= options.largest]
    taken: dict[str, list[tuple[float, int]]] = {}
    with own_servers():
        from django.conf import settings

        from tests.benchmarks.filling import fill
        from tests.benchmarks.growing import BY_HAND, ROWS, adopt, grow

        settings.ALLOWED_HOSTS, settings.RATE_LIMITS_SCALE = ["testserver"], 100_000
        people, done = _people(), 0
        for size in sizes:
            begun = time.perf_counter()
            grow(done + 1, size, only=("cases.Case",) if options.lists else ROWS)
            if not done:
                fill(BY_HAND.stop - 1, first=BY_HAND.start)
                case_id = adopt(patient_id=people["patient"].user_id, specialist_id=people["specialist"].user_id)
            done = size
            print(f"Migrated: {size:,} cases in {time.perf_counter() - begun:.0f} s", flush=True)
            for name, read in _lists(people) if options.lists else _reads(people, case_id):
                taken.setdefault(name, []).append((_least(read), _pages(read)))
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

    from tests.benchmarks.staff_lists import paths_of
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
    models = [
        one for one in admin.site._registry if one._meta.model_name not in _ALIKE or one._meta.label[:5] == "cases"
    ]
    lists = [path for one in sorted(models, key=str) for path in paths_of(staff, one)]
    for path in (*lists, "/admin/", *(f"{BOARD}{chosen}" for chosen in BOARDS)):
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


def _pages(read: Read) -> int:
    """Pages of the database that the read touches."""
    from tests.benchmarks.touched import Touching

    with Touching() as touching:
        read()
    return max(1, touching.found.pages)


def _tell(sizes: list[int], taken: dict[str, list[tuple[float, int]]]) -> int:
    rows = []
    for name, found in taken.items():
        if len(found) < len(sizes):
            continue  # a page of a list that another size does not have
        times, pages = [one for one, _ in found], [one for _, one in found]
        grown = math.log(sizes[-1] / sizes[0]) if len(sizes) > 1 else math.inf
        exponent, by_pages = (math.log(one[-1] / one[0]) / grown for one in (times, pages))
        met = by_pages <= EXPONENT and times[-1] <= LIMIT_MS
        rows.append((met, by_pages, name, times, exponent, pages))
    missed = [row for row in rows if not row[0]]
    worst = max(rows, key=lambda row: row[3][-1])
    print(f"{len(rows)} reads, {len(missed)} missed (exponent ≤ {EXPONENT}, ≤ {LIMIT_MS:.0f} ms among {sizes[-1]:,});")
    print(f"the slowest is {worst[2]} with {worst[3][-1]:.0f} ms, the middle {_middle(rows):.1f} ms.\n")
    print("| read | " + " | ".join(f"{size:,}: ms, pages" for size in sizes) + " | exponent by pages | by ms | |")
    print("|---" * (len(sizes) + 4) + "|")
    for met, by_pages, name, times, exponent, pages in sorted(rows, key=lambda row: (row[0], -row[1])):
        shown = " | ".join(f"{one:.1f}, {many:,}" for one, many in zip(times, pages, strict=True))
        told = "met" if met else "missed"
        print(f"| {name.replace('|', '/')} | {shown} | {by_pages:.2f} | {exponent:.2f} | {told} |")
    return int(bool(missed))


def _middle(rows: list[Any]) -> float:
    last = sorted(float(row[3][-1]) for row in rows)
    return last[len(last) // 2]


if __name__ == "__main__":
    sys.exit(main())
