"""Keys of programs: made and ended by administrators, shown once, good for named scopes, networks and a time."""

import secrets
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from config.kernel.audit import record
from config.kernel.auth import Principal, acting_as, fresh_second_factor
from config.kernel.crypto import token_hash
from config.kernel.errors import FieldError, Forbidden, Invalid, NotFound, Unauthenticated
from identity.db import atomic, now
from identity.domain.scopes import is_network, is_scope, lies_in
from identity.models import ServiceKey, User
from identity.services.dto import NewServiceKey, ServiceKeyDTO

PREFIX = "sok_"
MAX_LIFETIME = timedelta(days=366)
# A process knows a key for this long: ended, it is refused within a second.
MAX_AGE = 0.9
_TOUCH_EVERY = timedelta(seconds=60)
_KNOWN_SIZE = 1000
_known: dict[bytes, tuple[ServiceKey, float]] = {}
_lock = Lock()


def create_service_key(
    *,
    principal: Principal,
    name: str,
    scopes: Sequence[str],
    networks: Sequence[str],
    expires_at: datetime,
    owner_id: UUID | None = None,
) -> NewServiceKey:
    """Make a key; its secret is in the answer and nowhere else. By an administrator, freshly proved.

    ``owner_id`` is the member of the staff who answers for it (the maker, if not named). ``Invalid`` names each wrong
    field.
    """
    maker = _administrator(principal)
    owner = owner_id or maker
    _check(scopes, networks, expires_at, owner)
    secret = PREFIX + secrets.token_urlsafe(32)
    with atomic():
        row = ServiceKey.objects.create(
            name=name.strip()[:80],
            hint=secret[:8],
            secret_hash=token_hash(secret),
            scopes=sorted(set(scopes)),
            networks=sorted(set(networks)),
            owner_id=owner,
            created_by=maker,
            expires_at=expires_at,
        )
        _audit("service_key.create", row)
    return NewServiceKey(key=_dto(row), secret=secret)


def end_service_key(*, principal: Principal, key_id: UUID) -> None:
    """End a key; it is refused within a second. By an administrator, freshly proved; ``NotFound`` when it has ended."""
    ender = _administrator(principal)
    with atomic():
        row = ServiceKey.objects.filter(id=key_id, ended_at=None).first()
        if row is None:
            raise NotFound("There is no such key.")
        ServiceKey.objects.filter(id=key_id).update(ended_at=now(), ended_by=ender)
        _audit("service_key.end", row)
    _known.pop(bytes(row.secret_hash), None)


def list_service_keys(*, principal: Principal) -> tuple[ServiceKeyDTO, ...]:
    """The latest hundred keys, without their secrets, newest first. For administrators."""
    if not principal.has("administrator"):
        raise Forbidden("An administrator does this.", code="role_forbidden")
    return tuple(_dto(row) for row in ServiceKey.objects.order_by("-id")[:100])


def principal_of_key(*, secret: str, address: str | None) -> Principal:
    """Who a key is; ``Unauthenticated``, with one text, for any that is unknown, ended, over, or from elsewhere."""
    row = _row(token_hash(secret)) if secret.startswith(PREFIX) and len(secret) < 100 else None
    if row is None or row.ended_at or row.expires_at <= now() or not lies_in(address, row.networks):
        raise Unauthenticated("This key is not valid here.", code="key_invalid")
    return _principal(row)


def _row(digest: bytes) -> ServiceKey | None:
    known = _known.get(digest)
    if known is not None and known[1] > time.monotonic():
        return known[0]
    asked = time.monotonic()
    row = ServiceKey.objects.filter(secret_hash=digest).first()
    if row is None or not User.objects.filter(id=row.owner_id, is_active=True).exists():
        return None
    if row.last_used_at is None or now() - row.last_used_at >= _TOUCH_EVERY:
        with acting_as(_principal(row)), atomic():
            ServiceKey.objects.filter(id=row.id).update(last_used_at=now())
            _audit("service_key.use", row)
    with _lock:
        if len(_known) >= _KNOWN_SIZE:
            _known.clear()
        _known[digest] = (row, asked + MAX_AGE)
    return row


def _principal(row: ServiceKey) -> Principal:
    return Principal(kind="service", key_id=row.id, scopes=frozenset(row.scopes))


def _administrator(principal: Principal) -> UUID:
    if not principal.has("administrator"):
        raise Forbidden("An administrator does this.", code="role_forbidden")
    return fresh_second_factor(principal)


def _check(scopes: Sequence[str], networks: Sequence[str], expires_at: datetime, owner: UUID) -> None:
    errors = []
    if not scopes or not all(is_scope(name) for name in scopes):
        errors.append(FieldError("#/scopes", "unknown", "Name scopes: notify, schema:read, cases:read:<case id>."))
    if not networks or not all(is_network(text) for text in networks):
        errors.append(FieldError("#/networks", "invalid", "Name ranges like 192.0.2.0/24, none of them everything."))
    if not now() < expires_at <= now() + MAX_LIFETIME:
        errors.append(FieldError("#/expires_at", "invalid", "A key must end, within a year."))
    if not User.objects.filter(id=owner, is_active=True, is_staff=True).exists():
        errors.append(FieldError("#/owner_id", "unknown", "No member of the staff has this account."))
    if errors:
        raise Invalid("The key cannot be made like this.", errors=errors)


def _audit(action: str, row: ServiceKey) -> None:
    detail = {"scopes": ",".join(row.scopes)}
    record(context="identity", action=action, object_type="service_key", object_id=row.id, detail=detail)


def _dto(row: ServiceKey) -> ServiceKeyDTO:
    return ServiceKeyDTO(
        id=row.id,
        name=row.name,
        hint=row.hint,
        scopes=tuple(row.scopes),
        networks=tuple(row.networks),
        owner_id=row.owner_id,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        ended_at=row.ended_at,
    )
