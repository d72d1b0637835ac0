"""What is known about deliveries at the moment when they are to be sent, gathered for many at once, and decided."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from config.kernel.errors import NotFound
from identity import services as identity
from notifications.db import now
from notifications.domain.categories import Category, ChannelName, Choice
from notifications.domain.deciding import Decision, Facts, Reason, decide
from notifications.domain.kinds import KINDS, Kind
from notifications.domain.preferences import Preferences
from notifications.domain.wall_times import zone_of
from notifications.models import Delivery, Notice
from notifications.services.addresses.devices import push_addresses
from notifications.services.addresses.suppressions import address_hash, suppressed
from notifications.services.choices import choices_of
from notifications.services.folding import Piece, gathered, is_gathered, pieces_of

_NOTHING_SAID: Final = Preferences()


@dataclass(frozen=True, kw_only=True)
class Considered:
    """A delivery with all that decides about it. ``address``: the mailbox or the number; push has ``devices``.

    ``pieces``: of how many pieces of news it tells.
    """

    delivery: Delivery
    kind: Kind | None
    contact: identity.ContactDTO | None
    address: str = field(repr=False)
    devices: tuple[str, ...] = field(default=(), repr=False)
    hashed: bytes | None = None
    pieces: int = 1
    facts: Facts


def facts_for(deliveries: Sequence[Delivery]) -> dict[UUID, Considered]:
    """All that is known about several deliveries of one channel, by their ids; a few statements whatever their number.

    Neither limits nor a provider's pace are among it: what is full is known only to whoever counts.
    """
    if not deliveries:
        return {}
    channel, instant = ChannelName(deliveries[0].channel), now()
    users = {delivery.user_id for delivery in deliveries if delivery.user_id is not None}
    contacts, preferences = identity.contacts(user_ids=users), choices_of(user_ids=users)
    devices = push_addresses(user_ids=users) if channel is ChannelName.PUSH else {}
    waited = [delivery.id for delivery in deliveries if is_gathered(delivery)]
    folded = pieces_of(waited) if waited else {}
    found = [
        _considered(
            delivery,
            channel,
            instant,
            contacts.get(delivery.user_id) if delivery.user_id else None,
            preferences.get(delivery.user_id, _NOTHING_SAID) if delivery.user_id else _NOTHING_SAID,
            devices.get(delivery.user_id, ()) if delivery.user_id else (),
            folded.get(delivery.id, ()),
        )
        for delivery in deliveries
    ]
    return _with_suppressions(channel, found)


def decide_for(
    *,
    user_id: UUID,
    category: Category,
    channel: ChannelName,
    not_before: datetime | None = None,
    campaign_id: UUID | None = None,
) -> Decision:
    """What would be decided now about a message that nobody has written yet; nothing is counted."""
    delivery = Delivery(
        user_id=user_id,
        channel=channel,
        not_before=not_before,
        campaign_id=campaign_id,
        notice=Notice(user_id=user_id, category=category),
    )
    return decide(facts_for([delivery])[delivery.id].facts)


def category_of(delivery: Delivery) -> Category:
    """What a delivery is about; a kind that is gone, and a digest, count as news of a case."""
    notice = delivery.notice
    if notice is None:
        return Category.CASE
    kind = KINDS.get(notice.kind)
    return kind.category if kind else Category(notice.category or Category.CASE)


def _considered(
    delivery: Delivery,
    channel: ChannelName,
    instant: datetime,
    contact: identity.ContactDTO | None,
    preferences: Preferences,
    devices: tuple[str, ...],
    folded: Sequence[Piece],
) -> Considered:
    category, notice = category_of(delivery), delivery.notice
    kind = KINDS.get(notice.kind) if notice is not None else None
    address, missing = _address(channel, contact, kind, notice)
    if channel is ChannelName.PUSH and missing is None and not devices:
        missing = Reason.NO_ADDRESS
    zone = zone_of(contact.zone) if contact else None
    # A digest is what a choice asked for: it is not gathered again.
    pieces, choice = 1, Choice.NOW if notice is None else preferences.choice(category, channel)
    if is_gathered(delivery):
        pieces, choice = gathered(delivery, category, preferences, folded)
        missing = missing or (None if pieces else Reason.READ_ALREADY)
    facts = Facts(
        channel=channel,
        category=category,
        instant=instant,
        asked=bool(kind and kind.asked),
        missing=missing,
        verified=channel is not ChannelName.EMAIL or bool(contact and contact.verified),
        choice=choice,
        quiet_until=preferences.quiet_until(instant, zone),
        digest_at=preferences.next_digest(instant, zone or UTC),
        not_before=delivery.not_before,
    )
    return Considered(
        delivery=delivery, kind=kind, contact=contact, address=address, devices=devices, facts=facts, pieces=pieces
    )


def _with_suppressions(channel: ChannelName, found: Sequence[Considered]) -> dict[UUID, Considered]:
    """As they are, with what speaks against their addresses."""
    hashes = {one.delivery.id: address_hash(channel, one.address) if one.address else None for one in found}
    against = suppressed(channel=channel, hashes={hashed for hashed in hashes.values() if hashed is not None})
    told = {}
    for one in found:
        hashed = hashes[one.delivery.id]
        reason, until = against.get(hashed, (None, None)) if hashed is not None else (None, None)
        told[one.delivery.id] = replace(
            one, hashed=hashed, facts=replace(one.facts, suppressed=reason, suppressed_until=until)
        )
    return told


def _address(
    channel: ChannelName,
    contact: identity.ContactDTO | None,
    kind: Kind | None,
    notice: Notice | None,
) -> tuple[str, Reason | None]:
    """Where it goes, or why it goes nowhere."""
    if contact is None:
        return "", Reason.NO_ACCOUNT
    if not contact.active:
        return "", Reason.ACCOUNT_CLOSED
    if channel is ChannelName.SMS:
        return (contact.phone, None) if contact.phone else ("", Reason.NO_ADDRESS)
    if channel is ChannelName.PUSH:
        return "", None
    if kind is None or not kind.to or notice is None:
        return contact.address, None
    try:
        change = identity.get_email_change(request_id=notice.subject_id or contact.user_id)
    except NotFound:
        return "", Reason.NO_LONGER_ASKED
    return (change.new if kind.to == "new" else change.old), None
