"""How far a campaign is, and what became of its messages: counts, and nobody's name."""

from collections import Counter
from collections.abc import Callable
from uuid import UUID

from config.kernel.auth import Principal
from notifications.db import database
from notifications.models import Campaign
from notifications.services.campaigns.drafts import campaign_row, staff_member
from notifications.services.campaigns.dto import CampaignReport, ReportLine, VariantCount, variants_of

_LINES = """
SELECT recipient.variant, delivery.channel, delivery.state,
    (coalesce(delivery.sent_at, delivery.not_before, delivery.created_at) AT TIME ZONE 'UTC')::date::text AS day,
    count(*)
FROM notifications_delivery AS delivery
JOIN notifications_campaignrecipient AS recipient
    ON recipient.notice_id = delivery.notice_id AND recipient.campaign_id = delivery.campaign_id
WHERE delivery.campaign_id = %s GROUP BY 1, 2, 3, 4 ORDER BY 4, 2, 1, 3
"""
_PEOPLE = """
SELECT recipient.variant, recipient.left_out, recipient.notice_id IS NOT NULL, count(*), count(notice.read_at)
FROM notifications_campaignrecipient AS recipient
LEFT JOIN notifications_notice AS notice ON notice.id = recipient.notice_id
WHERE recipient.campaign_id = %s GROUP BY 1, 2, 3
"""


def campaign_report(*, principal: Principal, campaign_id: UUID) -> CampaignReport:
    """By state, channel, day and variant; each line of it is there as well."""
    staff_member(principal)
    row = campaign_row(campaign_id)
    with database.connection.cursor() as cursor:
        cursor.execute(_PEOPLE, [row.id])
        people = cursor.fetchall()
        cursor.execute(_LINES, [row.id])
        names = [one.name for one in variants_of(row)]
        lines = tuple(
            ReportLine(variant=names[variant], channel=channel, state=state, day=day, count=count)
            for variant, channel, state, day, count in cursor.fetchall()
        )
    left_out: Counter[str] = Counter()
    for _, reason, _, count, _ in people:
        left_out[reason] += count
    nobody = left_out.pop("", 0)
    given = sum(count for _, _, served, count, _ in people if served)
    return CampaignReport(
        state=row.state,
        people=row.people,
        waiting=nobody - given,
        given=given,
        left_out=dict(left_out),
        by_state=_counted(lines, lambda line: line.state),
        by_channel=_counted(lines, lambda line: line.channel),
        by_day=_counted(lines, lambda line: line.day),
        variants=_variants(row, people),
        lines=lines,
    )


def _counted(lines: tuple[ReportLine, ...], key: Callable[[ReportLine], str]) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for line in lines:
        counted[key(line)] += line.count
    return dict(sorted(counted.items()))


def _variants(row: Campaign, people: list[tuple[int, str, bool, int, int]]) -> tuple[VariantCount, ...]:
    given: Counter[int] = Counter()
    read: Counter[int] = Counter()
    for variant, _, served, count, opened in people:
        given[variant] += count if served else 0
        read[variant] += opened
    return tuple(
        VariantCount(variant=one.name, people=given[number], read=read[number])
        for number, one in enumerate(variants_of(row))
    )
