"""What is told of campaigns: frozen, plain."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from notifications.domain.audience import audience_of
from notifications.domain.variants import Variant
from notifications.models import Campaign


@dataclass(frozen=True, kw_only=True)
class CampaignPlan:
    """What somebody asks for; ``starts_at`` is a wall time without a zone, in ``zone`` or where each person is."""

    name: str
    template: str
    channels: tuple[str, ...]
    values: Mapping[str, Any]
    audience: Mapping[str, Any]
    starts_at: datetime
    zone: str
    per_minute: int
    latest_start: datetime | None = None
    window_from: str = ""
    window_to: str = ""
    variants: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True)
class CampaignDTO:
    """One campaign. ``starts_at`` is what a clock shows in ``zone``; ``people`` are those written down so far."""

    id: UUID
    version: int
    name: str
    state: str
    template: str
    template_version: int
    category: str
    channels: tuple[str, ...]
    values: dict[str, Any]
    variants: tuple[Variant, ...]
    audience: dict[str, Any]
    starts_at: str
    zone: str
    latest_start: datetime | None
    window_from: str
    window_to: str
    per_minute: int
    author_id: UUID
    submitted_by: UUID | None
    approved_by: UUID | None
    people_at_approval: int | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    pause_reason: str
    people: int


@dataclass(frozen=True, kw_only=True)
class AudienceCount:
    """How many people are of an audience now; ``more``: counting ended there, and there are more."""

    people: int
    more: bool
    small: bool
    by_locale: dict[str, int]
    by_zone: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class CampaignText:
    """What one variant says by one channel in one language."""

    variant: str
    channel: str
    language: str
    subject: str
    text: str


@dataclass(frozen=True, kw_only=True)
class CampaignPreview:
    """Whom it would reach, from when on, for how many minutes at its pace, and with which words."""

    audience: AudienceCount
    first_start: datetime
    minutes: int
    texts: tuple[CampaignText, ...]


@dataclass(frozen=True, kw_only=True)
class ReportLine:
    """How many messages of one variant, channel, state and day (UTC)."""

    variant: str
    channel: str
    state: str
    day: str
    count: int


@dataclass(frozen=True, kw_only=True)
class VariantCount:
    """How many got one variant, and how many of them have read it on the platform."""

    variant: str
    people: int
    read: int


@dataclass(frozen=True, kw_only=True)
class CampaignReport:
    """How far a campaign is: everybody is waiting, had their turn (``given``), or was left out, by reason."""

    state: str
    people: int
    waiting: int
    given: int
    left_out: dict[str, int]
    by_state: dict[str, int]
    by_channel: dict[str, int]
    by_day: dict[str, int]
    variants: tuple[VariantCount, ...]
    lines: tuple[ReportLine, ...]


def variants_of(row: Campaign) -> tuple[Variant, ...]:
    """Those that are compared, or the one text that all get, which has no name."""
    if row.variants:
        return tuple(Variant(**one) for one in row.variants)
    return (Variant(name="", template=row.template, template_version=row.template_version),)


def campaign_dto(row: Campaign) -> CampaignDTO:
    """A campaign as plain data."""
    same = ("id", "version", "name", "state", "template", "template_version", "category", "values", "zone", "people")
    people = ("author_id", "submitted_by", "approved_by", "people_at_approval", "pause_reason", "per_minute")
    instants = ("latest_start", "created_at", "started_at", "ended_at")
    return CampaignDTO(
        **{name: getattr(row, name) for name in (*same, *people, *instants)},
        channels=tuple(row.channels),
        variants=variants_of(row),
        audience=audience_of(row.audience).as_json(),
        starts_at=f"{row.starts_on:%Y-%m-%d}T{row.starts_time:%H:%M}",
        window_from=f"{row.window_from:%H:%M}" if row.window_from else "",
        window_to=f"{row.window_to:%H:%M}" if row.window_to else "",
    )
