"""Documents read by the reader of before are read again: what people decided stands, or is asked anew, and is counted.

SOP_REREAD=100 takes all the kept readings; the suite takes a few. `tests/corpora/former/making.py` says how they were
made.
"""

from __future__ import annotations

import gzip
import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID
from zipfile import ZipFile

import pytest

from analysis import services as analysis
from analysis.domain.comparison import Statement, compare
from analysis.domain.findings import Code, Finding, Kind, Severity
from analysis.domain.spans import Span
from analysis.models import AnalysisRun, FindingChange
from analysis.models import Finding as FindingRow
from analysis.queries.findings import content_of
from analysis.services.finding_rows import store
from cases.adapters.reading import READER_VERSION
from cases.models import Case, Document, Job, ReportRecheck, Rereading
from cases.queries.sealed_contents import place
from cases.services import documents, intake
from cases.services.documents.queues import REREAD
from cases.services.storage import sealed_files
from config.kernel.auth import Principal, acting_as
from config.kernel.crypto import seal_json
from config.kernel.db import uuid7
from config.kernel.due_work import drain
from identity import services as identity
from notifications.models import Notice
from tests.corpora.files.in_process import read_again_here
from tests.factories import make_patient, make_person
from tests.factories.analysis import AnalysisRunFactory
from tests.factories.cases import DocumentFactory, FirstReadFactory, OpinionFactory

pytestmark = pytest.mark.django_db(databases=["default", "professionals", "cases", "analysis", "notifications"])
CORPORA = Path(__file__).resolve().parents[1] / "corpora"
DOCUMENTS = int(os.environ.get("SOP_REREAD", "2"))
READER = "cases.services.documents.rereading.read_in_child"
# What is decided on the findings of a document, in turn; the fourth is left.
DECISIONS = ("accept", "reject", "edit", "")
DECIDED_OF_EACH = 8
# Every so-many-th case is delivered, and of every so-many-th document the case is somebody else's.
DELIVERED, STRANGERS = 3, 20


@dataclass
class Before:
    """A document with what the reader of before made of it, and what was decided."""

    document: Document
    decided: dict[UUID, str]
    undecided: set[UUID]
    contents: dict[UUID, dict[str, Any]]
    delivered: bool


