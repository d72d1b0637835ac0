"""A step of a case and an upload, beside the same writes without any rule: `make bench W=flow`.

The step's baseline is its four writes (case, history, audit row, outbox row) as plain SQL in one transaction. The
upload's is the file written to the same disk in chunks, summed by SHA-256 and synced: no check, no encryption, no row.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.crypto import own_servers

STEPS, UPLOADS, SIZE = 60, 12, 20 * 1024 * 1024
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


def by_turns(ours: Callable[[int], Any], bare: Callable[[int], Any], times: int) -> tuple[float, float]:
    """Median milliseconds of each, one after the other, so that both see the same machine."""
    taken: tuple[list[float], list[float]] = ([], [])
    for number in range(times):
        for act, told in zip((ours, bare), taken, strict=True):
            begun = time.perf_counter()
            act(number)
            told.append((time.perf_counter() - begun) * 1000)
    return median(taken[0]), median(taken[1])


def main() -> int:
    """Prints the figures."""
    with own_servers(), tempfile.TemporaryDirectory(prefix="sop-flow-") as folder:
        from django.db import connections, transaction

        from cases import services
        from tests.cases.support import Story, by

        stories = [Story() for _ in range(STEPS)]
        connection = connections["cases"]
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute(_TABLES)

        def submit(number: int) -> None:
            stories[number].move(stories[number].patient, "SUBMITTED")

        def writes(number: int) -> None:
            with transaction.atomic(using="cases"), connection.cursor() as cursor:
                cursor.execute(_WRITES, {"case": stories[number].id})

        step, raw = by_turns(submit, writes, STEPS)
        sources = []
        for number in range(UPLOADS):
            path = Path(folder) / f"{number}.png"
            path.write_bytes(b"\x89PNG\r\n\x1a\n" + os.urandom(SIZE))
            sources.append(path)
        story = Story()

        def upload(number: int) -> None:
            with by(story.patient):
                services.upload_document(
                    principal=story.patient, case_id=story.id, name="a.png", declared_type="", source=sources[number]
                )

        def copy(number: int) -> None:
            digest = hashlib.sha256()
            with sources[number].open("rb") as source, (Path(folder) / "copy").open("wb") as target:
                while chunk := source.read(256 * 1024):
                    digest.update(chunk)
                    target.write(chunk)
                target.flush()
                os.fsync(target.fileno())

        taken, copied = by_turns(upload, copy, UPLOADS)
    print(f"a step (T01, its guards, history, audit, outbox): median {step:.1f} ms")
    print(f"its writes as plain SQL: {raw:.1f} ms; × {step / raw:.1f}")
    mib = SIZE / 1024**2
    print(f"upload of {mib:.0f} MiB (check, SHA-256, AES-256-GCM, sync, row): {mib / taken * 1000:.0f} MiB/s")
    print(f"written, summed, synced: {mib / copied * 1000:.0f} MiB/s; × {copied / taken:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
