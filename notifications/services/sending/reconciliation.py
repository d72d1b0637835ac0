"""Asking the provider about text messages of which nobody told us the end: UNCERTAIN ones, and those SENT long ago.

Nothing is ever sent here. A report that comes meanwhile counts once with what is answered: both have the same key.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import structlog
from django.db.models import Q

from config.kernel.jobs import JobRun
from identity import services as identity
from notifications.adapters.callback_events import ProviderEvent
from notifications.adapters.protocol import Delayed, Refused, Unanswered, channel
from notifications.adapters.sms.questions import ASKED, Absent, Ambiguous, Asked, Question
from notifications.db import atomic, now
from notifications.domain.categories import ChannelName
from notifications.domain.delivery_reports import Happening
from notifications.domain.state_machines import DeliveryState
from notifications.models import Delivery
from notifications.services.addresses.suppressions import address_hash
from notifications.services.delivery_events import provider_said, record

RECONCILE_SMS: Final = "notifications.reconcile_sms"
EVERY_SECONDS: Final = 300
# So long a report may take by itself; so often we ask; after that the provider knows no more than it said.
UNCERTAIN_AFTER, SENT_AFTER = timedelta(minutes=15), timedelta(hours=1)
ASK_AGAIN, ASK_NO_MORE = timedelta(hours=6), timedelta(days=3)
# Each is a request of its own, one after the other.
AT_ONCE = 20
# What is said of one that nothing more can be learnt of.
NOT_THERE, UNCLEAR = "not_at_provider", "unclear_at_provider"
log = structlog.get_logger(__name__)


def reconcile_sms(_: JobRun) -> None:
    """Ask about the oldest of them; nobody, where the provider does not let itself be asked."""
    provider = channel(ChannelName.SMS).provider()
    if provider not in ASKED:
        return
    rows = _claimed(provider)
    if not rows:
        return
    phones = identity.verified_phones(user_ids=[row.user_id for row in rows if row.user_id is not None])
    asked = ASKED[provider]()
    for row in rows:
        number = phones.get(row.user_id, "") if row.user_id is not None else ""
        if not row.provider_id and (not number or address_hash(ChannelName.SMS, number) != _hashed(row)):
            # The number that it went to is nobody's any more.
            continue
        try:
            _ask(asked, row, number)
        except (Delayed, Unanswered) as error:
            # The provider is away, or has enough of us: the others are asked later.
            log.warning("sms_not_reconciled", code=error.code, count=len(rows))
            return


def _claimed(provider: str) -> list[Delivery]:
    """Theirs to be asked about now, so marked that no other process asks too."""
    instant = now()
    stale = Q(state=DeliveryState.UNCERTAIN, sending_at__lt=instant - UNCERTAIN_AFTER) | Q(
        state=DeliveryState.SENT, sending_at__lt=instant - SENT_AFTER
    )
    open_ones = Delivery.objects.filter(
        stale, channel=ChannelName.SMS, provider=provider, sending_at__gt=instant - ASK_NO_MORE
    ).exclude(reason__in=(NOT_THERE, UNCLEAR))
    with atomic():
        rows = list(
            open_ones.filter(Q(asked_at=None) | Q(asked_at__lt=instant - ASK_AGAIN))
            .order_by("sending_at")
            .select_for_update(skip_locked=True)[:AT_ONCE]
        )
        Delivery.objects.filter(id__in=[row.id for row in rows]).update(asked_at=instant)
    return rows


def _ask(asked: Asked, row: Delivery, number: str) -> None:
    """No transaction is open while the provider is waited for."""
    assert row.sending_at is not None
    question = Question(
        delivery_id=row.id,
        provider_id=row.provider_id,
        address=number,
        asked_at=row.sending_at,
        known=frozenset() if row.provider_id else _known_names(row),
    )
    try:
        event = asked.state_of(question)
    except Absent:
        _nothing_more(row, NOT_THERE)
    except (Ambiguous, Refused):
        _nothing_more(row, UNCLEAR)
    else:
        if event is not None:
            _take(row, event)


def _take(row: Delivery, event: ProviderEvent) -> None:
    with atomic():
        if not row.provider_id:
            Delivery.objects.filter(id=row.id, provider_id="").update(provider_id=event.provider_id)
        provider_said(
            provider=event.provider,
            provider_id=event.provider_id,
            what=event.what,
            source_key=event.source_key,
            reason=event.reason,
            delivery_id=row.id,
        )


def _nothing_more(row: Delivery, why: str) -> None:
    """It stays what it is, which is true, and says what was found; it is never sent a second time."""
    with atomic():
        told = record(row, Happening.UNCERTAIN, why, row.provider, f"{row.id}:{why}")
        if told:
            Delivery.objects.filter(id=row.id, state=row.state).update(reason=why)


def _known_names(row: Delivery) -> frozenset[str]:
    """The provider's names of our other messages to the same number."""
    others: Sequence[str] = list(
        Delivery.objects.filter(channel=ChannelName.SMS, user_id=row.user_id, provider=row.provider)
        .exclude(provider_id="")
        .order_by("-id")
        .values_list("provider_id", flat=True)[:200]
    )
    return frozenset(others)


def _hashed(row: Delivery) -> bytes:
    return bytes(row.address_hash) if row.address_hash is not None else b""
