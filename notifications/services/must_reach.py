"""Notices that somebody must read: from the first on, each is followed up (``services.escalation``)."""

from datetime import timedelta
from typing import Final

from notifications.domain.categories import ChannelName
from notifications.models import Escalation, Notice

# In this order, each when the one before was of no use.
ORDER: Final = (ChannelName.EMAIL, ChannelName.PUSH, ChannelName.SMS)
UNREAD_AFTER: Final = timedelta(hours=4)


def watch(notice: Notice) -> None:
    """Follow up a notice whose mail is about to go out. Inside ``atomic()``."""
    Escalation.objects.create(
        notice=notice, user_id=notice.user_id, channel=ORDER[0], next_at=notice.created_at + UNREAD_AFTER
    )
