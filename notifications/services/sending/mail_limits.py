"""How many messages an address gets in an hour, and all of them together in a day: no mailbox is a target here."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from config.kernel.conf import setting
from config.kernel.errors import TooMany, Unavailable
from config.kernel.limits import Counter, Limit, give_back, per_subject, spend, spend_each
from notifications.adapters.protocol import Delayed
from notifications.domain.categories import Category, ChannelName
from notifications.domain.deciding import Facts

# What strangers can cause, by giving somebody's address.
ASKED = per_subject("mails-asked", 3, hours=1, strict=True)
SECURITY = per_subject("mails-security", 20, hours=1, strict=True)
NEWS = per_subject("mails-news", 30, hours=1, strict=True)


class MailWithheld(Exception):
    """The mail is not sent, and will not be; the text is a code."""


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """A message about to be sent. ``counted``: for its recipient it was, by whoever caused it (identity counts links
    for each purpose apart)."""

    facts: Facts
    address: str = field(repr=False)
    counted: bool = False
    campaign: bool = False


Counted = tuple[Facts, tuple[Counter, ...]]


def count_messages(messages: Sequence[Leaving]) -> list[Counted | Delayed]:
    """Count each: its facts with what is full by now, and what was spent, to be given back when it does not leave.

    ``Delayed`` while nobody can count. The cap of the day counts what is about somebody's own security too, and never
    withholds it.
    """
    parts = [_counters(one) for one in messages]
    try:
        done = spend_each([(*own, *day) for own, day in parts])
    except Unavailable:
        return [Delayed("limits_unavailable") for _ in messages]
    return [
        (one.facts, (*own, *day)) if counted else _which_is_full(one.facts, own, day)
        for one, (own, day), counted in zip(messages, parts, done, strict=True)
    ]


def _counters(message: Leaving) -> tuple[tuple[Counter, ...], tuple[Counter, ...]]:
    own = () if message.counted else _of_the_address(message.facts, message.address)
    return own, tuple(limit.of("all") for limit in _of_the_day(message.facts.channel, campaign=message.campaign))


def count_mail(address: str) -> tuple[Counter, ...]:
    """Count a mail to somebody without an account; ``MailWithheld`` beyond a limit, ``Delayed`` while nobody can."""
    counters = (
        NEWS.of(address),
        *(limit.of("all") for limit in _of_the_day(ChannelName.EMAIL, campaign=False)),
    )
    try:
        spend(*counters)
    except TooMany:
        raise MailWithheld("limit") from None
    except Unavailable:
        raise Delayed("limits_unavailable") from None
    return counters


def _which_is_full(facts: Facts, own: tuple[Counter, ...], day: tuple[Counter, ...]) -> Counted | Delayed:
    try:
        return _spent_apart(facts, own, day)
    except Unavailable:
        return Delayed("limits_unavailable")


def _spent_apart(facts: Facts, own: tuple[Counter, ...], day: tuple[Counter, ...]) -> Counted:
    try:
        spend(*own)
    except TooMany as full:
        return replace(facts, address_full_until=facts.instant + timedelta(seconds=full.retry_after)), ()
    try:
        spend(*day)
    except TooMany as full:
        if facts.always and not facts.asked:
            return facts, own
        give_back(*own)
        return replace(facts, day_full_until=facts.instant + timedelta(seconds=full.retry_after)), ()
    # Another process has given something back meanwhile.
    return facts, (*own, *day)


def _of_the_address(facts: Facts, address: str) -> tuple[Counter, ...]:
    """What is owed by law is never too much; text messages are counted where they are paid for."""
    if facts.channel is not ChannelName.EMAIL or facts.category is Category.LEGAL:
        return ()
    return ((ASKED if facts.asked else SECURITY if facts.always else NEWS).of(address),)


def _of_the_day(channel: ChannelName, *, campaign: bool) -> tuple[Limit, ...]:
    """Campaigns have a cap of their own, so that none of them uses up what everybody else's news need."""
    if campaign:
        return (per_subject(f"campaign-{channel}-day", setting("CAMPAIGN_MESSAGES_PER_DAY"), hours=24, strict=True),)
    if channel is not ChannelName.EMAIL:
        return ()
    return (per_subject("mails-day", setting("MAILS_PER_DAY"), hours=24, strict=True),)
