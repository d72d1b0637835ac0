"""Registering, and asking for a link: the caller's work is the same for every address, since a job looks whether it
has an account. Until then the request lies sealed, and nobody outside can tell which answer it will get."""

from datetime import date
from typing import Any
from uuid import UUID

import orjson
from django.contrib.auth.hashers import make_password

from config.kernel.crypto import master_open
from config.kernel.errors import TooMany
from config.kernel.limits import give_back, spend
from config.kernel.outbox import publish
from identity.db import atomic
from identity.domain.mail_addresses import plain_address
from identity.domain.passwords import normalise
from identity.events import PasswordResetRequested, RegistrationRepeated, VerificationRequested
from identity.models import MailRequest, User
from identity.services.accounts.accounts import insert_account, require_good_password
from identity.services.accounts.mail_allowances import allowance, announce
from identity.services.accounts.mail_request_rows import keep_request, place_of_request, wait_for_allowance


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

    However many registered the address before, this one is kept; networks are limited, by the view.

    ``Invalid`` for a weak password, which is all that the caller learns.
    """
    require_good_password(password, second_factor=False, about=(email, full_name))
    born = date_of_birth.isoformat() if date_of_birth else None
    content = {
        "address": plain_address(email),
        "password": make_password(normalise(password)),
        "profile": {"full_name": full_name.strip(), "date_of_birth": born, "sex": sex, "phone": ""},
        "place": {"country": country, "region": region, "locale": locale},
    }
    with atomic():
        keep_request("register", content)


def request_password_reset(*, email: str) -> None:
    """Ask for a reset link: the same answer whether or not the address is known."""
    _ask("reset", email)


def request_verification(*, email: str) -> None:
    """Ask once more for the link that confirms an address: the same answer for every address."""
    _ask("verify", email)


def answer_mail_request(*, request_id: UUID) -> None:
    """Open the account, or have a link sent where the address may have one; the request is forgotten.

    ``TooMany`` for a request that waits for its address's allowance and must wait on, ``Unavailable`` while nobody can
    count: then it is as it was.
    """
    with atomic():
        row = MailRequest.objects.select_for_update().filter(id=request_id).first()
        if row is None:
            return
        content = orjson.loads(master_open(place_of_request(row.id), row.address_sealed))
        if "password" in content:
            _register(content)
        else:
            if content.get("waited"):
                spend(allowance(row.purpose, content["address"]))
            _send_link(row.purpose, content["address"])
        row.delete()


def _send_link(purpose: str, address: str) -> None:
    holder = User.objects.confirmed().filter(email=address).only("id", "is_active").first()
    registrations = User.objects.waiting().filter(email=address).only("id")
    # A patient's first: whoever planted a specialist's keeps no patient from the address.
    waiting = registrations.filter(role_grants__role="patient").first() or registrations.first()
    if holder is None and waiting is not None:
        asked = PasswordResetRequested if purpose == "reset" else VerificationRequested
        publish(asked(aggregate_id=waiting.id))
    elif holder is not None and purpose == "register":
        publish(RegistrationRepeated(aggregate_id=holder.id))
    elif holder is not None and holder.is_active and purpose == "reset":
        publish(PasswordResetRequested(aggregate_id=holder.id))


def _register(content: dict[str, Any]) -> None:
    """A registration that waits for its own link, beside others of the address; a holder is told instead."""
    holder = User.objects.confirmed().filter(email=content["address"]).only("id").first()
    if holder is not None:
        announce(RegistrationRepeated(aggregate_id=holder.id), content["address"])
        return
    profile = content["profile"]
    born = profile["date_of_birth"]
    profile["date_of_birth"] = date.fromisoformat(born) if born else None
    insert_account(content["address"], content["password"], profile, content["place"], roles=frozenset({"patient"}))


def _ask(purpose: str, email: str) -> None:
    address = plain_address(email)
    counter = allowance(purpose, address)
    try:
        spend(counter)
    except TooMany as refusal:
        # The answer is the same; the mail goes later.
        with atomic():
            wait_for_allowance(purpose, address, seconds=refusal.retry_after)
        return
    try:
        with atomic():
            keep_request(purpose, {"address": address})
    except Exception:
        # A request that was not kept is not counted: else the next ones would have to wait for it.
        give_back(counter)
        raise
