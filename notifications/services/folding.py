"""One message instead of many: what is not urgent waits, and what comes meanwhile for the same person goes with it.

The first piece of news waits for an hour; those that follow it within the hour are FOLDED into it, and its message says
how many there are. Offers, deadlines, and what must be read do not wait.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from config.kernel.db.rows import insert_rows
from config.kernel.db.states import advance
from notifications.db import now
from notifications.domain.categories import ChannelName, Choice
from notifications.domain.deciding import Reason
from notifications.domain.delivery_reports import Happening
from notifications.domain.kinds import KINDS, category_of
from notifications.domain.preferences import Preferences
from notifications.domain.state_machines import DELIVERY, DeliveryState
from notifications.models import Delivery, Notice
from notifications.services.choices import choices_of
from notifications.services.delivery_events import record_all

WINDOW = timedelta(hours=1)
FOLDS = frozenset({ChannelName.EMAIL, ChannelName.PUSH})
# Among so many of a person's newest deliveries the one that waits is looked for: older ones have left.
_LOOKED_AT = 40


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One piece of news that goes with another's message."""

    category: str
    is_read: bool


def fold(notice: Notice, channels: Sequence[ChannelName]) -> tuple[ChannelName, ...]:
    """Let a notice wait, or go with what waits already; returns the channels by which it does not.

    Inside ``atomic()``, while nobody else adds a notice of this person.
    """
    kind = KINDS.get(notice.kind)
    if kind is None or not kind.folds:
        return tuple(channels)
    chosen = choices_of(user_ids=[notice.user_id])[notice.user_id]
    folding = [one for one in channels if one in FOLDS and chosen.choice(kind.category, one) is Choice.NOW]
    for channel in folding:
        _fold(notice, channel)
    return tuple(one for one in channels if one not in folding)


def is_gathered(delivery: Delivery) -> bool:
    """Whether others may have been folded into it: it waited, and is of a kind that waits for them."""
    kind = KINDS.get(delivery.notice.kind) if delivery.notice is not None else None
    return delivery.not_before is not None and kind is not None and kind.folds


def gathered(delivery: Delivery, category: str, chosen: Preferences, folded: Sequence[Piece]) -> tuple[int, Choice]:
    """How many unread pieces of news it tells of that are wanted now, and when the most wanted of all is wanted."""
    own = Piece(category=category, is_read=delivery.notice is not None and delivery.notice.read_at is not None)
    unread = [piece for piece in (own, *folded) if not piece.is_read]
    choices = [chosen.choice(piece.category, delivery.channel) for piece in unread]
    best = next((one for one in (Choice.NOW, Choice.DIGEST) if one in choices), Choice.OFF)
    return sum(one is best for one in choices), best


def pieces_of(delivery_ids: Iterable[UUID]) -> Mapping[UUID, tuple[Piece, ...]]:
    """What was folded into each of several deliveries; one statement."""
    found: dict[UUID, list[Piece]] = {}
    folded = Delivery.objects.filter(folded_into__in=list(delivery_ids), state=DeliveryState.FOLDED)
    named = folded.exclude(notice=None).values_list(
        "folded_into", "notice__kind", "notice__category", "notice__read_at"
    )
    for teller, kind, category, read_at in named:
        piece = Piece(category=category_of(kind, category), is_read=read_at is not None)
        if teller is not None:
            found.setdefault(teller, []).append(piece)
    return {teller: tuple(pieces) for teller, pieces in found.items()}


def _fold(notice: Notice, channel: ChannelName) -> None:
    teller = _teller(notice.user_id, channel)
    row = Delivery(
        notice=notice,
        user_id=notice.user_id,
        channel=channel,
        state=DELIVERY.opening(DeliveryState.HELD),
        not_before=now() + WINDOW,
        reason=Reason.FOLDING,
    )
    insert_rows([row])
    if teller is None:
        record_all([(row, Happening.HELD, Reason.FOLDING)])
        return
    advance(row, DeliveryState.FOLDED, folded_into=teller.id, not_before=None)
    record_all([(row, Happening.FOLDED, Reason.FOLDING)])


def _teller(user_id: UUID, channel: ChannelName) -> Delivery | None:
    """The delivery that waits for this person and channel, held so that it does not leave before we are done."""
    newest = (
        Delivery.objects.filter(user_id=user_id)
        .order_by("-id")
        .values_list("id", "channel", "state", "folded_into", "reason")[:_LOOKED_AT]
    )
    ids = {
        folded_into if state == DeliveryState.FOLDED else row_id
        for row_id, by, state, folded_into, reason in newest
        if by == channel and reason == Reason.FOLDING and state in (DeliveryState.HELD, DeliveryState.FOLDED)
    }
    waiting = Delivery.objects.filter(
        id__in=[one for one in ids if one is not None],
        state=DeliveryState.HELD,
        reason=Reason.FOLDING,
        not_before__gt=now(),
    )
    return waiting.select_for_update().order_by("id").first() if ids else None
