"""Who may be seen in the talk of a case, and see who else is there: whoever reads its messages."""

from collections.abc import Collection
from uuid import UUID

from cases.db import atomic
from cases.models import Case
from cases.queries.access import relation_of
from cases.queries.proxies import MESSAGE
from cases.services.opinion.messages import SIDES, talker
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.errors import Forbidden, NotFound


def join_talk(*, principal: Principal, case_id: UUID) -> str:
    """The side on which the caller is seen from now on, and sees the other: ``PATIENT`` or ``SPECIALIST``."""
    try:
        with atomic():
            case, side = talker(principal, case_id)
            _note(case.id, case.patient_id)
    except (NotFound, Forbidden):
        _note(case_id, None, outcome="denied")
        raise
    return str(side)


def still_in_talk(*, joined: Collection[tuple[Principal, UUID]]) -> frozenset[tuple[UUID | None, UUID]]:
    """Those who may still be there, as (user, case): the cases are asked for in one statement, grants at each person.

    No row of the audit is written: nothing is read that was not told them when they joined.
    """
    cases = {case.id: case for case in Case.objects.filter(id__in={case_id for _, case_id in joined})}
    return frozenset(
        (principal.user_id, case_id)
        for principal, case_id in joined
        if case_id in cases and relation_of(principal, cases[case_id], MESSAGE) in SIDES
    )


def _note(case_id: UUID, patient_id: UUID | None, outcome: str = "success") -> None:
    record(
        context="cases",
        action="talk.join",
        patient_id=patient_id,
        object_type="case",
        object_id=case_id,
        outcome=outcome,
    )
