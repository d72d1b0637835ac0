"""Requests for mails as rows: sealed, with the job that answers each, now or when an allowance begins anew."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson

from config.kernel.crypto import Place, blind_index, master_seal
from config.kernel.db import uuid7
from config.kernel.jobs import enqueue
from identity.db import now
from identity.models import MailRequest

JOB = "identity.answer_mail_request"


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
