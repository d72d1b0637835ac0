"""Writing a notice and its deliveries: the rows come first; channels and sockets are told of them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections

from config.kernel.db.rows import insert_rows
from notifications.adapters.protocol import channels_on
from notifications.db import atomic, database, now, on_commit
from notifications.domain.categories import Category, ChannelName, Choice
from notifications.domain.deciding import Reason
from notifications.domain.delivery_reports import Happening
from notifications.domain.kinds import KINDS
from notifications.domain.notice_texts import stored
from notifications.domain.state_machines import DELIVERY, DeliveryState
from notifications.models import ChannelPreference, Delivery, Notice
from notifications.services.delivery_events import record_all
from notifications.services.dto import NoticeDTO
from notifications.services.folding import fold
from notifications.services.must_reach import watch
from notifications.services.notices import notice_dto
from notifications.services.sending.queue import queue_deliveries
from notifications.services.sockets.socket_wakeup import wake

_NEXT = (
    "INSERT INTO notifications_counter (user_id, last) VALUES (%s, 1)"
    " ON CONFLICT (user_id) DO UPDATE SET last = notifications_counter.last + 1 RETURNING last"
)


def notify(
    *,
    user_id: UUID,
    kind: str,
    event_key: str,
    subject_id: UUID | None = None,
    counted: bool = False,
    values: Mapping[str, Any] | None = None,
) -> NoticeDTO | None:
    """Add a notice of a kind (once for each ``event_key`` and user); ``None`` when the user was told of it already.

    ``values`` are the instants, days and numbers that its text may name. ``counted``: whoever caused it has counted its
    mail for the address, so the recipient's limits do not.
    """
    return create_notice(
        user_id=user_id,
        kind=kind,
        category=KINDS[kind].category,
        event_key=event_key,
        subject_id=subject_id,
        counted=counted,
        values=stored(values or {}),
    )


def create_notice(
    *,
    user_id: UUID,
    category: Category,
    event_key: str,
    kind: str = "",
    template: str = "",
    template_version: int | None = None,
    values: Mapping[str, Any] | None = None,
    subject_id: UUID | None = None,
    channels: Iterable[str] | None = None,
    not_before: datetime | None = None,
    campaign_id: UUID | None = None,
    counted: bool = False,
) -> NoticeDTO | None:
    """Add a notice of a kind or a template, with a delivery for each channel, and wake the user's sockets.

    ``channels``: those to take of the ones that are on; without it, e-mail and what the user has chosen. Deliveries
    wait until ``not_before``. Returns ``None`` when the user was told of this event already.
    """
    with atomic():
        # One writer at a time for each user: the second of two twins sees the first's notice and takes no number,
        # and nobody can commit number 6 before number 5.
        with connections[database.alias].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [str(user_id)])
            if Notice.objects.filter(user_id=user_id, event_key=event_key).exists():
                return None
            cursor.execute(_NEXT, [user_id])
            sequence = cursor.fetchone()[0]
        notice = Notice.objects.create(
            user_id=user_id,
            sequence=sequence,
            kind=kind,
            category="" if kind else category,
            template=template,
            template_version=template_version,
            values=dict(values or {}),
            subject_id=subject_id,
            event_key=event_key,
        )
        if kind and KINDS[kind].must_reach:
            watch(notice)
        ways = _ways(user_id, kind, category, channels)
        add_deliveries(
            notice=notice,
            channels=ways if not_before or campaign_id else fold(notice, ways),
            urgent=category is Category.SECURITY,
            not_before=not_before,
            campaign_id=campaign_id,
            counted=counted,
        )
        on_commit(lambda: wake(user_id))
    return notice_dto(notice)


def add_deliveries(
    *,
    notice: Notice,
    channels: Iterable[ChannelName],
    urgent: bool = False,
    not_before: datetime | None = None,
    campaign_id: UUID | None = None,
    counted: bool = False,
) -> tuple[UUID, ...]:
    """One delivery of a notice by each channel, queued or held; inside ``atomic()``. None of them may be there yet."""
    later = not_before is not None and not_before > now()
    rows = [
        Delivery(
            notice=notice,
            user_id=notice.user_id,
            channel=channel,
            campaign_id=campaign_id,
            not_before=not_before,
            counted=counted,
            state=DELIVERY.opening(DeliveryState.HELD if later else DeliveryState.QUEUED),
        )
        for channel in channels
    ]
    insert_rows(rows)
    if later:
        record_all((row, Happening.HELD, Reason.SCHEDULED) for row in rows)
    else:
        queue_deliveries(rows, urgent=urgent)
    return tuple(row.id for row in rows)


def _ways(user_id: UUID, kind: str, category: Category, wanted: Iterable[str] | None) -> tuple[ChannelName, ...]:
    """Of the channels that are on. Whether somebody wants a message is asked when it is sent; other channels than
    e-mail only begin where they have chosen them, and never for what is about the mailbox itself.
    """
    known = KINDS.get(kind)
    if known is not None and (known.secret or known.to):
        return (ChannelName.EMAIL,)
    on = channels_on()
    if wanted is None:
        mail = {ChannelName.EMAIL} if known is None or known.email else set()
        wanted = mail | (_chosen(user_id, category) if len(on) > 1 else set())
    chosen = frozenset(wanted)
    return tuple(ChannelName(channel) for channel in on if channel in chosen)


def _chosen(user_id: UUID, category: Category) -> set[ChannelName]:
    rows = ChannelPreference.objects.filter(user_id=user_id, category=category).exclude(choice=Choice.OFF)
    return {ChannelName(name) for name in rows.values_list("channel", flat=True)}
