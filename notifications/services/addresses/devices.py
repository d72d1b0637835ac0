"""Devices that push reaches: registered by whoever is signed in on them, and gone with that session."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError

from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.conf import setting
from config.kernel.crypto import Place, open_text, seal_text, token_hash
from config.kernel.db import uuid7
from config.kernel.errors import Conflict, FieldError, Invalid, NotFound
from identity import services as identity
from notifications.adapters.public_addresses import fault_of_url, leads_inside
from notifications.adapters.push.channel import push_providers
from notifications.adapters.push.vapid_keys import public_key
from notifications.db import atomic, now
from notifications.domain.push_addresses import (
    FCM,
    KINDS,
    MAX_ENDPOINT_LENGTH,
    WEB_PUSH,
    Subscription,
    address_of,
    is_token,
    parts_of,
    subscription_of,
)
from notifications.models import Device

# The oldest beyond them goes: browsers are set up anew, and leave what they were behind.
MAX_DEVICES = 20


@dataclass(frozen=True, kw_only=True)
class DeviceDTO:
    """One device of somebody's. ``current``: it is the one that asks."""

    id: UUID
    kind: str
    session_id: UUID | None
    registered_at: datetime
    current: bool


def register_device(
    *, principal: Principal, kind: str, token: str = "", subscription: Subscription | None = None
) -> DeviceDTO:
    """Tell this device from now on. One that somebody else was signed in on before is theirs no longer."""
    user_id = principal.require_user_id()
    secret, known_by = _secret(kind, token, subscription)
    if kind not in push_providers() and not setting("MESSAGE_SINK_DIR"):
        raise Conflict("Push to devices of this kind is not set up here.", code="channel_off")
    try:
        with atomic():
            device = _registered(user_id, principal.session_id, kind, secret, known_by)
    except IntegrityError:
        # Another request brought the same device at the same time.
        with atomic():
            device = _registered(user_id, principal.session_id, kind, secret, known_by)
    return _dto(device, principal)


def list_devices(*, principal: Principal) -> tuple[DeviceDTO, ...]:
    """The caller's, newest first."""
    rows = Device.objects.filter(user_id=principal.require_user_id()).defer("token_sealed", "token_hash")
    return tuple(_dto(row, principal) for row in rows)


def remove_device(*, principal: Principal, device_id: UUID) -> None:
    """The caller's own device is told no more; ``NotFound`` for any other."""
    user_id = principal.require_user_id()
    with atomic():
        if not Device.objects.filter(id=device_id, user_id=user_id).delete()[0]:
            raise NotFound("There is no such device for you.")
        _audit("device.remove", user_id, device_id)


def push_key() -> str:
    """What a browser subscribes with; ``Conflict`` where push to browsers is not set up."""
    if WEB_PUSH not in push_providers():
        raise Conflict("Push to browsers is not set up here.", code="channel_off")
    return public_key(setting("VAPID_PRIVATE_KEY"))


def push_addresses(*, user_ids: Iterable[UUID]) -> dict[UUID, tuple[str, ...]]:
    """Where push reaches each person, newest device first; none whose session has ended. Others are absent."""
    rows = list(Device.objects.filter(user_id__in=list(user_ids)))
    if not rows:
        return {}
    open_now = identity.open_sessions(session_ids=[row.session_id for row in rows if row.session_id])
    keys = identity.data_keys(subject_ids=[row.user_id for row in rows])
    found: dict[UUID, tuple[str, ...]] = {}
    for row in rows:
        if row.user_id in keys and (row.session_id is None or row.session_id in open_now):
            token = open_text(keys[row.user_id], _place(row.id), row.token_sealed)
            found[row.user_id] = (*found.get(row.user_id, ()), address_of(row.kind, token))
    return found


def device_gone(*, address: str) -> None:
    """Its push service knows it no more."""
    kind, token = parts_of(address)
    known_by = subscription_of(token).endpoint if kind == WEB_PUSH else token
    with atomic():
        for device in Device.objects.filter(token_hash=token_hash(known_by)).defer("token_sealed"):
            _audit("device.gone", device.user_id, device.id)
            device.delete()


def forget_ended_devices(*, user_id: UUID, session_ids: Iterable[UUID] = ()) -> int:
    """Devices go with sessions that ended: those that are named, and whichever are not open. Inside ``atomic()``."""
    rows = list(Device.objects.filter(user_id=user_id).values_list("id", "session_id"))
    named = set(session_ids)
    open_now = identity.open_sessions(session_ids={session for _, session in rows if session} - named)
    ended = [device_id for device_id, session in rows if session is not None and session not in open_now]
    return int(Device.objects.filter(id__in=ended).delete()[0])


def _registered(user_id: UUID, session_id: UUID | None, kind: str, secret: str, known_by: str) -> Device:
    digest = token_hash(known_by)
    device = Device.objects.select_for_update().filter(token_hash=digest).first()
    if device is None:
        device = Device(id=uuid7(), kind=kind, token_hash=digest)
    elif device.user_id != user_id:
        _audit("device.move", device.user_id, device.id)
    device.user_id, device.session_id, device.last_registered_at = user_id, session_id, now()
    device.token_sealed = seal_text(identity.data_key(subject_id=user_id), _place(device.id), secret)
    device.save()
    kept = Device.objects.filter(user_id=user_id).order_by("-last_registered_at").values_list("id", flat=True)
    Device.objects.filter(id__in=list(kept[MAX_DEVICES:])).delete()
    _audit("device.register", user_id, device.id)
    return device


def _secret(kind: str, token: str, subscription: Subscription | None) -> tuple[str, str]:
    """What is kept of a device, and what tells it from others (a browser's keys may change, its address does not)."""
    errors = list(_faults(kind, token, subscription))
    if errors:
        raise Invalid("The device cannot be registered like this.", errors=errors)
    if subscription is not None:
        return subscription.text(), subscription.endpoint
    return token, token


def _faults(kind: str, token: str, subscription: Subscription | None) -> Iterator[FieldError]:
    if kind not in KINDS:
        yield FieldError("#/kind", "unknown_choice", f"Give one of {', '.join(KINDS)}.")
    elif kind == FCM and (not is_token(token) or subscription is not None):
        yield FieldError("#/token", "invalid", "Give the app's registration token, and no subscription.")
    elif kind == WEB_PUSH and (subscription is None or token):
        yield FieldError("#/endpoint", "required", "Give the browser's subscription: endpoint and keys; no token.")
    elif subscription is not None:
        for name, advice in subscription.faults():
            yield FieldError("#/endpoint" if name == "endpoint" else f"#/keys/{name}", "invalid", advice)
        yield from _faults_of_endpoint(subscription.endpoint)


def _faults_of_endpoint(url: str) -> Iterator[FieldError]:
    """As the guard of the network will ask when something is sent there."""
    fault = fault_of_url(url, longest=MAX_ENDPOINT_LENGTH)
    if fault or leads_inside(url):
        yield FieldError("#/endpoint", "not_public", fault or "The host must be on the public internet.")


def _dto(device: Device, principal: Principal) -> DeviceDTO:
    return DeviceDTO(
        id=device.id,
        kind=device.kind,
        session_id=device.session_id,
        registered_at=device.last_registered_at,
        current=device.session_id is not None and device.session_id == principal.session_id,
    )


def _place(device_id: UUID) -> Place:
    return Place("notifications_device", "token", device_id)


def _audit(action: str, user_id: UUID, device_id: UUID) -> None:
    record(context="notifications", action=action, patient_id=user_id, object_type="device", object_id=device_id)
