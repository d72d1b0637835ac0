"""What waits in notifications, by role; all that a role sees is counted by one statement."""

from collections.abc import Iterable
from typing import NamedTuple

from config.kernel.admin.home import MAX_COUNT, Queue, Roles, as_counted, listed
from notifications.db import database
from notifications.domain.state_machines import CampaignState, EscalationState
from notifications.services.campaigns.drafts import WRITERS
from notifications.services.escalation import REACHERS


class _Work(NamedTuple):
    """A queue before it is counted: ``rows`` is what follows FROM."""

    title: str
    whose: Roles
    rows: str
    link: str
    late: bool = False


_WORK = (
    _Work(
        "People we cannot reach",
        REACHERS,
        f"notifications_escalation WHERE state = '{EscalationState.UNREACHED}'",
        listed("notifications", "escalation", state__exact=EscalationState.UNREACHED),
        late=True,
    ),
    _Work(
        "Webhooks switched off",
        frozenset({"administrator"}),
        "notifications_webhook WHERE off_reason IN ('failing', 'gone')",
        listed("notifications", "webhook"),
        late=True,
    ),
    _Work(
        "Campaigns to approve",
        WRITERS,
        f"notifications_campaign WHERE state = '{CampaignState.SUBMITTED}'",
        listed("notifications", "campaign", state__exact=CampaignState.SUBMITTED),
    ),
    _Work(
        "Paused campaigns",
        WRITERS,
        f"notifications_campaign WHERE state = '{CampaignState.PAUSED}'",
        listed("notifications", "campaign", state__exact=CampaignState.PAUSED),
    ),
)


def queues(roles: Roles) -> Iterable[Queue]:
    """People whom nobody could tell what they must know; webhooks that failed; campaigns that wait for somebody."""
    mine = [work for work in _WORK if roles & work.whose]
    if not mine:
        return
    counts = (f"(SELECT count(*) FROM (SELECT FROM {work.rows} LIMIT {MAX_COUNT + 1}) AS found)" for work in mine)
    with database.connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counts)}")
        found = cursor.fetchone()
    for work, number in zip(mine, found, strict=True):
        yield Queue(work.title, as_counted(number), work.link, late=work.late)