def kept_readings() -> Iterator[dict[str, Any]]:
    with ZipFile(CORPORA / "former" / "readings.zip") as archive:
        names = sorted(archive.namelist())
        for index in range(min(DOCUMENTS, len(names))):
            yield json.loads(archive.read(names[index * len(names) // min(DOCUMENTS, len(names))]))


def original(key: str) -> bytes:
    corpus, _, rest = key.partition("/")
    if corpus == "labs":
        archive, _, name = rest.partition("/")
        with ZipFile(CORPORA / "labs" / archive) as pages:
            return pages.read(name)
    with gzip.open(CORPORA / "masking" / "letters.jsonl.gz", "rt") as lines:
        return next(one["text"] for one in map(json.loads, lines) if one["id"] == rest).encode()


def patient_of(person: dict[str, Any], number: int) -> Principal:
    family, _, given = person["name"].partition(",")
    name = f"{given.strip()} {family.strip()}".strip() or "Maria Keller"
    if number % STRANGERS == STRANGERS - 1:
        name = "Zebedee Quillfeather"
    changes: dict[str, Any] = {"full_name": name}
    if person["birth"]:
        changes["date_of_birth"] = date.fromisoformat(person["birth"])
    if person["sex"]:
        changes["sex"] = {"F": "female", "M": "male"}[person["sex"]]
    return make_patient(**changes)


def findings_of(made: dict[str, Any], document_id: UUID) -> list[Finding]:
    return [
        Finding(
            kind=Kind(one["kind"]),
            title=one["title"],
            detail=one["detail"],
            severity=Severity(one["severity"]),
            spans=tuple(
                Span(document_id, span["page"], span["start"], span["end"], span["quote"]) for span in one["spans"]
            ),
            knowledge_release=one["knowledge_release"],
            confidence=one["confidence"],
            codes=tuple(Code(code["system"], code["code"], code["display"]) for code in one["codes"]),
            data=one["data"],
        )
        for one in made["findings"]
    ]


def as_it_was(made: dict[str, Any], number: int, specialist: Principal) -> Before:
    """The rows that a document of before left, its decisions made through the service."""
    patient = patient_of(made["person"], number)
    with acting_as(patient):
        case_id = intake.open_case(principal=patient, fields={"title": "As it was", "country": "DE"})
    Case.objects.filter(id=case_id).update(state="IN_REVIEW", assigned_user_id=specialist.user_id)
    FirstReadFactory(case_id=case_id, user_id=specialist.user_id)
    user_id, row_id = patient.require_user_id(), uuid7()
    key = identity.data_key(subject_id=user_id)
    raw = original(made["document"])
    stored = sealed_files.store(key, "original", row_id, [raw])
    sealed_files.keep(stored)
    document = DocumentFactory(
        id=row_id,
        case_id=case_id,
        patient_id=user_id,
        name=made["name"],
        media_type=made["media_type"],
        size=len(raw),
        storage_key=stored,
        verdict=made["reading"]["verdict"],
        page_count=len(made["reading"]["pages"]),
        identity_match="matched",
        reading_sealed=seal_json(key, place("document", "reading", row_id), made["reading"]),
    )
    run = AnalysisRunFactory(
        case_id=case_id, document_id=row_id, patient_id=user_id, state="COMPLETED", engine_version="1"
    )
    store(run, findings_of(made, row_id), key, noted=False)
    rows = list(FindingRow.objects.filter(run=run).order_by("position"))
    for place_, row in enumerate(rows[:DECIDED_OF_EACH]):
        if decision := DECISIONS[place_ % len(DECISIONS)]:
            analysis.decide_finding(
                principal=specialist,
                finding_id=row.id,
                decision=decision,
                text="as I say" if decision == "edit" else "",
            )
    delivered = number % DELIVERED == 0
    if delivered:
        OpinionFactory(case_id=case_id, state="SIGNED")
        Case.objects.filter(id=case_id).update(state="DELIVERED")
    states = dict(FindingRow.objects.filter(run=run).values_list("id", "decision"))
    return Before(
        document=document,
        decided={row: state for row, state in states.items() if state != "PROPOSED"},
        undecided={row for row, state in states.items() if state == "PROPOSED"},
        contents={row.id: content_of(row, key) for row in rows},
        delivered=delivered,
    )


def read_all_again() -> None:
    with mock.patch(READER, side_effect=read_again_here):
        while documents.queue_rereadings() or Rereading.objects.filter(state="WAITING").exists():
            Job.objects.filter(kind=REREAD, state="QUEUED").update(run_after="2020-01-01T00:00Z")
            drain()


def statement(row: FindingRow, content: dict[str, Any], key: int) -> Statement[int]:
    return Statement(key=key, kind=row.kind, engine=row.engine, severity=row.severity, content=content)


def test_documents_of_the_reader_of_before(settings: Any) -> None:
    settings.REREAD_A_MINUTE = 1000
    director, specialist = make_person("medical_director"), make_person("professional", full_name="Dr. Ada Berg")
    before = [as_it_was(made, number, specialist) for number, made in enumerate(kept_readings())]
    drain()
    assert documents.rereading_plan().documents == len(before)
    read_all_again()
    check_documents(before)
    told = Counter[str]()
    for one in before:
        told += check_decisions(one)
    check_the_director(before, director)
    # Once more: everything is of this reader, and nothing changes.
    rows = list(FindingRow.objects.order_by("id").values("id", "decision", "superseded", "version"))
    read_all_again()
    assert documents.rereading_plan().documents == analysis.rerun_plan().documents == 0
    assert list(FindingRow.objects.order_by("id").values("id", "decision", "superseded", "version")) == rows
    print(summary(before, told))


def check_documents(before: list[Before]) -> None:
    """Each was read once, none is lost or refused, and every accepted one is accepted still."""
    assert Rereading.objects.count() == len(before)
    assert set(Rereading.objects.values_list("state", flat=True)) <= {"DONE", "ASKED"}
    found = Document.objects.filter(id__in=[one.document.id for one in before])
    assert set(found.values_list("state", "reader_version")) == {("ACCEPTED", READER_VERSION)}
    assert Job.objects.filter(kind=REREAD, state="DONE").count() == len(before)
    runs = AnalysisRun.objects.filter(again=True)
    assert set(runs.values_list("state", flat=True)) <= {"COMPLETED", "ABSTAINED"}
    assert runs.count() == len(before)
    strangers = Rereading.objects.filter(
        document_id__in=[one.document.id for one in before[STRANGERS - 1 :: STRANGERS]]
    )
    assert all(row.state == "ASKED" for row in strangers), "a stranger's paper is asked about"


def check_decisions(one: Before) -> Counter[str]:
    """Of every decision of before: it stands on the same value, or on none, or is asked anew."""
    key = identity.data_key(subject_id=one.document.patient_id)
    rows = {row.id: row for row in FindingRow.objects.filter(document_id=one.document.id)}
    changes = {row.former_id: row for row in FindingChange.objects.filter(document_id=one.document.id)}
    told: Counter[str] = Counter()
    for row_id, decision in one.decided.items():
        row, change = rows[row_id], changes.get(row_id)
        assert row.decision == decision, "the decision stays with what was decided on"
        if change is None:
            assert not row.superseded
            now = content_of(row, key)
            pair = compare([statement(row, one.contents[row_id], 0)], [statement(row, now, 1)])
            assert pair.same, "another value took its place in silence"
            told["kept"] += 1
        elif change.what == "changed":
            assert (row.superseded, change.state) == (True, "ASKED")
            assert rows[change.finding_id].decision == "PROPOSED"
            told["asked anew"] += 1
        else:
            assert (row.superseded, change.what) == (False, "vanished")
            told["vanished, kept"] += 1
    for row_id in one.undecided:
        assert rows[row_id].superseded == (row_id in changes)
    standing = [row for row in rows.values() if not row.superseded]
    newest = AnalysisRun.objects.filter(document_id=one.document.id).order_by("-id")[0]
    assert sum(row.run_id == newest.id for row in standing) == len(standing) - told["vanished, kept"], "one of each"
    told["same"] += sum(row_id not in changes for row_id in one.contents)
    told += Counter(FindingChange.objects.filter(document_id=one.document.id).values_list("what", flat=True))
    return told


def check_the_director(before: list[Before], director: Principal) -> None:
    """One task for each delivered report in which a critical value is read otherwise, and no other."""
    wanted = {
        one.document.id
        for one in before
        if one.delivered and FindingChange.objects.filter(document_id=one.document.id, critical=True).exists()
    }
    assert set(ReportRecheck.objects.values_list("document_id", flat=True)) == wanted
    news = Notice.objects.filter(user_id=director.user_id, kind="report_doubted")
    assert news.count() == len(wanted)
    assert all(notice.values == {} for notice in news)


def summary(before: list[Before], told: Counter[str]) -> str:
    states = Counter(Rereading.objects.values_list("state", flat=True))
    new = FindingChange.objects.filter(what="new").values("finding_id")
    kinds = Counter(FindingRow.objects.filter(id__in=new).values_list("kind", flat=True))
    return "\n".join(
        (
            f"\n{len(before)} documents read again: {dict(states)}",
            f"findings of before {sum(len(one.contents) for one in before)}: same {told['same']}, changed"
            f" {told['changed']}, vanished {told['vanished']}; new {told['new']} ({dict(kinds.most_common())})",
            f"decisions of before {sum(len(one.decided) for one in before)}: kept {told['kept']}, asked anew"
            f" {told['asked anew']}, kept on what is read no more {told['vanished, kept']}",
            f"critical changes {FindingChange.objects.filter(critical=True).count()}; delivered reports"
            f" {sum(one.delivered for one in before)}, tasks of the medical director {ReportRecheck.objects.count()}",
        )
    )
