"""What people want to be told, by which channel and at what hours: read for many at once."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from notifications.domain.categories import Choice
from notifications.domain.preferences import DIGEST_AT, Preferences
from notifications.models import ChannelPreference, DeliverySettings


def choices_of(*, user_ids: Iterable[UUID]) -> Mapping[UUID, Preferences]:
    """What each of several people said, in two statements; who has said nothing is there with what holds at first."""
    ids = list(user_ids)
    said: dict[UUID, dict[tuple[str, str], Choice]] = {user_id: {} for user_id in ids}
    former: dict[UUID, dict[tuple[str, str], Choice]] = {user_id: {} for user_id in ids}
    for row in ChannelPreference.objects.filter(user_id__in=ids):
        said[row.user_id][row.category, row.channel] = Choice(row.choice)
        if row.former and row.by_link:
            former[row.user_id][row.category, row.channel] = Choice(row.former)
    settings = {row.user_id: row for row in DeliverySettings.objects.filter(user_id__in=ids)}
    return {user_id: _preferences(said[user_id], former[user_id], settings.get(user_id)) for user_id in ids}


def choice(*, user_id: UUID, category: str, channel: str) -> Choice:
    """When somebody wants news of a category by a channel."""
    return choices_of(user_ids=[user_id])[user_id].choice(category, channel)


def _preferences(
    said: Mapping[tuple[str, str], Choice], former: Mapping[tuple[str, str], Choice], row: DeliverySettings | None
) -> Preferences:
    if row is None:
        return Preferences(choices=said, former=former)
    return Preferences(
        choices=said,
        former=former,
        quiet_from=row.quiet_from,
        quiet_to=row.quiet_to,
        digest_at=DIGEST_AT if row.digest_at is None else row.digest_at,
        version=row.version,
    )
