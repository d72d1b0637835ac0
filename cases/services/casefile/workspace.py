"""What a specialist works with, in one transaction: the case, its documents, questions, and the draft."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import OuterRef, Subquery

from cases.db import atomic, now
from cases.domain.casefile.access_rules import Act
from cases.domain.workflow.state_machines import SIGNED_OPINIONS, AssignmentState
from cases.models import Assignment, Clarification, Document, Opinion, Rereading
from cases.queries.access import seal_and_relation
from cases.services.casefile.case_reads import get_case
from cases.services.casefile.coverage import covered, imports_of
from cases.services.casefile.coverage_dto import CaseCoverage
from cases.services.casefile.dto import CaseDTO
from cases.services.documents.document_reads import document_for
from cases.services.documents.dto import DocumentDTO
from cases.services.opinion.clarifications import clarification_dto, mark_seen
from cases.services.opinion.dto import ClarificationDTO, OpinionDTO
from cases.services.opinion.opinions import opinion_dto
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.errors import NotFound
from identity import services as identity


@dataclass(frozen=True, kw_only=True)
class WorkspaceDTO:
    """``draft`` is the version that is being written, or ``None``; ``sealed``: the first read is stored.

    ``coverage`` says what was read of the documents and what was not; ``rereadings`` are the states of the newest
    re-reading of each document that has one.
    """

    case: CaseDTO
    sealed: bool
    documents: tuple[DocumentDTO, ...]
    clarifications: tuple[ClarificationDTO, ...]
    draft: OpinionDTO | None
    coverage: CaseCoverage
    rereadings: tuple[str, ...]


def workspace(*, principal: Principal, case_id: UUID, language: str = "") -> WorkspaceDTO:
    """Everything of one case for its assigned specialist; ``NotFound`` for everybody else. What was new is seen now.

    ``language`` is that of the words about what was not read; the case's where none is given.
    """
    with atomic():
        row, relation, sealed = seal_and_relation(principal, case_id)
        if not relation.may(Act.WRITE_OPINION):
            raise NotFound("There is no such case of yours.")
        record(
            context="cases",
            action="case.workspace",
            patient_id=row.patient_id,
            object_type="case",
            object_id=row.id,
        )
        key = identity.data_key(subject_id=row.patient_id)
        Assignment.objects.filter(case=row, state=AssignmentState.ACTIVE).update(seen_at=now())
        questions = list(Clarification.objects.filter(case=row).order_by("id"))
        mark_seen(questions, by_specialist=True)
        newest = Opinion.objects.filter(case=row).order_by("-number").first()
        writing = newest is not None and newest.state not in SIGNED_OPINIONS
        language = language or row.language
        rows = list(Document.objects.filter(case=row).annotate(reread=_newest_rereading()).order_by("id"))
        documents = tuple(document_for(principal, one, key, language=language) for one in rows)
        return WorkspaceDTO(
            case=get_case(principal=principal, case_id=case_id),
            sealed=sealed,
            documents=documents,
            clarifications=tuple(clarification_dto(one, key) for one in questions),
            draft=opinion_dto(newest, row) if newest is not None and writing else None,
            coverage=covered(
                principal=principal,
                case_id=row.id,
                documents=documents,
                imports=imports_of(row, key),
                language=language,
                waits=not sealed,
            ),
            rereadings=tuple(one.reread for one in rows if one.reread),
        )


def _newest_rereading() -> Subquery:
    return Subquery(Rereading.objects.filter(document=OuterRef("id")).order_by("-id").values("state")[:1])
