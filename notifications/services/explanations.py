"""Why somebody did, or did not, get a message: told from what was written down, to them and to staff who help them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from uuid import UUID

from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.errors import NotFound
from identity import services as identity
from notifications.db import atomic
from notifications.domain.categories import ChannelName, Choice
from notifications.domain.delivery_reports import Happening
from notifications.domain.explanations import explained
from notifications.domain.kinds import category_of
from notifications.domain.mail_texts import language_of
from notifications.domain.preferences import OUTWARD, Preferences
from notifications.domain.wall_times import wall_time, zone_of
from notifications.models import Delivery, DeliveryEvent, Notice
from notifications.services.choices import choices_of
from notifications.services.readers import NoticeWords, Reader

# Who helps people that miss a message.
HELPERS = ("support", "administrator")
PAGE = 10


@dataclass(frozen=True, kw_only=True)
class ExplanationLine:
    """What happened at an instant, as code and as a sentence."""

    at: datetime | None
    what: str
    reason: str
    text: str


@dataclass(frozen=True, kw_only=True)
class ChannelExplanation:
    """What became of a notice by one channel; ``status`` is empty where nothing was sent that way."""

    channel: str
    status: str
    lines: tuple[ExplanationLine, ...]


@dataclass(frozen=True, kw_only=True)
class ExplanationDTO:
    """A notice, and what became of it by every channel. Times in sentences are those of ``time_zone``."""

    notice_id: UUID
    category: str
    text: str
    created_at: datetime
    read_at: datetime | None
    time_zone: str
    channels: tuple[ChannelExplanation, ...]


@dataclass(frozen=True, kw_only=True)
class SentPage:
    """A part of what somebody was told; ``older``: where the next part begins, if there is one."""

    notices: tuple[ExplanationDTO, ...]
    older: int | None


def explain_notice(*, principal: Principal, notice_id: UUID, locale: str | None = None) -> ExplanationDTO:
    """Of one's own, or for staff who help, which is recorded; in ``locale``, or the reader's own language."""
    reader = principal.require_user_id()
    row = Notice.objects.filter(id=notice_id).first()
    if row is None or not (row.user_id == reader or principal.has(*HELPERS)):
        raise NotFound("There is no such notice for you.")
    if locale is None:
        contact = identity.contacts(user_ids=[reader]).get(reader)
        locale = contact.locale if contact else "en"
    if row.user_id != reader:
        with atomic():
            record(
                context="notifications",
                action="notice.explanation.read",
                patient_id=row.user_id,
                object_type="notice",
                object_id=row.id,
            )
    return _explained([row], row.user_id, locale)[0]


def sent_page(*, principal: Principal, locale: str, before: str = "") -> SentPage:
    """The caller's last notices, newest first, each explained; ``before``: of a lower number, as a page's link says."""
    user_id = principal.require_user_id()
    rows = Notice.objects.filter(user_id=user_id).order_by("-sequence")
    if before.isdecimal() and len(before) < 16:
        rows = rows.filter(sequence__lt=int(before))
    found = list(rows[: PAGE + 1])
    notices = tuple(_explained(found[:PAGE], user_id, locale))
    return SentPage(notices=notices, older=found[PAGE - 1].sequence if len(found) > PAGE else None)


def _explained(notices: Sequence[Notice], user_id: UUID, locale: str) -> list[ExplanationDTO]:
    """Of one person; the number of statements does not grow with that of the notices."""
    contact = identity.contacts(user_ids=[user_id]).get(user_id)
    zone: tzinfo = (zone_of(contact.zone) if contact else None) or UTC
    # As it is now: who has just named their zone sees it here.
    reader, words = Reader(language=language_of(locale), zone=zone), NoticeWords()
    held = choices_of(user_ids=[user_id])[user_id]
    deliveries: dict[UUID, list[Delivery]] = defaultdict(list)
    for row in Delivery.objects.filter(notice__in=[notice.id for notice in notices]).order_by("id"):
        assert row.notice_id is not None
        deliveries[row.notice_id].append(row)
    timelines = _Timelines([one for rows in deliveries.values() for one in rows], zone, locale)
    return [
        ExplanationDTO(
            notice_id=notice.id,
            **words.of(
                reader,
                kind=notice.kind,
                category=notice.category,
                values=notice.values,
                template=notice.template,
                version=notice.template_version,
            ),
            created_at=notice.created_at,
            read_at=notice.read_at,
            time_zone=str(zone),
            channels=(
                _in_app(notice, zone, locale),
                *(_outward(channel, notice, deliveries[notice.id], timelines, held, locale) for channel in OUTWARD),
            ),
        )
        for notice in notices
    ]


def _in_app(notice: Notice, zone: tzinfo, locale: str) -> ChannelExplanation:
    reason = "read" if notice.read_at else "unread"
    text = explained("app", reason, locale=locale, until=_wall(notice.read_at, zone) if notice.read_at else "")
    line = ExplanationLine(at=notice.created_at, what="app", reason=reason, text=text)
    return ChannelExplanation(channel=ChannelName.IN_APP, status="in_account", lines=(line,))


def _outward(
    channel: ChannelName,
    notice: Notice,
    rows: Iterable[Delivery],
    timelines: "_Timelines",
    held: Preferences,
    locale: str,
) -> ChannelExplanation:
    row = next((one for one in rows if one.channel == channel), None)
    if row is not None:
        return ChannelExplanation(channel=channel, status=row.state, lines=timelines.of(row))
    reason = "off" if held.shown(category_of(notice.kind, notice.category), channel) is Choice.OFF else "kind"
    line = ExplanationLine(at=None, what="none", reason=reason, text=explained("none", reason, locale=locale))
    return ChannelExplanation(channel=channel, status="", lines=(line,))


class _Timelines:
    """The lines of several deliveries, and those of the messages that they were folded into."""

    def __init__(self, rows: Sequence[Delivery], zone: tzinfo, locale: str) -> None:
        self.zone, self.locale = zone, locale
        ids = {row.id for row in rows} | {row.folded_into for row in rows if row.folded_into}
        self.events: Mapping[UUID, list[DeliveryEvent]] = defaultdict(list)
        for event in DeliveryEvent.objects.filter(delivery__in=ids).order_by("id"):
            self.events[event.delivery_id].append(event)
        self.others = {one.id: one for one in Delivery.objects.filter(id__in=ids - {row.id for row in rows})}

    def of(self, row: Delivery) -> tuple[ExplanationLine, ...]:
        """From first to last; a row that nothing was written down about says where it stands."""
        lines = list(self._lines(row))
        if row.folded_into in self.others:
            lines += self._lines(self.others[row.folded_into])
        if not lines:
            text = explained(str(row.state).lower(), row.reason, locale=self.locale)
            lines.append(ExplanationLine(at=row.updated_at, what=str(row.state).lower(), reason=row.reason, text=text))
        return tuple(lines)

    def _lines(self, row: Delivery) -> list[ExplanationLine]:
        events = self.events.get(row.id, [])
        holds = [event.id for event in events if event.what == Happening.HELD]
        return [
            ExplanationLine(
                at=event.at,
                what=event.what,
                reason=event.reason,
                # Up to when it was held is known of the last time alone.
                text=explained(
                    event.what,
                    event.reason,
                    locale=self.locale,
                    until=_wall(row.not_before, self.zone, near=event.at)
                    if row.not_before and holds[-1:] == [event.id]
                    else "",
                ),
            )
            for event in events
        ]


def _wall(instant: datetime, zone: tzinfo, near: datetime | None = None) -> str:
    """As a clock there shows it; with the date where that is not the one of ``near``."""
    here = wall_time(instant, zone)
    same_day = near is not None and wall_time(near, zone).date() == here.date()
    text = f"{here:%H:%M}" if same_day else f"{here:%Y-%m-%d %H:%M}"
    return f"{text} UTC" if zone is UTC else text
