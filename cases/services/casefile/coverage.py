"""What was read of a case's records and what was not: by document, by import, and in all."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from cases.db import atomic
from cases.domain.casefile.access_rules import Act
from cases.domain.documents.coverage_words import words_of
from cases.domain.workflow.state_machines import DocumentState
from cases.models import Archive, Case, Document
from cases.queries.access import may_read_content, seal_and_relation
from cases.services.casefile.coverage_dto import (
    CaseCoverage,
    CoverageTotals,
    DocumentCoverage,
    FileNotTaken,
    ImportCoverage,
    JudgedCoverage,
    NotTaken,
    PlaceInText,
)
from cases.services.documents.document_reads import document_for
from cases.services.documents.dto import DocumentDTO
from cases.services.documents.reading_counts import archive_part, files_not_taken
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.crypto import DataKey
from config.kernel.errors import Forbidden
from config.kernel.ports import CASE_JUDGEMENTS, Judgements
from identity import services as identity

# Why there is no result, where the run itself names no reason.
_UNSAID = {"": "not_run", "QUEUED": "under_way", "RUNNING": "under_way", "FAILED": "engine_failed"}
_WITHOUT_RESULT = frozenset({"ABSTAINED", "BLOCKED", "FAILED"})
_NO_RUN: Mapping[str, Any] = {
    "run": "",
    "reason": "",
    "values": None,
    "medicines": None,
    "values_in_doubt": (),
    "lines_not_read": (),
    "further_lines_not_read": None,
    "medicines_not_checked": (),
}


def case_coverage(*, principal: Principal, case_id: UUID, language: str = "") -> CaseCoverage:
    """The coverage of a case for who reads its documents, words in ``language`` or the case's.

    Raises ``NotFound``, and ``Forbidden`` for staff and peers, who see documents' states and not their content.
    """
    case, sends, waits = _readable(principal, case_id, "case")
    language = language or case.language
    key = identity.data_key(subject_id=case.patient_id)
    with atomic():
        _note("case.coverage", case, "case", case.id)
        documents = tuple(
            document_for(principal, row, key, language=language)
            for row in Document.objects.filter(case=case).order_by("id")
        )
        # Whoever does not send records is not told what was in them either.
        imports = imports_of(case, key) if sends else ()
    return covered(
        principal=principal, case_id=case.id, documents=documents, imports=imports, language=language, waits=waits
    )


def document_coverage(*, principal: Principal, document_id: UUID, language: str = "") -> DocumentCoverage:
    """The coverage of one document; raises as ``case_coverage``."""
    row = Document.objects.filter(id=document_id).first()
    case, _, waits = _readable(principal, row.case_id if row else None, "document")
    assert row is not None
    language = language or case.language
    with atomic():
        _note("document.coverage", case, "document", row.id)
        key = identity.data_key(subject_id=case.patient_id)
    document = document_for(principal, row, key, language=language)
    return _document(document, _judgements(principal, case.id, waits=waits), language)


def covered(
    *,
    principal: Principal,
    case_id: UUID,
    documents: Iterable[DocumentDTO],
    imports: tuple[ImportCoverage, ...],
    language: str,
    waits: bool,
) -> CaseCoverage:
    """The coverage of documents that the caller was given, with what the runs made of them.

    ``waits`` says that the caller is the specialist and has stored no first read.
    """
    told = _judgements(principal, case_id, waits=waits)
    found = tuple(_document(one, told, language) for one in documents if one.state != DocumentState.WITHDRAWN)
    return CaseCoverage(
        case_id=case_id,
        locked=told.locked,
        totals=_totals(found, imports),
        documents=found,
        imports=imports,
    )


def imports_of(case: Case, key: DataKey) -> tuple[ImportCoverage, ...]:
    """What came as archives and records, oldest first, and what of it was not taken over."""
    return tuple(_import(row, key) for row in Archive.objects.filter(case=case).order_by("id"))


def _readable(principal: Principal, case_id: UUID | None, what: str) -> tuple[Case, bool, bool]:
    """The case, whether the caller sends records to it, and whether a first read of theirs is waited for."""
    case, relation, sealed = seal_and_relation(principal, case_id, what=what)
    if not may_read_content(principal, case, relation):
        raise Forbidden("Your role sees the documents' states, not their content.", code="role_forbidden")
    return case, relation.may(Act.ADD_RECORDS), relation.may(Act.WRITE_OPINION) and not sealed


def _judgements(principal: Principal, case_id: UUID, *, waits: bool) -> Judgements:
    """Analysis keeps the rule itself; it need not be asked for what it would refuse."""
    return Judgements(documents=None, locked=True) if waits else CASE_JUDGEMENTS.ask(principal, case_id)


def _document(document: DocumentDTO, told: Judgements, language: str) -> DocumentCoverage:
    judged = None
    if told.documents is not None and document.coverage is not None:
        judged = _judged(told.documents.get(document.id, _NO_RUN), language)
    return DocumentCoverage(
        document_id=document.id,
        case_id=document.case_id,
        name=document.name,
        state=document.state,
        verdict=document.verdict,
        media_type=document.media_type,
        advice=document.advice,
        reading=document.coverage,
        judged=judged,
        locked=told.locked,
    )


def _judged(told: Mapping[str, Any], language: str) -> JudgedCoverage:
    reason = told["reason"] or _UNSAID.get(told["run"], "")
    return JudgedCoverage(
        run=told["run"],
        reason=reason,
        words=words_of(reason, language) if reason else "",
        values=told["values"],
        medicines=told["medicines"],
        values_in_doubt=_places(told["values_in_doubt"]),
        lines_not_read=_places(told["lines_not_read"]),
        further_lines_not_read=told["further_lines_not_read"],
        medicines_not_checked=_places(told["medicines_not_checked"]),
    )


def _places(told: Iterable[Mapping[str, Any]]) -> tuple[PlaceInText, ...]:
    return tuple(PlaceInText(**one) for one in told)


def _import(row: Archive, key: DataKey) -> ImportCoverage:
    imported = archive_part(row, key, "imported")
    return ImportCoverage(
        archive_id=row.id,
        state=row.state,
        advice=row.advice,
        read=imported.get("read", {}),
        not_taken=tuple(
            NotTaken(kind=one["kind"], reason=one["reason"], count=one["count"], places=tuple(one["places"]))
            for one in imported.get("not_taken", ())
        ),
        files_not_taken=tuple(
            FileNotTaken(path=one["path"], advice=one["advice"]) for one in files_not_taken(row, key)
        ),
    )


def _totals(documents: tuple[DocumentCoverage, ...], imports: tuple[ImportCoverage, ...]) -> CoverageTotals:
    read = [one.reading for one in documents if one.reading is not None]
    judged = [one.judged for one in documents if one.judged is not None]
    return CoverageTotals(
        documents=len(documents),
        documents_not_opened=len(documents) - len(read),
        pages=sum(one.pages for one in read),
        pages_as_text=sum(len(one.pages_as_text) for one in read),
        pages_recognised=sum(len(one.pages_recognised) for one in read),
        pages_without_text=sum(len(one.pages_without_text) for one in read),
        places_not_read=sum(len(one.places_not_read) for one in read),
        two_readings=sum(len(one.two_readings) for one in read),
        pages_with_hidden_text=sum(len(one.pages_with_hidden_text) for one in read),
        pages_withheld=sum(len(one.pages_withheld) for one in read),
        values=_sum(one.values for one in judged),
        medicines=_sum(one.medicines for one in judged),
        medicines_not_checked=_sum(_beside(one.medicines, len(one.medicines_not_checked)) for one in judged),
        lines_not_read=_sum(_beside(one.further_lines_not_read, _lines_not_read(one)) for one in judged),
        runs_without_result=_sum(one.run in _WITHOUT_RESULT for one in judged),
        not_taken=sum(one.count for each in imports for one in each.not_taken),
        files_not_taken=sum(len(one.files_not_taken) for one in imports),
    )


def _lines_not_read(judged: JudgedCoverage) -> int:
    return len(judged.lines_not_read) + (judged.further_lines_not_read or 0)


def _beside(told: int | None, number: int) -> int | None:
    """The number of what is listed, where the numbers that belong to it are told at all."""
    return None if told is None else number


def _sum(numbers: Iterable[int | None]) -> int | None:
    """``None`` where no document tells its number: that would be no zero."""
    told = [one for one in numbers if one is not None]
    return sum(told) if told else None


def _note(action: str, case: Case, object_type: str, object_id: UUID) -> None:
    record(
        context="cases",
        action=action,
        patient_id=case.patient_id,
        object_type=object_type,
        object_id=object_id,
    )
