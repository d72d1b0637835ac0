"""How many mails an address gets because somebody gave it to us, for each purpose apart; what is beyond waits.

Strangers may fill one purpose's allowance. They neither use up another's nor undo what they were told is kept: one
request waits for all that came too early, and its mail goes as soon as the allowance lets it.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson

from config.kernel.crypto import Place, blind_index, master_seal
from config.kernel.db import uuid7
from config.kernel.errors import TooMany
from config.kernel.events import Event
from config.kernel.jobs import enqueue
from config.kernel.limits import Counter, per_subject, spend
from config.kernel.outbox import publish
from identity.db import now
from identity.models import MailRequest

JOB = "identity.answer_mail_request"
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


def keep_request(purpose: str, content: dict[str, Any]) -> None:
    """A request for the job that looks whether its address has an account. Inside ``atomic()``."""
    row_id = uuid7()
    _insert(row_id, purpose, content)
    enqueue(context="identity", kind=JOB, subject_id=row_id)


def wait_for_allowance(purpose: str, address: str, *, seconds: int) -> None:
    """Have one mail wait until the allowance begins anew, however many ask for it. Inside ``atomic()``."""
    row_id, due = uuid7(), now() + timedelta(seconds=seconds)
    # An allowance begins anew an hour after the last time at the earliest, so the hour tells one time from the next.
    sign = blind_index("mail-request", f"{purpose}\x1f{address}").hex()[:32]
    key = f"mail-request:{sign}:{int(due.timestamp()) // 3600}"
    if enqueue(context="identity", kind=JOB, subject_id=row_id, run_after=due, key=key) is not None:
        _insert(row_id, purpose, {"address": address, "waited": True})


def place_of_request(row_id: UUID) -> Place:
    """What a sealed request is bound to."""
    return Place("identity_mailrequest", "address", row_id)


def _insert(row_id: UUID, purpose: str, content: dict[str, Any]) -> None:
    sealed = master_seal(place_of_request(row_id), orjson.dumps(content))
    MailRequest.objects.create(id=row_id, purpose=purpose, address_sealed=sealed)
