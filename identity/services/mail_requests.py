"""Asking for a link: the caller's work is the same for every address, since a job looks whether it has an account."""

from uuid import UUID

from config.kernel.crypto import Place, master_open, master_seal
from config.kernel.db import uuid7
from config.kernel.errors import TooMany
from config.kernel.jobs import enqueue
from config.kernel.limits import per_subject, spend
from config.kernel.outbox import publish
from identity.db import atomic
from identity.events import PasswordResetRequested, VerificationRequested
from identity.models import MailRequest, User

# Mails are counted for each recipient too (notifications); this keeps a flood of requests out of the tables.
ASKED = per_subject("links-asked", 3, hours=1, strict=True)
JOB = "identity.answer_mail_request"


def request_password_reset(*, email: str) -> None:
    """Ask for a reset link: the same answer whether or not the address is known."""
    _ask("reset", email)


def request_verification(*, email: str) -> None:
    """Ask once more for the link that confirms an address: the same answer for every address."""
    _ask("verify", email)


def answer_mail_request(*, request_id: UUID) -> None:
    """Have a link sent, if the address belongs to an account that may have one; the request is forgotten."""
    with atomic():
        row = MailRequest.objects.select_for_update().filter(id=request_id).first()
        if row is None:
            return
        address = master_open(_place(row.id), row.address_sealed).decode()
        user = User.objects.filter(email=address, is_active=True).only("id", "email_verified_at").first()
        if user is not None and row.purpose == "reset":
            publish(PasswordResetRequested(aggregate_id=user.id))
        elif user is not None and user.email_verified_at is None:
            publish(VerificationRequested(aggregate_id=user.id))
        row.delete()


def _ask(purpose: str, email: str) -> None:
    address, row_id = email.strip().lower(), uuid7()
    try:
        spend(ASKED.of(f"{purpose}|{address}"))
    except TooMany:
        # The answer is the same; enough mails are on their way.
        return
    with atomic():
        sealed = master_seal(_place(row_id), address.encode())
        MailRequest.objects.create(id=row_id, purpose=purpose, address_sealed=sealed)
        enqueue(context="identity", kind=JOB, subject_id=row_id)


def _place(row_id: UUID) -> Place:
    return Place("identity_mailrequest", "address", row_id)
