"""Registering, and asking for a link: the caller's work is the same for every address, since a job looks whether it
has an account. Until then the request lies sealed, and nobody outside can tell which answer it will get."""

from datetime import date
from typing import Any
from uuid import UUID

import orjson
from django.contrib.auth.hashers import make_password

from config.kernel.crypto import Place, master_open, master_seal
from config.kernel.db import uuid7
from config.kernel.errors import TooMany
from config.kernel.jobs import enqueue
from config.kernel.limits import give_back, per_subject, spend
from config.kernel.outbox import publish
from identity.db import atomic
from identity.domain.passwords import normalise
from identity.events import PasswordResetRequested, RegistrationRepeated, VerificationRequested
from identity.models import MailRequest, User
from identity.services.accounts import insert_account, require_good_password

# Mails are counted for each recipient too (notifications); this keeps a flood of requests out of the tables.
ASKED = per_subject("links-asked", 3, hours=1, strict=True)
JOB = "identity.answer_mail_request"


def register_patient(
    *,
    email: str,
    password: str,
    full_name: str,
    date_of_birth: date | None = None,
    sex: str | None = None,
    country: str = "",
    region: str = "",
    locale: str = "en",
) -> None:
    """Register a patient: a job opens the account, or tells the owner of an address that has one.

    ``Invalid`` for a weak password, which is all that the caller learns.
    """
    require_good_password(password, second_factor=False, about=(email, full_name))
    born = date_of_birth.isoformat() if date_of_birth else None
    content = {
        "password": make_password(normalise(password)),
        "profile": {"full_name": full_name.strip(), "date_of_birth": born, "sex": sex, "phone": ""},
        "place": {"country": country, "region": region, "locale": locale},
    }
    _ask("register", email, content)


def request_password_reset(*, email: str) -> None:
    """Ask for a reset link: the same answer whether or not the address is known."""
    _ask("reset", email)


def request_verification(*, email: str) -> None:
    """Ask once more for the link that confirms an address: the same answer for every address."""
    _ask("verify", email)


def answer_mail_request(*, request_id: UUID) -> None:
    """Open the account, or have a link sent where the address may have one; the request is forgotten."""
    with atomic():
        row = MailRequest.objects.select_for_update().filter(id=request_id).first()
        if row is None:
            return
        content = orjson.loads(master_open(_place(row.id), row.address_sealed))
        holder = User.objects.confirmed().filter(email=content["address"]).only("id", "is_active").first()
        registrations = User.objects.waiting().filter(email=content["address"]).only("id")
        # A patient's first: whoever planted a specialist's keeps no patient from the address.
        waiting = registrations.filter(role_grants__role="patient").first() or registrations.first()
        if row.purpose == "register":
            _register(content, holder)
        elif holder is None and waiting is not None:
            asked = PasswordResetRequested if row.purpose == "reset" else VerificationRequested
            publish(asked(aggregate_id=waiting.id))
        elif holder is not None and holder.is_active and row.purpose == "reset":
            publish(PasswordResetRequested(aggregate_id=holder.id))
        row.delete()


def _register(content: dict[str, Any], holder: User | None) -> None:
    """A registration that waits for its own link, beside others of the address; a holder is told instead."""
    if holder is not None:
        publish(RegistrationRepeated(aggregate_id=holder.id))
        return
    profile = content["profile"]
    born = profile["date_of_birth"]
    profile["date_of_birth"] = date.fromisoformat(born) if born else None
    insert_account(content["address"], content["password"], profile, content["place"], roles=frozenset({"patient"}))


def _ask(purpose: str, email: str, content: dict[str, Any] | None = None) -> None:
    address, row_id = email.strip().lower(), uuid7()
    counter = ASKED.of(f"{purpose}|{address}")
    try:
        spend(counter)
    except TooMany:
        # The answer is the same; enough mails are on their way.
        return
    try:
        with atomic():
            sealed = master_seal(_place(row_id), orjson.dumps({"address": address, **(content or {})}))
            MailRequest.objects.create(id=row_id, purpose=purpose, address_sealed=sealed)
            enqueue(context="identity", kind=JOB, subject_id=row_id)
    except Exception:
        # A request that was not kept is not counted: else the next one would be answered, and dropped above.
        give_back(counter)
        raise


def _place(row_id: UUID) -> Place:
    return Place("identity_mailrequest", "address", row_id)
