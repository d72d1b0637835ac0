"""How many mails an address gets because somebody gave it to us, for each purpose apart; what is beyond waits.

Strangers may fill one purpose's allowance. They neither use up another's nor undo what they were told is kept: one
request waits for all that came too early, and its mail goes as soon as the allowance lets it.
"""

from config.kernel.errors import TooMany
from config.kernel.events import Event
from config.kernel.limits import Counter, per_subject, spend
from config.kernel.outbox import publish
from identity.services.accounts.mail_request_rows import wait_for_allowance

_ALLOWED = {
    purpose: per_subject(f"links-{purpose}", 3, hours=1, strict=True)
    for purpose in ("register", "verify", "reset", "change")
}


def allowance(purpose: str, address: str) -> Counter:
    """What is left to an address for one purpose, to be spent."""
    return _ALLOWED[purpose].of(address)


def announce(event: Event, address: str) -> None:
    """Publish what a registration has mailed to its address, now or when the allowance lets it. Inside ``atomic()``."""
    try:
        spend(allowance("register", address))
    except TooMany as refusal:
        wait_for_allowance("register", address, seconds=refusal.retry_after)
    else:
        publish(event)
