"""Values that factories fill in: each run of a test makes the same ones, and no two rows have one of them in common."""

from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import factory

from config.kernel import clock


def other_id(what: str) -> Any:
    """Ids of ``what`` that stands in no table of ours."""

    def nth(number: int) -> UUID:
        return uuid5(NAMESPACE_OID, f"{what} {number}")

    return factory.Sequence(nth)


def from_now(**time: float) -> Any:
    """The test's clock, and so much more."""

    def later() -> datetime:
        return clock.now() + timedelta(**time)

    return factory.LazyFunction(later)
