"""Two people decide, and in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from unittest import mock
from uuid import uuid4

import pytest

from config.kernel.auth.second_person import has_ended, is_second_person, require_second_person
from config.kernel.errors import Forbidden

ONE, OTHER = uuid4(), uuid4()


@pytest.mark.parametrize(
    ("decider", "concerned", "may"),
    [
        (ONE, (OTHER,), True),
        (ONE, (OTHER, None), True),
        (ONE, (), True),
        (ONE, (OTHER, ONE), False),
        (ONE, (str(ONE),), False),
        (None, (OTHER,), False),
        (None, (None,), False),
    ],
)
def test_whoever_is_concerned_does_not_decide(decider, concerned, may: bool) -> None:
    assert is_second_person(decider, not_one_of=concerned) is may
    if may:
        require_second_person(decider, not_one_of=concerned, why="Another person decides.")
        return
    with pytest.raises(Forbidden) as refused:
        require_second_person(decider, not_one_of=concerned, why="Another person decides.")
    assert (refused.value.code, str(refused.value.detail)) == ("second_person_needed", "Another person decides.")


def test_a_proposal_is_over_at_its_end_and_not_before() -> None:
    end = datetime(2026, 11, 30, 12, tzinfo=UTC)
    moment = timedelta(microseconds=1)
    for instant, over in ((end - moment, False), (end, True), (end + moment, True)):
        with mock.patch("config.kernel.clock.now", return_value=instant):
            assert has_ended(end) is over
