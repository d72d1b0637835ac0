"""One message a day instead of many: what waits for somebody's hour is folded into a digest that counts it.

A digest is a delivery without a notice, once for each person, channel and local date. It is decided like every other
one when it is sent: whoever is silent at that hour gets it afterwards.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, tzinfo
from uuid import UUID

from django.db import connections

from config.kernel.db.states import advance_all, sql_step
from config.kernel.jobs import JobRun
from identity import services as identity
from notifications.db import atomic, database, now
from notifications.domain.deciding import Reason
from notifications.domain.delivery_reports import Happening
from notifications.domain.state_machines import DELIVERY, DeliveryState
from notifications.domain.wall_times import wall_time, zone_of
from notifications.models import Delivery
from notifications.services.choices import choices_of
from notifications.services.delivery_events import record_all
from notifications.services.sending.queue import queue_deliveries

BUILD_DIGESTS = "notifications.build_digests"
CHUNK = 2000
MAX_FOLDED = 50_000
# What somebody has read in the meantime is no news any more.
READ_ALREADY = "read_already"
_FOLD = sql_step(DELIVERY, DeliveryState.HELD, DeliveryState.FOLDED)
_HOLD_ON = sql_step(DELIVERY, DeliveryState.HELD, DeliveryState.HELD)
_FOLD_ALL = f"""
UPDATE notifications_delivery d SET state = {_FOLD.target}, folded_into = told.digest, updated_at = %s
FROM unnest(%s::uuid[], %s::uuid[]) AS told (id, digest)
WHERE d.id = told.id AND d.state = {_FOLD.source}
"""
_HOLD_ALL_ON = f"""
UPDATE notifications_delivery d SET state = {_HOLD_ON.target}, not_before = later.at, updated_at = %s
FROM unnest(%s::uuid[], %s::timestamptz[]) AS later (id, at)
WHERE d.id = later.id AND d.state = {_HOLD_ON.source}
"""
# Such a digest has not left yet: what comes due now is counted in it too.
_OPEN = (DeliveryState.QUEUED, DeliveryState.HELD)


def build_digests(run: JobRun) -> None:
    """The job of each minute: a digest for everybody whose hour has come."""
    for _ in range(MAX_FOLDED // CHUNK):
        if _build() < CHUNK:
            return


def _build() -> int:
    """A chunk of what is due; the number of statements does not grow with the people in it."""
    with atomic():
        due = Delivery.objects.filter(
            state=DeliveryState.HELD, reason=Reason.DIGEST, not_before__lte=now(), user_id__isnull=False
        )
        mine = due.select_related("notice").order_by("user_id", "id").select_for_update(skip_locked=True, of=("self",))
        rows = list(mine[:CHUNK])
        news = _unread(rows)
        zones = _zones({_person(row) for row in news})
        digests = _digests(news, zones)
        _fold([(row, digest) for row, digest in digests if digest.state in _OPEN])
        _hold_on([row for row, digest in digests if digest.state not in _OPEN], zones)
    return len(rows)


def _unread(rows: Sequence[Delivery]) -> list[Delivery]:
    read = [row for row in rows if row.notice is not None and row.notice.read_at is not None]
    advance_all(Delivery.objects.filter(id__in=[row.id for row in read]), DeliveryState.SKIPPED, reason=READ_ALREADY)
    record_all((row, Happening.SKIPPED, READ_ALREADY) for row in read)
    gone = {row.id for row in read}
    return [row for row in rows if row.id not in gone]


def _zones(user_ids: Iterable[UUID]) -> dict[UUID, tzinfo]:
    """Where people are; who has not said it has their digest by UTC."""
    contacts = identity.contacts(user_ids=user_ids)
    return {user_id: zone_of(one.zone) or UTC for user_id, one in contacts.items()}


def _digests(news: Sequence[Delivery], zones: Mapping[UUID, tzinfo]) -> list[tuple[Delivery, Delivery]]:
    """Each of the news with its digest, which is made where there is none yet.

    It is named after the date of the hour that was waited for, not of the minute in which somebody gets round to it;
    of several such dates the newest counts.
    """
    dates: dict[tuple[UUID | None, str], date] = {}
    for row in news:
        assert row.not_before is not None
        day = wall_time(row.not_before, zones.get(_person(row), UTC)).date()
        dates[row.user_id, row.channel] = max(day, dates.get((row.user_id, row.channel), day))
    keys = {whose: f"digest:{whose[0]}:{whose[1]}:{day}" for whose, day in dates.items()}
    made = [
        Delivery(user_id=user_id, channel=channel, key=key, state=DELIVERY.opening(DeliveryState.QUEUED))
        for (user_id, channel), key in keys.items()
    ]
    Delivery.objects.bulk_create(made, ignore_conflicts=True)
    found = {row.key: row for row in Delivery.objects.filter(key__in=keys.values()).select_for_update()}
    fresh = {row.id for row in made}
    queue_deliveries(row for row in found.values() if row.id in fresh)
    return [(row, found[keys[row.user_id, row.channel]]) for row in news]


def _person(row: Delivery) -> UUID:
    assert row.user_id is not None
    return row.user_id


def _fold(told: Sequence[tuple[Delivery, Delivery]]) -> None:
    if told:
        with connections[database.alias].cursor() as cursor:
            cursor.execute(_FOLD_ALL, [now(), [row.id for row, _ in told], [digest.id for _, digest in told]])
        record_all((row, Happening.FOLDED, Reason.DIGEST) for row, _ in told)


def _hold_on(rows: Sequence[Delivery], zones: Mapping[UUID, tzinfo]) -> None:
    """Today's digest has left already: until the next one."""
    if rows:
        held, at = choices_of(user_ids={_person(row) for row in rows}), now()
        until = [held[_person(row)].next_digest(at, zones.get(_person(row), UTC)) for row in rows]
        with connections[database.alias].cursor() as cursor:
            cursor.execute(_HOLD_ALL_ON, [at, [row.id for row in rows], until])
        record_all((row, Happening.HELD, Reason.DIGEST) for row in rows)
