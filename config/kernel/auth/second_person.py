"""What two people decide: whoever asked, prepared or is concerned does not decide, and a proposal ends in time."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from config.kernel import clock
from config.kernel.errors import Forbidden


def is_second_person(decider: UUID | None, *, not_one_of: Iterable[UUID | str | None]) -> bool:
    """Whether the decider is somebody, and none of those who may not decide this. Ids may be written as text."""
    return decider is not None and str(decider) not in {str(one) for one in not_one_of if one is not None}


def require_second_person(
    decider: UUID | None, *, not_one_of: Iterable[UUID | str | None], why: str, code: str = "second_person_needed"
) -> None:
    """``Forbidden`` where ``is_second_person`` is false; ``why`` is told to them."""
    if not is_second_person(decider, not_one_of=not_one_of):
        raise Forbidden(why, code=code)


def has_ended(ends_at: datetime) -> bool:
    """Whether a proposal that waits for its second person has waited too long: at its end it is over."""
    return ends_at <= clock.now()
