"""Whether a message leaves through a channel now, later or not at all, and why: one pure answer, asked when it is sent.

The rules are asked in one order, so that of several reasons everybody hears the same one. What is about somebody's
own account, or owed by law, leaves at once whatever they chose.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from notifications.domain.categories import ALWAYS, Category, ChannelName, Choice


class Reason(StrEnum):
    """Why a message waits, or is not sent. Rows, timelines and explanations show it."""

    NO_ACCOUNT = "no_account"
    ACCOUNT_CLOSED = "account_closed"
    NO_LONGER_ASKED = "no_longer_asked"
    NO_ADDRESS = "no_address"
    ADDRESS_UNCONFIRMED = "address_unconfirmed"
    BOUNCED_BEFORE = "bounced_before"
    COMPLAINED = "complained"
    STOPPED = "stopped"
    SUPPRESSED = "suppressed"
    NOT_WANTED = "not_wanted"
    READ_ALREADY = "read_already"
    QUIET_HOURS = "quiet_hours"
    DIGEST = "digest"
    FOLDING = "folding"
    RECIPIENT_LIMIT = "recipient_limit"
    SCHEDULED = "scheduled"
    DAY_LIMIT = "day_limit"


class SuppressionReason(StrEnum):
    """Why nothing goes to an address; GONE: there is no such device any more. From the weakest to the strongest."""

    GONE = "gone"
    HARD = "hard"
    MANUAL = "manual"
    COMPLAINT = "complaint"
    STOP = "stop"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that the answer rests on, of one message, one channel and one instant.

    ``missing``: why there is nobody to write to, or nothing to write of, any more. ``asked``: strangers can cause it.
    ``…_until`` is when what speaks against it now is over; ``None`` where nothing does.
    """

    channel: ChannelName
    category: Category
    instant: datetime
    asked: bool = False
    missing: Reason | None = None
    verified: bool = True
    suppressed: SuppressionReason | None = None
    suppressed_until: datetime | None = None
    choice: Choice = Choice.NOW
    quiet_until: datetime | None = None
    digest_at: datetime | None = None
    address_full_until: datetime | None = None
    not_before: datetime | None = None
    day_full_until: datetime | None = None

    @property
    def always(self) -> bool:
        """Whether no choice, hour, pace or cap of the day holds it back."""
        return self.category in ALWAYS


@dataclass(frozen=True, kw_only=True)
class Send:
    """It leaves now."""


@dataclass(frozen=True, kw_only=True)
class Hold:
    """It waits until an instant that is still to come."""

    until: datetime
    why: Reason


@dataclass(frozen=True, kw_only=True)
class Skip:
    """It is not sent, now or later."""

    why: Reason


Decision = Send | Hold | Skip
_SUPPRESSED: Final = {
    SuppressionReason.GONE: Reason.NO_ADDRESS,
    SuppressionReason.HARD: Reason.BOUNCED_BEFORE,
    SuppressionReason.COMPLAINT: Reason.COMPLAINED,
    SuppressionReason.STOP: Reason.STOPPED,
    SuppressionReason.MANUAL: Reason.SUPPRESSED,
}
# The network takes nothing for a number that said STOP, and a device that is gone cannot be asked.
_BINDING: Final = frozenset({SuppressionReason.STOP, SuppressionReason.GONE})


def decide(facts: Facts) -> Decision:
    """The first rule that has something to say; without any, it leaves."""
    return next((said for rule in ORDER if (said := rule(facts)) is not None), Send())


def _account(facts: Facts) -> Decision | None:
    return Skip(why=facts.missing) if facts.missing is not None else None


def _verified(facts: Facts) -> Decision | None:
    # An unconfirmed mailbox may be a stranger's, who must not learn that somebody asks for a second opinion; what
    # asks for the confirmation itself is security. A number is written to only when it is known to be theirs.
    spared = facts.category is Category.SECURITY and facts.channel is ChannelName.EMAIL
    return None if facts.verified or spared else Skip(why=Reason.ADDRESS_UNCONFIRMED)


def _suppression(facts: Facts) -> Decision | None:
    over = facts.suppressed_until is not None and facts.suppressed_until <= facts.instant
    if facts.suppressed is None or over or (facts.always and facts.suppressed not in _BINDING):
        return None
    return Skip(why=_SUPPRESSED[facts.suppressed])


def _preference(facts: Facts) -> Decision | None:
    return Skip(why=Reason.NOT_WANTED) if facts.choice is Choice.OFF and not facts.always else None


def _quiet_hours(facts: Facts) -> Decision | None:
    loud = facts.channel in (ChannelName.SMS, ChannelName.PUSH)
    return _hold(facts, facts.quiet_until, Reason.QUIET_HOURS) if loud and not facts.always else None


def _digest(facts: Facts) -> Decision | None:
    gathered = facts.choice is Choice.DIGEST and not facts.always
    return _hold(facts, facts.digest_at, Reason.DIGEST) if gathered else None


def _address_limit(facts: Facts) -> Decision | None:
    """News wait until the address has room; links that strangers can ask for are not kept for later."""
    if facts.category is Category.LEGAL:
        return None
    held = _hold(facts, facts.address_full_until, Reason.RECIPIENT_LIMIT)
    return Skip(why=held.why) if held is not None and (facts.asked or facts.always) else held


def _scheduled(facts: Facts) -> Decision | None:
    """The time that the sender asked for; the pace of a campaign is the turn of each of its people."""
    return None if facts.always else _hold(facts, facts.not_before, Reason.SCHEDULED)


def _day_cap(facts: Facts) -> Decision | None:
    if facts.always and not facts.asked:
        return None
    held = _hold(facts, facts.day_full_until, Reason.DAY_LIMIT)
    return Skip(why=held.why) if held is not None and facts.asked else held


def _hold(facts: Facts, until: datetime | None, why: Reason) -> Hold | None:
    return Hold(until=until, why=why) if until is not None and until > facts.instant else None


ORDER: Final[tuple[Callable[[Facts], Decision | None], ...]] = (
    _account,
    _verified,
    _suppression,
    _preference,
    _quiet_hours,
    _digest,
    _address_limit,
    _scheduled,
    _day_cap,
)
