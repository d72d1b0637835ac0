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
from itertools import chain
from typing import Any, NamedTuple

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


class Cost(NamedTuple):
    """Milliseconds; those of our own processor, which hold no waiting; pages of the database, which hold no speed."""

    ms: float
    own: float
    pages: float


def main() -> int:
    """Prints every read with its exponents; fails where one is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=SIZES[-1])
    parser.add_argument("--lists", action="store_true", help="only the cases, and the lists of them by the API")
    parser.add_argument("--api", action="store_true", help="all rows, but none of the staff's pages")
    options = parser.parse_args()
    sizes = [size for size in SIZES if size <= options.largest]
    taken: dict[str, list[Cost]] = {}
    with own_servers():
        from django.conf import settings

        from tests.benchmarks.filling import fill
        from tests.benchmarks.growing import BY_HAND, ROWS, adopt, grow, seal_newest
        from tests.benchmarks.matrix_reads import MatrixReads

        settings.ALLOWED_HOSTS, settings.RATE_LIMITS_SCALE = ["testserver"], 100_000
        # Made first: what grows afterwards holds jobs that nobody may run.
        people, matrix, done = _people(), () if options.lists else MatrixReads(), 0
        for size in sizes:
            begun = time.perf_counter()
            grow(done + 1, size, only=("cases.Case",) if options.lists else ROWS)
            if not done:
                fill(BY_HAND.stop - 1, first=BY_HAND.start)
                case_id = adopt(patient_id=people["patient"].user_id, specialist_id=people["specialist"].user_id)
            if not options.lists:
                seal_newest()
            done = size
            print(f"Migrated: {size:,} cases in {time.perf_counter() - begun:.0f} s", flush=True)
            pages = () if options.lists or options.api else _staff_pages()
            for name, read in chain(_lists(people), matrix, _own_case(people, case_id), pages):
                taken.setdefault(name, []).append(_cost(name, read))
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


def _own_case(people: dict[str, Any], case_id: Any) -> Iterator[tuple[str, Read]]:
    """The pages of a case among the 40 of a patient."""
    case = f"/cases/{case_id}"
    for path in (case, *(f"{case}/{part}" for part in ("history", "transitions", "documents", "checklist"))):
        yield _api(people, "patient", path, case_id)
    yield _api(people, "officer", "/audit")


def _staff_pages() -> Iterator[tuple[str, Read]]:
    from django.contrib import admin

    from tests.benchmarks.staff_lists import paths_of
    from tests.staff.support import signed_in

    staff = signed_in("administrator", "privacy_officer", "coordinator", "nurse")
    models = [
        one for one in admin.site._registry if one._meta.model_name not in _ALIKE or one._meta.label[:5] == "cases"
    ]
    lists = [path for one in sorted(models, key=str) for path in paths_of(staff, one)]
    for path in (*lists, "/admin/", *(f"{BOARD}{chosen}" for chosen in BOARDS)):
        yield path, lambda path=path: staff.get(path)  # type: ignore[misc]  # a default that keeps the path


def _cost(name: str, read: Read) -> Cost:
    """The least of five, for the machine is shared: others' work adds to each."""
    from tests.benchmarks.touched import Touching

    found = []
    for _ in range(TIMES + 1):
        with Touching() as touching:
            begun, worked = time.perf_counter(), time.process_time()
            answer = read()
            took, work = time.perf_counter() - begun, time.process_time() - worked
        if answer.status_code != 200:
            raise SystemExit(f"{name}: {answer.status_code}: {answer.content[:300]!r}")
        found.append((took * 1000, work * 1000, float(max(1, touching.found.pages))))
    return Cost(*map(min, zip(*found[1:], strict=True)))


def _tell(sizes: list[int], taken: dict[str, list[Cost]]) -> int:
    rows = []
    for name, costs in taken.items():
        if len(costs) < len(sizes):
            continue  # a page of a list that another size does not have
        grown = math.log(sizes[-1] / sizes[0]) if len(sizes) > 1 else math.inf
        exponent, by_pages = (
            math.log(getattr(costs[-1], of) / getattr(costs[0], of)) / grown for of in ("ms", "pages")
        )
        rows.append((by_pages <= EXPONENT and costs[-1].ms <= LIMIT_MS, by_pages, name, exponent, costs))
    missed = [row for row in rows if not row[0]]
    worst, middle = max(rows, key=_last_ms), sorted(map(_last_ms, rows))[len(rows) // 2]
    print(f"{len(rows)} reads, {len(missed)} missed (exponent ≤ {EXPONENT}, ≤ {LIMIT_MS:.0f} ms among {sizes[-1]:,});")
    print(f"the slowest is {worst[2]} with {_last_ms(worst):.0f} ms, the middle {middle:.1f} ms.\n")
    print("| read | " + " | ".join(f"{size:,}: ms, own, pages" for size in sizes) + " | exponent by pages | by ms | |")
    print("|---" * (len(sizes) + 4) + "|")
    for met, by_pages, name, exponent, costs in sorted(rows, key=lambda row: (row[0], -row[1])):
        shown = " | ".join(f"{one.ms:.1f}, {one.own:.1f}, {one.pages:,.0f}" for one in costs)
        told = "met" if met else "missed"
        print(f"| {name.replace('|', '/')} | {shown} | {by_pages:.2f} | {exponent:.2f} | {told} |")
    return int(bool(missed))


def _last_ms(row: Any) -> float:
    costs: list[Cost] = row[-1]
    return costs[-1].ms


if __name__ == "__main__":
    sys.exit(main())
