"""Devices that an account has signed in from before, known by a signed value that each keeps (a cookie, or its own).

The value is an id and a keyed hash of it: nobody can make one up, and it opens nothing. It widens the count of wrong
passwords for its owner, tells a repeated refresh of one device from a theft, and spares the notice of a new device.
"""

from dataclasses import dataclass
from datetime import timedelta
from hmac import compare_digest
from uuid import UUID, uuid4

from config.kernel.crypto import blind_index
from config.kernel.outbox import publish
from identity.db import atomic, now
from identity.domain.device import compose, parse
from identity.domain.mail_addresses import plain_address
from identity.events import SignedInFromNewDevice
from identity.models import KnownDevice

KEEP = timedelta(days=400)
MAX_DEVICES = 50


@dataclass(frozen=True, kw_only=True)
class RememberedDevice:
    """A device of a user: its id, the value that it keeps, and whether the user had not signed in from it before."""

    id: UUID
    token: str
    new: bool


def device_id(*, device_token: str) -> UUID | None:
    """The id in a value that we signed; ``None`` for any other."""
    parsed = parse(device_token)
    if parsed is None or not compare_digest(parsed[1], _signature(parsed[0])):
        return None
    return parsed[0]


def known_device(*, email: str, device_token: str) -> str:
    """The id (as text) of a device that the address' account has signed in from before; empty for any other."""
    identifier = device_id(device_token=device_token)
    if identifier is None:
        return ""
    rows = KnownDevice.objects.filter(
        user__email=plain_address(email),
        user__email_verified_at__isnull=False,
        device_id=identifier,
        last_used_at__gt=now() - KEEP,
    )
    return str(identifier) if rows.exists() else ""


def remember_device(*, user_id: UUID, device_token: str) -> RememberedDevice:
    """Note that the user has signed in from a device; a value that is not ours is replaced by a new one.

    The user is told of a new device, unless it is the first one that they sign in from.
    """
    identifier = device_id(device_token=device_token) or uuid4()
    with atomic():
        had_any = KnownDevice.objects.filter(user_id=user_id).exists()
        row, new = KnownDevice.objects.get_or_create(
            user_id=user_id, device_id=identifier, defaults={"last_used_at": now()}
        )
        if not new:
            KnownDevice.objects.filter(id=row.id).update(last_used_at=now())
        elif had_any:
            publish(SignedInFromNewDevice(aggregate_id=user_id))
        surplus = (
            KnownDevice.objects.filter(user_id=user_id)
            .order_by("-last_used_at")
            .values_list("id", flat=True)[MAX_DEVICES:]
        )
        KnownDevice.objects.filter(id__in=list(surplus)).delete()
    return RememberedDevice(id=identifier, token=compose(identifier, _signature(identifier)), new=new)


def _signature(identifier: UUID) -> bytes:
    return blind_index("device", identifier.hex)
