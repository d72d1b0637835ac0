"""What news is about, by which ways it goes, and when somebody wants it."""

from enum import StrEnum
from typing import Final


class Category(StrEnum):
    """What people choose by. SECURITY (of the account) and LEGAL are always sent, and at once."""

    SECURITY = "security"
    LEGAL = "legal"
    CASE = "case"
    MESSAGES = "messages"
    REMINDERS = "reminders"
    OFFERS = "offers"
    ANNOUNCEMENTS = "announcements"


class ChannelName(StrEnum):
    """A way to a person. IN_APP is the notice itself, which is always there."""

    IN_APP = "in_app"
    EMAIL = "email"
    SMS = "sms"
    PUSH = "push"


class Choice(StrEnum):
    """When news of a category comes by a channel."""

    NOW = "now"
    DIGEST = "digest"
    OFF = "off"


ALWAYS: Final = frozenset({Category.SECURITY, Category.LEGAL})
