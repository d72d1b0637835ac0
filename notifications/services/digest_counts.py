"""What a digest tells of."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from notifications.domain.digest_texts import DigestCounts
from notifications.domain.state_machines import DeliveryState
from notifications.models import Delivery


def digest_counts(*, delivery_ids: Iterable[UUID]) -> Mapping[UUID, DigestCounts]:
    """What each of several digests tells of: how many pieces of news, about how many cases; one statement."""
    by_case: dict[UUID, Counter[UUID | None]] = defaultdict(Counter)
    children = Delivery.objects.filter(folded_into__in=list(delivery_ids), state=DeliveryState.FOLDED)
    for digest_id, subject_id in children.values_list("folded_into", "notice__subject_id"):
        if digest_id is not None:
            by_case[digest_id][subject_id] += 1
    return {
        digest_id: DigestCounts(
            by_case=tuple(sorted((n for case, n in counts.items() if case is not None), reverse=True)),
            others=counts[None],
        )
        for digest_id, counts in by_case.items()
    }
