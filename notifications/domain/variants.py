"""The variants of a campaign that are compared (A/B), and who gets which."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from uuid import UUID

MAX_VARIANTS = 4


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One of the texts: a template at a version, and the share of the people who get it, in percent."""

    name: str
    template: str
    template_version: int
    share: int = 100


def variant_of(campaign_id: UUID, user_id: UUID, shares: Sequence[int]) -> int:
    """The number of somebody's variant: the same at every try, by nothing but the two ids."""
    digest = hashlib.sha256(campaign_id.bytes + user_id.bytes).digest()
    drawn = int.from_bytes(digest[:8], "big") % sum(shares)
    return next(number for number, end in enumerate(accumulate(shares)) if drawn < end)
