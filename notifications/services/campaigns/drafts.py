"""Planning a campaign, and reading what is planned. Every fault of a plan is said at once."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.errors import Conflict, FieldError, Forbidden, NotFound, PreconditionFailed, Unprocessable
from config.kernel.plain_lines import ADVICE, is_plain_line
from config.kernel.time_zones import zone_names
from notifications.db import atomic, now
from notifications.domain.audience import audience_faults
from notifications.domain.categories import Category
from notifications.domain.schedule import RECIPIENT, first_start
from notifications.domain.state_machines import CampaignState
from notifications.domain.variants import MAX_VARIANTS, Variant
from notifications.domain.wall_times import is_skipped
from notifications.models import Campaign
from notifications.services.campaigns.dto import CampaignDTO, CampaignPlan, campaign_dto
from notifications.services.send.checks import message_faults
from notifications.services.templates import Template, template_in_force
from professionals import services as professionals

WRITERS = frozenset({"administrator", "medical_director"})
# What tells of one account or one case is never for many.
CATEGORIES = frozenset({Category.LEGAL, Category.REMINDERS, Category.OFFERS, Category.ANNOUNCEMENTS})
MAX_PER_MINUTE = 10_000
FURTHEST = timedelta(days=366)
# Others are no instants in every zone.
_YEARS = range(2000, 3000)


def create_campaign(*, principal: Principal, plan: CampaignPlan) -> CampaignDTO:
    """Keep a plan as a draft, with each template pinned to the version that is in force now."""
    author = staff_member(principal)
    template = _checked(plan)
    with atomic():
        row = Campaign.objects.create(**_columns(plan, template), author_id=author)
        note("campaign.create", row)
    return campaign_dto(row)


def update_campaign(
    *, principal: Principal, campaign_id: UUID, plan: CampaignPlan, expected_version: int | None
) -> CampaignDTO:
    """Put another plan in the place of a draft, by its author, who says which version they read.

    Nobody else writes in it: whoever approves it has written nothing of it.
    """
    person = staff_member(principal)
    template = _checked(plan)
    with atomic():
        row = campaign_row(campaign_id, lock=True)
        if row.author_id != person:
            raise Forbidden("Its author changes a plan; plan another one.", code="author_only")
        if row.state != CampaignState.DRAFT:
            raise Conflict("Only a draft is changed; cancel it, and plan another one.", code="not_a_draft")
        if expected_version is not None and row.version != expected_version:
            raise PreconditionFailed("The campaign was changed since you read it.")
        for name, value in _columns(plan, template).items():
            setattr(row, name, value)
        row.version += 1
        row.save()
        note("campaign.change", row)
    return campaign_dto(row)


def list_campaigns(
    *, principal: Principal, limit: int, after: UUID | None = None
) -> tuple[tuple[CampaignDTO, ...], UUID | None]:
    """Newest first, and the id to go on after."""
    staff_member(principal)
    rows = Campaign.objects.all() if after is None else Campaign.objects.filter(id__lt=after)
    found = list(rows.order_by("-id")[: limit + 1])
    return tuple(campaign_dto(row) for row in found[:limit]), found[limit - 1].id if len(found) > limit else None


def get_campaign(*, principal: Principal, campaign_id: UUID) -> CampaignDTO:
    """One of them."""
    staff_member(principal)
    return campaign_dto(campaign_row(campaign_id))


def campaign_row(campaign_id: UUID, *, lock: bool = False) -> Campaign:
    """The row; ``NotFound`` for an unknown id."""
    rows = Campaign.objects.select_for_update() if lock else Campaign.objects.all()
    row = rows.filter(id=campaign_id).first()
    if row is None:
        raise NotFound("There is no such campaign.")
    return row


def staff_member(principal: Principal) -> UUID:
    """The id of somebody who may plan, and decide on, what is said to many."""
    if not principal.has(*WRITERS):
        raise Forbidden("Campaigns are the administrators' and the medical director's.", code="role_forbidden")
    return principal.require_user_id()


def note(action: str, row: Campaign, **detail: str | int) -> None:
    """In the audit, inside ``atomic()``."""
    record(context="notifications", action=action, object_type="campaign", object_id=row.id, detail=detail)


def _checked(plan: CampaignPlan) -> Template:
    template = template_in_force(code=plan.template)
    faults = tuple(_faults(plan, template))
    if faults or template is None:
        raise Unprocessable(f"{len(faults)} field(s) need a change; see errors.", errors=faults)
    return template


def _columns(plan: CampaignPlan, template: Template) -> dict[str, Any]:
    """What is kept of a plan, with the version of its template that is in force now."""
    return {
        "name": plan.name,
        "template": template.code,
        "template_version": template.version,
        "category": template.category,
        "channels": list(plan.channels),
        "values": dict(plan.values),
        "variants": [vars(one) for one in _variants(plan)],
        "audience": dict(plan.audience),
        "starts_on": plan.starts_at.date(),
        "starts_time": plan.starts_at.time(),
        "zone": plan.zone,
        "latest_start": plan.latest_start,
        "window_from": _time(plan.window_from),
        "window_to": _time(plan.window_to),
        "per_minute": plan.per_minute,
    }


def _faults(plan: CampaignPlan, template: Template | None) -> Iterator[FieldError]:
    if not is_plain_line(plan.name):
        yield FieldError("#/name", "not_plain", ADVICE)
    yield from message_faults(template, channels=plan.channels, values=plan.values)
    if template is not None and template.category not in CATEGORIES:
        yield FieldError("#/template", "category", "What is about one account or one case is not said to many.")
    yield from audience_faults(plan.audience, professionals.specialty_names(language="en"))
    yield from _faults_of_schedule(plan)
    if plan.variants:
        yield from _faults_of_variants(plan, template)


def _faults_of_schedule(plan: CampaignPlan) -> Iterator[FieldError]:
    if plan.zone != RECIPIENT and plan.zone not in zone_names():
        yield FieldError("#/zone", "unknown_choice", 'Name a zone such as "Europe/Berlin", or "recipient".')
        return
    if plan.starts_at.year not in _YEARS:
        yield FieldError("#/starts_at", "invalid", "It begins in the future, and within a year.")
        return
    if plan.zone != RECIPIENT and is_skipped(
        day=plan.starts_at.date(), at=plan.starts_at.time(), zone=ZoneInfo(plan.zone)
    ):
        advice = f"On that day the clocks in {plan.zone} are put forward over this time; choose another one."
        yield FieldError("#/starts_at", "no_such_time", advice)
        return
    first = first_start(plan.zone, day=plan.starts_at.date(), at=plan.starts_at.time())
    if not now() < first < now() + FURTHEST:
        yield FieldError("#/starts_at", "invalid", "It begins in the future, and within a year.")
    if plan.latest_start is not None and plan.latest_start <= first:
        yield FieldError("#/latest_start", "invalid", "This lies before it begins.")
    if bool(plan.window_from) != bool(plan.window_to) or (plan.window_from and plan.window_from == plan.window_to):
        yield FieldError("#/window_to", "invalid", "Name two different times of the day, or none.")
    if not 1 <= plan.per_minute <= MAX_PER_MINUTE:
        yield FieldError("#/per_minute", "invalid", f"Between 1 and {MAX_PER_MINUTE}.")


def _faults_of_variants(plan: CampaignPlan, template: Template | None) -> Iterator[FieldError]:
    if not 2 <= len(plan.variants) <= MAX_VARIANTS:
        yield FieldError("#/variants", "invalid", f"Name 2 to {MAX_VARIANTS} of them, or none.")
    if len({one["name"] for one in plan.variants}) < len(plan.variants):
        yield FieldError("#/variants", "invalid", "Each has a name of its own.")
    if sum(one["share"] for one in plan.variants) != 100:
        yield FieldError("#/variants", "invalid", "Their shares make 100 together.")
    for number, one in enumerate(plan.variants):
        pointer = f"#/variants/{number}"
        other = template_in_force(code=one["template"])
        yield from message_faults(other, channels=plan.channels, values=plan.values, pointer=pointer)
        if other is not None and template is not None and other.category != template.category:
            yield FieldError(f"{pointer}/template", "category", "All of them are of one category.")


def _variants(plan: CampaignPlan) -> Iterator[Variant]:
    for one in plan.variants:
        template = template_in_force(code=one["template"])
        if template is not None:
            yield Variant(
                name=one["name"], template=template.code, template_version=template.version, share=one["share"]
            )


def _time(written: str) -> time | None:
    return datetime.strptime(written, "%H:%M").time() if written else None  # noqa: DTZ007  what a clock on the wall shows


def retired_templates(row: Campaign) -> tuple[str, ...]:
    """Those of its templates of which no version is in force any more."""
    codes = dict.fromkeys((row.template, *(one["template"] for one in row.variants)))
    return tuple(code for code in codes if template_in_force(code=code) is None)


def stale_templates(row: Campaign) -> tuple[str, ...]:
    """The templates that say something else by now, or nothing, than when the campaign was planned."""
    pinned: Mapping[str, Any] = {row.template: row.template_version} | {
        one["template"]: one["template_version"] for one in row.variants
    }
    found = {code: template_in_force(code=code) for code in pinned}
    return tuple(code for code, version in pinned.items() if (there := found[code]) is None or there.version != version)
