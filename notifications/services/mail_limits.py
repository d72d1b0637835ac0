"""How many mails an address gets in an hour, and all of them together in a day: nobody's mailbox is a target here."""

from config.kernel.conf import setting
from config.kernel.errors import TooMany, Unavailable
from config.kernel.limits import Counter, give_back, per_subject, spend
from notifications.adapters.protocol import Delayed
from notifications.domain.kinds import Kind

# What strangers can cause, by giving somebody's address.
ASKED = per_subject("mails-asked", 3, hours=1, strict=True)
SECURITY = per_subject("mails-security", 20, hours=1, strict=True)
NEWS = per_subject("mails-news", 30, hours=1, strict=True)


class MailWithheld(Exception):
    """The mail is not sent, and will not be; the text is a code."""


def count_mail(address: str, kind: Kind, *, counted: bool = False) -> tuple[Counter, ...]:
    """Count a mail about to be sent; ``MailWithheld`` beyond a limit, ``Delayed`` while nobody can count.

    ``counted``: for its recipient it was, by whoever caused it (identity counts links for each purpose apart).

    Returns what was spent, to be given back when the mail does not leave. The cap of the day counts notices about
    somebody's own security too, and never withholds them.
    """
    limit = ASKED if kind.asked else SECURITY if kind.security else NEWS
    own = () if counted else (limit.of(address),)
    day = per_subject("mails-day", setting("MAILS_PER_DAY"), hours=24, strict=True).of("all")
    try:
        return _spend(own, "recipient_limit") + _spend_day(day, own, never_withheld=kind.security and not kind.asked)
    except Unavailable:
        raise Delayed("limits_unavailable") from None


def _spend_day(day: Counter, own: tuple[Counter, ...], *, never_withheld: bool) -> tuple[Counter, ...]:
    try:
        return _spend((day,), "day_limit")
    except MailWithheld:
        if never_withheld:
            return ()
        give_back(*own)
        raise


def _spend(counters: tuple[Counter, ...], code: str) -> tuple[Counter, ...]:
    try:
        spend(*counters)
    except TooMany:
        raise MailWithheld(code) from None
    return counters
