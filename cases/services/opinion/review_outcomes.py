"""What colleagues said of an opinion: each peer review, and how the medical director decided a dissent."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cases.db import atomic
from cases.domain.casefile.access_rules import Act
from cases.domain.workflow.transitions import Transition
from cases.models import Case, PeerReview, StatusHistory
from cases.queries.access import case_for
from cases.queries.sealed_contents import place
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.crypto import DataKey, open_text
from config.kernel.errors import Forbidden
from identity import services as identity

# What a step out of ADJUDICATION means for the author.
_DECISIONS = {Transition.SEND_BACK: "sent_back", Transition.UPHOLD_OPINION: "upheld"}


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """``kind`` is review or decision. ``dissent``: a major disagreement, which stays when somebody else decided.

    ``outcome`` is a reviewer's verdict, or sent_back or upheld of a decision.
    """

    kind: str
    version: int | None
    outcome: str
    text: str
    at: datetime
    dissent: bool


def judgements(*, principal: Principal, case_id: UUID) -> tuple[Judgement, ...]:
    """Reviews and decisions, oldest first; for the opinion's author. The reviewers' names stand in the report."""
    with atomic():
        case, relation = case_for(principal, case_id)
        if not relation.may(Act.WRITE_OPINION):
            raise Forbidden("Reviews are for the opinion's author.", code="role_forbidden")
        record(
            context="cases",
            action="opinion.read_judgements",
            patient_id=case.patient_id,
            object_type="case",
            object_id=case.id,
        )
        key = identity.data_key(subject_id=case.patient_id)
        found = [*_reviews(case, key), *_decisions(case, key)]
    return tuple(sorted(found, key=lambda one: one.at))


def _reviews(case: Case, key: DataKey) -> list[Judgement]:
    rows = PeerReview.objects.select_related("opinion").filter(opinion__case=case)
    return [
        Judgement(
            kind="review",
            version=row.opinion.number,
            outcome=row.verdict,
            text=open_text(key, place("peerreview", "remarks", row.id), row.remarks_sealed),
            at=row.created_at,
            dissent=row.verdict == "major_disagreement",
        )
        for row in rows
    ]


def _decisions(case: Case, key: DataKey) -> list[Judgement]:
    rows = StatusHistory.objects.filter(case=case, transition__in=_DECISIONS)
    return [
        Judgement(
            kind="decision",
            version=None,
            outcome=_DECISIONS[Transition(row.transition)],
            text=open_text(key, place("statushistory", "reason", row.id), row.reason_sealed)
            if row.reason_sealed
            else "",
            at=row.created_at,
            dissent=False,
        )
        for row in rows
    ]
