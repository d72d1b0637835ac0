"""How many messages one person of staff may send: counted by the rows that there are, so that nothing forgets it.

Programs have the limits of their keys; what is for many is a campaign, which a second person approves.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from config.kernel.errors import TooMany
from notifications.db import database, now
from notifications.models import SendRequest

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: In an hour and in a day; and to one and the same person in a day.
PER_HOUR: Final = 60
PER_DAY: Final = 200
PER_PERSON_AND_DAY: Final = 10
# One sender's requests take their turns, so that none of two at once overlooks the other.
_TURN = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 8))"


def require_allowance(sender: UUID, user_id: UUID) -> None:
    """``TooMany`` names what is used up and when there is room again. Inside ``atomic()``, before the row is there."""
    with database.connection.cursor() as cursor:
        cursor.execute(_TURN, [str(sender)])
    mine = SendRequest.objects.filter(sender_id=sender)
    for rows, most, span, told in (
        (mine, PER_HOUR, HOUR, "an hour"),
        (mine, PER_DAY, DAY, "a day"),
        (mine.filter(user_id=user_id), PER_PERSON_AND_DAY, DAY, "a day to one person"),
    ):
        sent = list(rows.filter(created_at__gt=now() - span).order_by("-created_at")[:most].values_list("created_at"))
        if len(sent) == most:
            wait = sent[-1][0] + span - now()
            raise TooMany(
                f"You may send {most} messages {told}; plan a campaign where many people are meant.",
                code="too_many_messages",
                retry_after=max(1, int(wait.total_seconds()) + 1),
            )
