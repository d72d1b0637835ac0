"""What is new in a specialist's cases, counted by the statement that lists them."""

from typing import Any
from uuid import UUID

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from cases.db import database
from cases.domain.workflow.state_machines import AssignmentState, ClarificationState, DocumentState
from cases.models import Assignment, Case, CaseMessage, Clarification, Document, FollowUpQuestion

NEWS = ("unread_messages", "new_answers", "new_documents", "open_follow_ups")


def with_news(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Each case with ``NEWS``: numbers of what its assigned specialist has not seen.

    A follow-up question counts until it is answered. A document is new when it came after they last opened the
    workspace; before the first time, all are.
    """
    messages = CaseMessage.objects.filter(side=CaseMessage.Side.PATIENT, seen_at=None)
    answers = Clarification.objects.filter(state=ClarificationState.ANSWERED, answer_seen_at=None)
    opened = Assignment.objects.filter(case=OuterRef("case"), state=AssignmentState.ACTIVE).values("seen_at")
    documents = Document.objects.exclude(state=DocumentState.WITHDRAWN).filter(
        created_at__gt=Coalesce(Subquery(opened), F("case__created_at"))
    )
    follow_ups = FollowUpQuestion.objects.filter(answered_at=None)
    counted = zip(NEWS, (messages, answers, documents, follow_ups), strict=True)
    return cases.annotate(**{name: _count(rows) for name, rows in counted})


def _count(rows: QuerySet[Any]) -> Any:
    found = rows.filter(case=OuterRef("pk")).order_by().values("case").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(found, output_field=IntegerField()), Value(0))


def waits_unseen(case_id: UUID, side: str) -> bool:
    """Whether the other side has a message of this side that it has not read."""
    with database.prepared() as cursor:
        cursor.execute(
            "SELECT 1 FROM cases_casemessage WHERE case_id = %s AND side = %s AND seen_at IS NULL LIMIT 1",
            [case_id, str(side)],
            prepare=True,
        )
        return cursor.fetchone() is not None
