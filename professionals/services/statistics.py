"""Figures that a job computes from what events told; the specialist sees them first, and alone."""

from collections import defaultdict
from dataclasses import fields
from typing import Any
from uuid import UUID

from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.errors import NotFound
from professionals.db import atomic, now
from professionals.domain.figures import Work, figures
from professionals.domain.publication_machines import ReviewState
from professionals.models import CaseWork, Professional, Review, Statistics

_READERS = ("medical_director", "administrator")
_PAGE = 500
_TOLD = tuple(one.name for one in fields(Work) if one.name not in ("signed_at", "score"))


def get_statistics(*, principal: Principal, professional_id: UUID) -> dict[str, Any]:
    """A specialist's own figures, for them and the medical director; all ``None`` before they are computed."""
    row = Professional.objects.filter(id=professional_id).first()
    if row is None or (principal.user_id != row.user_id and not principal.has(*_READERS)):
        raise NotFound("There is no such profile for you.")
    held = Statistics.objects.filter(professional=row).first()
    with atomic():
        record(context="professionals", action="statistics.read", object_type="professional", object_id=row.id)
    return figures(()) | {"computed_at": held.computed_at if held else None, **(held.figures if held else {})}


def compute_statistics() -> None:
    """Compute everybody's figures from the events, and the turnaround that matching uses; by pages of 500."""
    people = list(Professional.objects.order_by("id").values_list("id", "user_id"))
    for start in range(0, len(people), _PAGE):
        _compute(people[start : start + _PAGE])


def _compute(people: list[tuple[UUID, UUID]]) -> None:
    at = now()
    with atomic():
        done = _works([user_id for _, user_id in people])
        rows = [Statistics(professional_id=one, figures=figures(done[user]), computed_at=at) for one, user in people]
        Statistics.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["professional"], update_fields=["figures", "computed_at"]
        )
        speeds = [Professional(id=row.professional_id, turnaround_days=row.figures["turnaround_days"]) for row in rows]
        Professional.objects.bulk_update(speeds, ["turnaround_days"])


def _works(users: list[UUID]) -> dict[UUID, list[Work]]:
    """Signed cases by user. A case's score is its rating, or else the review that staff let through."""
    rows = list(CaseWork.objects.filter(user_id__in=users).exclude(signed_at=None).order_by("signed_at", "id"))
    cases = [row.case_id for row in rows if row.rating is None]
    reviewed = dict(
        Review.objects.filter(case_id__in=cases, state=ReviewState.PUBLISHED).values_list("case_id", "score")
    )
    found: dict[UUID, list[Work]] = defaultdict(list)
    for row in rows:
        if row.user_id is not None and row.signed_at is not None:
            told = {name: getattr(row, name) for name in _TOLD}
            score = reviewed.get(row.case_id) if row.rating is None else row.rating
            found[row.user_id].append(Work(signed_at=row.signed_at, score=score, **told))
    return found
