"""The steps of a campaign: planned by one person, approved by another, stopped by whoever sees that it goes wrong."""

from uuid import UUID

from config.kernel.auth import Principal, fresh_second_factor
from config.kernel.auth.second_person import require_second_person
from config.kernel.db.states import advance
from config.kernel.errors import Conflict
from config.kernel.plain_lines import require_plain_line
from notifications.db import atomic, now
from notifications.domain.audience import SMALL, audience_of
from notifications.domain.state_machines import CampaignState
from notifications.models import Campaign, Delivery
from notifications.services.campaigns.drafts import campaign_row, note, retired_templates, staff_member, stale_templates
from notifications.services.campaigns.dto import CampaignDTO, campaign_dto
from notifications.services.campaigns.people import count_audience
from notifications.services.send.cancellations import take_back

S = CampaignState
CANCELLED_REASON = "campaign_cancelled"
# Why a campaign is paused, where nobody wrote it down.
BY_HAND, TEMPLATE_RETIRED = "by_hand", "template_retired"


def submit_campaign(*, principal: Principal, campaign_id: UUID) -> CampaignDTO:
    """Lay it before a second person."""
    person = staff_member(principal)
    with atomic():
        row = campaign_row(campaign_id, lock=True)
        _require_its_texts(row)
        advance(row, S.SUBMITTED, version=row.version + 1, submitted_by=person, submitted_at=now())
        note("campaign.submit", row)
    return campaign_dto(row)


def approve_campaign(*, principal: Principal, campaign_id: UUID, small_audience: bool = False) -> CampaignDTO:
    """Let it go out at its time: by somebody who neither wrote nor submitted it, freshly proved.

    An audience of fewer than twenty people is named first (``Conflict``), and approved by saying ``small_audience``.
    """
    person = staff_member(principal)
    fresh_second_factor(principal)
    counted = count_audience(audience_of(campaign_row(campaign_id).audience))
    with atomic():
        row = campaign_row(campaign_id, lock=True)
        require_second_person(
            person,
            not_one_of=(row.author_id, row.submitted_by),
            why="A second person approves what you wrote or submitted.",
            code="second_person",
        )
        _require_its_texts(row)
        if counted.small and not small_audience:
            raise Conflict(
                f"Only {counted.people} people are of its audience, fewer than {SMALL}: that is nearly by name."
                " Approve it again with small_audience if this is meant.",
                code="audience_small",
                extra={"people": counted.people},
            )
        signed = {"approved_by": person, "approved_at": now(), "people_at_approval": counted.people}
        advance(row, S.SCHEDULED, version=row.version + 1, **signed)
        note("campaign.approve", row, people=counted.people)
    return campaign_dto(row)


def start_campaign(*, principal: Principal, campaign_id: UUID) -> CampaignDTO:
    """Begin now instead of at its time, for all of its people; its window holds as before."""
    staff_member(principal)
    with atomic():
        row = campaign_row(campaign_id, lock=True)
        if row.state != S.SCHEDULED:
            raise Conflict("Only what is approved and has not begun can be started.", code="state_step_refused")
        _require_in_force(row)
        run(row, at_once=True)
        note("campaign.start", row)
    return campaign_dto(row)


def pause_campaign(*, principal: Principal, campaign_id: UUID, reason: str = "") -> CampaignDTO:
    """Give nobody a turn any more: what leaves after this had its turn already, within a minute."""
    staff_member(principal)
    require_plain_line("#/reason", reason)
    with atomic():
        row = campaign_row(campaign_id, lock=True)
        pause(row, reason.strip() or BY_HAND)
        note("campaign.pause", row)
    return campaign_dto(row)


def resume_campaign(*, principal: Principal, campaign_id: UUID) -> CampaignDTO:
    """Go on at its pace; lost time is not made up for."""
    staff_member(principal)
    with atomic():
        row = campaign_row(campaign_id, lock=True)
        if row.state != S.PAUSED:
            raise Conflict("Only what is paused goes on.", code="state_step_refused")
        if row.pause_reason == TEMPLATE_RETIRED:
            _require_in_force(row)
        run(row)
        note("campaign.resume", row)
    return campaign_dto(row)


def cancel_campaign(*, principal: Principal, campaign_id: UUID) -> CampaignDTO:
    """End it for good; messages that have not begun to leave are taken back."""
    staff_member(principal)
    with atomic():
        row = campaign_row(campaign_id, lock=True)
        advance(row, S.CANCELLED, version=row.version + 1, ended_at=now())
        taken_back = take_back(Delivery.objects.filter(campaign_id=row.id), CANCELLED_REASON)
        note("campaign.cancel", row, taken_back=taken_back)
    return campaign_dto(row)


def begin(row: Campaign) -> None:
    """Begin a locked campaign at its time; one whose template was retired meanwhile stops before anybody's turn."""
    run(row)
    if retired_templates(row):
        pause(row, TEMPLATE_RETIRED)


def run(row: Campaign, *, at_once: bool = False) -> None:
    """Take a locked campaign to RUNNING."""
    instant = now()
    advance(
        row,
        S.RUNNING,
        version=row.version + 1,
        started_at=row.started_at or instant,
        at_once=row.at_once or at_once,
        watched_from=instant,
        pause_reason="",
    )


def pause(row: Campaign, reason: str) -> None:
    """Take a locked campaign to PAUSED, and say why."""
    advance(row, S.PAUSED, version=row.version + 1, pause_reason=reason[:120])


def _require_in_force(row: Campaign) -> None:
    if retired := retired_templates(row):
        raise Conflict(
            f"No version of {', '.join(retired)} is in force any more: cancel the campaign.", code="template_retired"
        )


def _require_its_texts(row: Campaign) -> None:
    if stale := stale_templates(row):
        raise Conflict(
            f"Its text has changed since it was planned ({', '.join(stale)}): cancel it, and plan it with the new one.",
            code="template_changed",
        )
