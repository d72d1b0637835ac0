"""How many text messages a number gets, and a country: each is paid for, and some people live on having them sent."""

from datetime import timedelta

from config.kernel.conf import setting
from config.kernel.errors import TooMany, Unavailable
from config.kernel.limits import Counter, give_back, per_subject, spend
from config.kernel.phone_numbers import country_of
from notifications.adapters.protocol import Delayed, Refused

PER_HOUR = per_subject("texts-hour", 3, hours=1, strict=True)
PER_DAY = per_subject("texts-day", 10, hours=24, strict=True)


def count_text(number: str) -> tuple[Counter, ...]:
    """Count a message about to be sent. ``Delayed`` beyond a limit, and while nobody can count.

    Returns what was spent, to be given back when the message does not leave.
    """
    country = country_of(number)
    cap = setting("SMS_COUNTRY_CAPS").get(country, setting("SMS_PER_COUNTRY_AND_DAY"))
    if country == "ZZ" or cap < 1:
        raise Refused("country_off")
    own = (PER_HOUR.of(number), PER_DAY.of(number))
    whole = (per_subject("texts-country", cap, hours=24, strict=True).of(country),)
    _spend(own, "recipient_limit")
    try:
        _spend(whole, "country_limit")
    except Delayed:
        give_back(*own)
        raise
    return own + whole


def _spend(counters: tuple[Counter, ...], code: str) -> None:
    try:
        spend(*counters)
    except TooMany as error:
        raise Delayed(code, timedelta(seconds=error.retry_after)) from None
    except Unavailable:
        raise Delayed("limits_unavailable") from None
