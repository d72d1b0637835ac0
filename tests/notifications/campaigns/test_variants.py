"""Who gets which variant hangs on nothing but the two ids, and the shares come out."""

from __future__ import annotations

from collections import Counter
from uuid import UUID, uuid5

from notifications.domain.variants import variant_of

CAMPAIGN, OTHER = UUID(int=1), UUID(int=2)
PEOPLE = [uuid5(CAMPAIGN, str(number)) for number in range(10_000)]


def test_the_shares_come_out_and_every_try_says_the_same() -> None:
    drawn = [variant_of(CAMPAIGN, person, (50, 30, 20)) for person in PEOPLE]
    assert drawn == [variant_of(CAMPAIGN, person, (50, 30, 20)) for person in PEOPLE]
    counted = Counter(drawn)
    assert all(abs(counted[number] - share * 100) < 200 for number, share in enumerate((50, 30, 20)))


def test_another_campaign_draws_anew() -> None:
    same = sum(variant_of(CAMPAIGN, one, (50, 50)) == variant_of(OTHER, one, (50, 50)) for one in PEOPLE)
    assert abs(same - 5_000) < 250


def test_one_text_is_everybodys() -> None:
    assert {variant_of(CAMPAIGN, person, (100,)) for person in PEOPLE[:100]} == {0}
