"""What people choose by category and channel, what holds until they do, and what cannot be chosen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, tzinfo
from typing import Final

from notifications.domain.categories import ALWAYS, Category, ChannelName, Choice
from notifications.domain.wall_times import next_at, quiet_until

# The hour of the digest for whoever has not said another.
DIGEST_AT: Final = time(8)
# What somebody may switch off: everything but security and legal.
CHOOSABLE: Final = tuple(one for one in Category if one not in ALWAYS)
# The ways to somebody beside the notice in the application, in the order in which they are shown.
OUTWARD: Final = (ChannelName.EMAIL, ChannelName.SMS, ChannelName.PUSH)
# By these nothing begins to come before somebody chose it; what must reach them, or is sent that way on purpose, may.
_BY_CHOICE: Final = frozenset({ChannelName.SMS, ChannelName.PUSH})
# What nobody needs does not make a telephone ring unasked.
_OFF_AT_FIRST: Final = frozenset({(Category.ANNOUNCEMENTS, channel) for channel in _BY_CHOICE})


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """Of one person: only what they said themselves, and the version that an answer's ETag names (0: nothing yet).

    ``former``: what held of a choice before its last change.
    """

    choices: Mapping[tuple[str, str], Choice] = field(default_factory=dict)
    former: Mapping[tuple[str, str], Choice] = field(default_factory=dict)
    quiet_from: time | None = None
    quiet_to: time | None = None
    digest_at: time = DIGEST_AT
    version: int = 0

    def choice(self, category: str, channel: str) -> Choice:
        """Whether a message that there is for a channel goes there, and when."""
        if is_fixed(category, channel):
            return Choice.NOW
        at_first = Choice.OFF if (category, channel) in _OFF_AT_FIRST else Choice.NOW
        return self.choices.get((category, channel), at_first)

    def shown(self, category: str, channel: str) -> Choice:
        """What somebody sees that they have chosen: channels that wait for their choice are off."""
        if (category, channel) not in self.choices and channel in _BY_CHOICE and category not in ALWAYS:
            return Choice.OFF
        return self.choice(category, channel)

    @property
    def email(self) -> bool:
        """Whether mails come at all, beside those that always do."""
        return any(self.choice(one, ChannelName.EMAIL) is not Choice.OFF for one in CHOOSABLE)

    def quiet_until(self, now: datetime, zone: tzinfo | None) -> datetime | None:
        """When the quiet hours that hold now end; ``None`` outside of them, and where nobody knows the zone."""
        if zone is None:
            return None
        return quiet_until(now=now, begins=self.quiet_from, ends=self.quiet_to, zone=zone)

    def next_digest(self, now: datetime, zone: tzinfo) -> datetime:
        """When the next digest is due."""
        return next_at(after=now, at=self.digest_at, zone=zone)[1]


def is_fixed(category: str, channel: str) -> bool:
    """Whether it always comes at once: security and legal do, and the notice in the application itself."""
    return category in ALWAYS or channel == ChannelName.IN_APP


def grid(preferences: Preferences) -> dict[str, dict[str, Choice]]:
    """All that somebody sees, by category and channel."""
    return {
        category.value: {channel.value: preferences.shown(category, channel) for channel in ChannelName}
        for category in Category
    }


def email_choices(preferences: Preferences, *, wanted: bool) -> dict[tuple[str, str], Choice]:
    """What is to be chosen so that mails come, or do not: the one switch that there was before.

    Nothing changes where it says what holds already, so that it wipes out no finer choice.
    """
    if preferences.email == wanted:
        return {}
    return {(one.value, ChannelName.EMAIL.value): Choice.NOW if wanted else Choice.OFF for one in CHOOSABLE}
