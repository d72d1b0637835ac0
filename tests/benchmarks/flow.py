"""A step of a case and an upload, beside the same writes without any rule: `make bench W=flow`.

The step's baseline is its four writes (case, history, audit row, outbox row) as plain SQL in one transaction. The
upload's is the file written to the same disk in chunks, summed by SHA-256 and synced: no check, no encryption, no row.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.crypto import own_servers

STEPS, UPLOADS, SIZE = 60, 12, 20 * 1024 * 1024
STATEMENTS, SERVICE, FRONT = 13, 6, 12
_WRITES = """
UPDATE cases_case SET state_since = now(), version = version + 1 WHERE id = %(case)s;
INSERT INTO bench_history (case_id, source, target, at) VALUES (%(case)s, 'DRAFT', 'SUBMITTED', now());
INSERT INTO bench_audit (case_id, action, at) VALUES (%(case)s, 'case.move', now());
INSERT INTO bench_outbox (case_id, name, at) VALUES (%(case)s, 'cases.case.status_changed.v1', now());
"""
_TABLES = """
CREATE TABLE bench_history (id bigserial PRIMARY KEY, case_id uuid, source text, target text, at timestamptz);
CREATE TABLE bench_audit (id bigserial PRIMARY KEY, case_id uuid, action text, at timestamptz);
CREATE TABLE bench_outbox (id bigserial PRIMARY KEY, case_id uuid, name text, at timestamptz);
"""


def by_turns(acts: Sequence[Callable[[int], Any]], times: int) -> list[float]:
    """Median milliseconds of each, one after the other, so that all see the same machine."""
    taken: list[list[float]] = [[] for _ in acts]
    for number in range(times):
        for act, told in zip(acts, taken, strict=True):
            begun = time.perf_counter()
            act(number)
            told.append((time.perf_counter() - begun) * 1000)
    return [median(told) for told in taken]


def main() -> int:
    """Prints the figures; fails where a goal is missed."""
    with own_servers(), tempfile.TemporaryDirectory(prefix="sop-flow-") as folder:
        from tests.benchmarks.front import behind_the_front

        os.environ["RATE_LIMITS_SCALE"] = "100000"
        with behind_the_front() as (port, _):
            missed = _steps(port)
        _uploads(Path(folder))
    return int(missed)


def _steps(port: int) -> bool:
    """A step by the service, a step through the front, and the bare writes, by turns."""
    from django.db import connections, transaction

    from identity import services as identity
    from tests.cases.support import Story

    stories = [Story() for _ in range(2 * STEPS)]
    tokens = [identity.open_session(user_id=one.patient.require_user_id()).access for one in stories]
    connection, client = connections["cases"], http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(_TABLES)

    def submit(number: int) -> None:
        stories[number].move(stories[number].patient, "SUBMITTED")

    def patch(number: int) -> None:
        one = STEPS + number
        headers = {"Authorization": f"Bearer {tokens[one]}", "Content-Type": "application/json", "If-Match": '"1"'}
        client.request("PATCH", f"/api/v1/cases/{stories[one].id}/status", b'{"to": "SUBMITTED"}', headers)
        answer = client.getresponse()
        if answer.status != 200:
            raise SystemExit(f"{answer.status}: {answer.read()!r}")
        answer.read()

    def writes(number: int) -> None:
        with transaction.atomic(using="cases"), connection.cursor() as cursor:
            cursor.execute(_WRITES, {"case": stories[number].id})

    step, through, raw = by_turns((submit, patch, writes), STEPS)
    statements = _statements(Story())
    print("| a step of a case (T01) | figure | goal | |\n|---|---|---|---|")
    rows = (
        ("statements of a PATCH, BEGIN and COMMIT counted", statements, STATEMENTS, f"{statements}"),
        ("service: × its four bare writes", step / raw, SERVICE, f"{step:.2f} ms, × {step / raw:.1f}"),
        ("PATCH through the front: × the same", through / raw, FRONT, f"{through:.2f} ms, × {through / raw:.1f}"),
    )
    for name, figure, goal, told in rows:
        print(f"| {name} | {told} | ≤ {goal} | {'met' if figure <= goal else 'missed'} |")
    print(f"\nIts writes (case, history, audit row, outbox row) as plain SQL in one transaction: {raw:.2f} ms.")
    return any(figure > goal for _, figure, goal, _ in rows)


def _statements(story: Any) -> int:
    """What one PATCH asks of every database, once its connections have planned."""
    from contextlib import ExitStack

    from django.conf import settings
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    from tests.client import ApiClient

    settings.ALLOWED_HOSTS = ["testserver"]
    with ExitStack() as stack:
        held = [stack.enter_context(CaptureQueriesContext(connections[alias])) for alias in connections]
        answer = ApiClient(story.patient).patch(
            f"/cases/{story.id}/status", {"to": "SUBMITTED"}, headers={"If-Match": '"1"'}
        )
    if answer.status_code != 200:
        raise SystemExit(f"{answer.status_code}: {answer.content!r}")
    return sum("datakey" not in query["sql"] for one in held for query in one.captured_queries)


def _uploads(folder: Path) -> None:
    from cases.services import documents
    from tests.cases.support import Story, by

    sources = []
    for number in range(UPLOADS):
        path = folder / f"{number}.png"
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + os.urandom(SIZE))
        sources.append(path)
    story = Story()

    def upload(number: int) -> None:
        with by(story.patient):
            documents.upload_document(
                principal=story.patient, case_id=story.id, name="a.png", declared_type="", source=sources[number]
            )

    def copy(number: int) -> None:
        digest = hashlib.sha256()
        with sources[number].open("rb") as source, (folder / "copy").open("wb") as target:
            while chunk := source.read(256 * 1024):
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())

    taken, copied = by_turns((upload, copy), UPLOADS)
    mib = SIZE / 1024**2
    print(f"Upload of {mib:.0f} MiB (check, SHA-256, AES-256-GCM, sync, row): {mib / taken * 1000:.0f} MiB/s;")
    print(f"written, summed, synced: {mib / copied * 1000:.0f} MiB/s; × {copied / taken:.2f}")


if __name__ == "__main__":
    sys.exit(main())
