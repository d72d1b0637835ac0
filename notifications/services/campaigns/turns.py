"""Giving the people of a campaign their turns: the next minute's and no more, some hundred in one transaction.

Notices, deliveries, jobs, and the word that somebody had their turn, stand in that transaction, so that whatever dies
leaves everybody either waiting or served. Nobody is served twice, whoever tries: a person is of a campaign once, has
one notice of it (``notifications_once``), and that one delivery by a channel (``notifications_delivery_once``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from config.kernel.db.identifiers import uuid7
from config.kernel.db.rows import insert_alike
from config.kernel.jobs import enqueue_all
from identity import services as identity
from notifications.adapters.protocol import channels_on
from notifications.db import atomic, database, now, on_commit
from notifications.domain.categories import ChannelName
from notifications.domain.pace import Turns, next_turns
from notifications.domain.schedule import opens_at
from notifications.domain.state_machines import CampaignState
from notifications.models import Campaign, CampaignRecipient, Delivery, Notice
from notifications.services.campaigns.dto import variants_of
from notifications.services.sending.queue import JOB_OF
from notifications.services.sockets.socket_wakeup import wake_all

BATCH = 500
TOO_LATE, SAME_PERSON = "too_late", "same_person"
_TAKE = "SELECT id FROM unnest(%s::uuid[]) AS id WHERE pg_try_advisory_xact_lock(hashtextextended(id::text, 7))"
_NUMBERS = """
INSERT INTO notifications_counter AS counter (user_id, last) SELECT id, 1 FROM unnest(%s::uuid[]) AS id
ON CONFLICT (user_id) DO UPDATE SET last = counter.last + 1 RETURNING user_id, last
"""
_SERVED = """
UPDATE notifications_campaignrecipient AS recipient SET notice_id = served.notice_id
FROM unnest(%s::bigint[], %s::uuid[]) AS served (id, notice_id) WHERE recipient.id = served.id
"""


def event_key(campaign_id: UUID) -> str:
    """Under which everybody has at most one notice of a campaign."""
    return f"campaign:{campaign_id}"


@dataclass(frozen=True, kw_only=True)
class _Turn:
    """One person, and when their message may leave."""

    person: CampaignRecipient
    at: datetime


def give_turns(campaign_id: UUID) -> bool:
    """Serve one batch; whether there may be another one within the minute."""
    with atomic():
        row = (
            Campaign.objects.select_for_update(skip_locked=True)
            .filter(id=campaign_id, state=CampaignState.RUNNING, gathered_at__isnull=False)
            .first()
        )
        if row is None:
            return False
        instant = now()
        if row.latest_start is not None and row.latest_start <= instant:
            waiting_of(row.id).update(left_out=TOO_LATE)
            return False
        turns = next_turns(
            given_until=row.given_until,
            now=instant,
            per_minute=row.per_minute,
            limit=BATCH,
            latest=row.latest_start,
        )
        people = list(
            waiting_of(row.id).filter(not_before__lte=turns.first).order_by("not_before", "position")[: turns.count]
        )
        if not people:
            return False
        given = _given(row, turns, _as_they_are_now(people))
        if given:
            _serve(row, given)
            Campaign.objects.filter(id=row.id).update(given_until=turns.at(len(given)))
    return True


def waiting_of(campaign_id: UUID) -> "QuerySet[CampaignRecipient]":
    """Those who had no turn and were not left out."""
    return CampaignRecipient.objects.filter(campaign_id=campaign_id, notice_id=None, left_out="")


def _as_they_are_now(people: Sequence[CampaignRecipient]) -> list[CampaignRecipient]:
    """An account that was joined with another one meanwhile is that one's person, who gets it once."""
    joined = identity.people_now(user_ids=[person.user_id for person in people])
    found = []
    for person in people:
        remaining = joined.get(person.user_id)
        if remaining is None:
            found.append(person)
        elif CampaignRecipient.objects.filter(campaign_id=person.campaign_id, user_id=remaining).exists():
            CampaignRecipient.objects.filter(id=person.id).update(left_out=SAME_PERSON)
        else:
            CampaignRecipient.objects.filter(id=person.id).update(user_id=remaining)
            person.user_id = remaining
            found.append(person)
    return found


def _given(row: Campaign, turns: Turns, people: Sequence[CampaignRecipient]) -> list[_Turn]:
    """A turn for each whose window is open then; the others of that zone wait until it opens.

    Somebody who is being written to at this instant by another process is left for the next batch: a lock is never
    waited for, so that two who write to many people cannot wait for each other.
    """
    free = _locked([person.user_id for person in people])
    given: list[_Turn] = []
    closed: dict[str, datetime] = {}
    for person in people:
        at = turns.at(len(given))
        opens = opens_at(at, window_from=row.window_from, window_to=row.window_to, zone=person.zone)
        if opens is not None:
            closed[person.zone] = opens
        elif person.user_id in free:
            given.append(_Turn(person=person, at=at))
    for zone, opens in closed.items():
        waiting_of(row.id).filter(zone=zone, not_before__lt=opens).update(not_before=opens)
    return given


def _locked(user_ids: Sequence[UUID]) -> frozenset[UUID]:
    with database.connection.cursor() as cursor:
        cursor.execute(_TAKE, [list(user_ids)])
        return frozenset(user_id for (user_id,) in cursor.fetchall())


def _serve(row: Campaign, given: Sequence[_Turn]) -> None:
    told = dict(
        Notice.objects.filter(
            event_key=event_key(row.id), user_id__in=[turn.person.user_id for turn in given]
        ).values_list("user_id", "id")
    )
    fresh = [turn for turn in given if turn.person.user_id not in told]
    notices = _notices(row, fresh)
    _queue(row, fresh, notices)
    served = told | dict(notices)
    with database.connection.cursor() as cursor:
        cursor.execute(
            _SERVED,
            [[turn.person.id for turn in given], [served[turn.person.user_id] for turn in given]],
        )
    on_commit(lambda: wake_all(notices))


def _notices(row: Campaign, given: Sequence[_Turn]) -> Mapping[UUID, UUID]:
    """Their ids, by whose they are."""
    variants = variants_of(row)
    with database.connection.cursor() as cursor:
        cursor.execute(_NUMBERS, [[turn.person.user_id for turn in given]])
        numbers: dict[UUID, int] = dict(cursor.fetchall())
    users = [turn.person.user_id for turn in given]
    ids = {user_id: uuid7() for user_id in users}
    shown = [variants[turn.person.variant] for turn in given]
    insert_alike(
        Notice(category=row.category, values=row.values, event_key=event_key(row.id)),
        {
            "id": list(ids.values()),
            "user_id": users,
            "sequence": [numbers[user_id] for user_id in users],
            "template": [one.template for one in shown],
            "template_version": [one.template_version for one in shown],
        },
    )
    return ids


def _queue(row: Campaign, given: Sequence[_Turn], notices: Mapping[UUID, UUID]) -> None:
    users, turns = [turn.person.user_id for turn in given], [turn.at for turn in given]
    for channel in channels_of(row):
        due = {uuid7(): at for at in turns}
        insert_alike(
            Delivery(channel=channel, campaign_id=row.id),
            {
                "id": list(due),
                "user_id": users,
                "notice_id": [notices[user_id] for user_id in users],
                "not_before": turns,
            },
        )
        enqueue_all(context="notifications", kind=JOB_OF[channel], due=due)


def channels_of(row: Campaign) -> tuple[ChannelName, ...]:
    """The ways outward that it takes, of those that are on."""
    return tuple(ChannelName(channel) for channel in channels_on() if channel in row.channels)
