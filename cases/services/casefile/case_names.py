"""What the cases are called that somebody hears news of."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from cases.db import atomic
from cases.domain.casefile.access_rules import Act, Relation
from cases.models import Case
from cases.queries.access import relation_of
from cases.queries.sealed_contents import title_of
from config.kernel.audit import record
from config.kernel.auth import Principal
from identity import services as identity

_MAX_CASES = 100


@dataclass(frozen=True, kw_only=True)
class CaseName:
    """A case's reference; its title is for its own specialist, and empty for others who may know of it."""

    reference: str
    title: str


def case_names(*, principal: Principal, case_ids: Collection[UUID]) -> Mapping[UUID, CaseName]:
    """The names of those of at most a hundred cases that the caller works on or was offered; others are left out."""
    if not case_ids:
        return {}
    with atomic():
        rows = list(Case.objects.filter(id__in=list(case_ids)[:_MAX_CASES]))
        related = [(row, relation_of(principal, row)) for row in rows]
        record(context="cases", action="case.names", object_type="case")
    mine = {row.patient_id for row, relation in related if relation is Relation.ASSIGNED}
    keys = identity.data_keys(subject_ids=mine)
    return {
        row.id: CaseName(
            reference=row.reference,
            title=title_of(row, keys[row.patient_id]) if relation is Relation.ASSIGNED else "",
        )
        for row, relation in related
        if relation is not None and relation.may(Act.SEE_IN_WORKPLACE)
    }
