"""Who has a case with us that has not ended."""

from collections.abc import Iterable
from uuid import UUID

from cases.domain.workflow.states import ENDED, State
from cases.models import Case


def people_with_open_case(*, user_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those of the people who have one; a draft is its patient's alone and does not count."""
    rows = Case.objects.filter(patient_id__in=list(user_ids)).exclude(state__in=[State.DRAFT, *ENDED])
    return frozenset(rows.order_by().values_list("patient_id", flat=True))
