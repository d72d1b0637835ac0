"""Making, changing and ending webhooks: by administrators, freshly proved; each act stands in the audit."""

from collections.abc import Sequence
from uuid import UUID

from config.kernel.audit import record
from config.kernel.auth import Principal, fresh_second_factor
from config.kernel.crypto import Place, master_open, master_seal
from config.kernel.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, PreconditionFailed, TooMany
from config.kernel.events import all_events
from config.kernel.plain_lines import ADVICE, is_plain_line
from notifications.adapters.hooks import fault_of_url, new_secret
from notifications.db import atomic, now
from notifications.domain.hooks import ALL_EVENTS, ROTATION
from notifications.models import Webhook
from notifications.services.webhooks.hook_dto import NewWebhook, WebhookDTO, webhook_dto

MAX_WEBHOOKS = 50
# Of one webhook in a day.
MAX_ROTATIONS = 5


def create_webhook(*, principal: Principal, url: str, name: str, events: Sequence[str]) -> NewWebhook:
    """Tell ``url`` of ``events`` (names, or ``*``) from now on; the secret is in the answer and nowhere else."""
    _by_administrator(principal)
    _check(url, name, events)
    secret = new_secret()
    with atomic():
        if Webhook.objects.count() >= MAX_WEBHOOKS:
            raise Conflict(f"There are {MAX_WEBHOOKS} webhooks; end one first.", code="too_many_webhooks")
        if Webhook.objects.filter(url=url).exists():
            raise Conflict("There is a webhook with this address; change its events.", code="webhook_exists")
        row = Webhook(url=url, name=name.strip()[:80], events=sorted(set(events)))
        row.secret_sealed = _sealed(row, "secret", secret)
        row.save(force_insert=True)
        audit("webhook.create", row)
    return NewWebhook(webhook=webhook_dto(row), secret=secret)


def update_webhook(
    *,
    principal: Principal,
    webhook_id: UUID,
    version: int | None,
    url: str | None = None,
    name: str | None = None,
    events: Sequence[str] | None = None,
    on: bool | None = None,
) -> WebhookDTO:
    """Change what is given; switched on again, it begins with what comes from now on."""
    _by_administrator(principal)
    with atomic():
        row = locked(webhook_id)
        if version is not None and row.version != version:
            raise PreconditionFailed("The webhook was changed since you read it.")
        row.url = row.url if url is None else url
        row.name = row.name if name is None else name.strip()[:80]
        row.events = row.events if events is None else sorted(set(events))
        _check(row.url, row.name, row.events)
        if Webhook.objects.filter(url=row.url).exclude(id=row.id).exists():
            raise Conflict("There is a webhook with this address; change its events.", code="webhook_exists")
        _switch(row, on)
        row.version += 1
        row.save()
        audit("webhook.update", row)
    return webhook_dto(row)


def delete_webhook(*, principal: Principal, webhook_id: UUID) -> None:
    """End it, with what still waits for it."""
    _by_administrator(principal)
    with atomic():
        row = locked(webhook_id)
        audit("webhook.delete", row)
        row.delete()


def rotate_webhook_secret(*, principal: Principal, webhook_id: UUID) -> NewWebhook:
    """A new secret signs from now on; for a day the former one signs too."""
    _by_administrator(principal)
    secret = new_secret()
    with atomic():
        row = locked(webhook_id)
        _require_rotation(row)
        former = master_open(place(row, "secret"), row.secret_sealed).decode()
        row.former_secret_sealed = _sealed(row, "former_secret", former)
        row.former_until = now() + ROTATION
        row.secret_sealed = _sealed(row, "secret", secret)
        row.version += 1
        row.save()
        audit("webhook.rotate", row)
    return NewWebhook(webhook=webhook_dto(row), secret=secret)


def _require_rotation(row: Webhook) -> None:
    """Each change ends the secret before the last one: a few a day are for an emergency, more are none."""
    instant = now()
    lately = [one for one in row.rotated_at if one > instant - ROTATION]
    if len(lately) >= MAX_ROTATIONS:
        wait = min(lately) + ROTATION - instant
        raise TooMany(
            f"Its secret was changed {len(lately)} times in a day; switch the webhook off if it is being misused.",
            code="too_many_rotations",
            retry_after=max(1, int(wait.total_seconds()) + 1),
        )
    row.rotated_at = [*lately, instant]


def list_webhooks(*, principal: Principal) -> tuple[WebhookDTO, ...]:
    """All of them, newest first."""
    administrator(principal)
    return tuple(webhook_dto(row) for row in Webhook.objects.order_by("-id")[:MAX_WEBHOOKS])


def get_webhook(*, principal: Principal, webhook_id: UUID) -> WebhookDTO:
    """One of them."""
    administrator(principal)
    return webhook_dto(found(webhook_id))


def signing_keys(row: Webhook) -> list[str]:
    """The secrets that sign now: the newest first, and a former one until its end."""
    keys = [master_open(place(row, "secret"), row.secret_sealed).decode()]
    if row.former_secret_sealed is not None and row.former_until is not None and now() < row.former_until:
        keys.append(master_open(place(row, "former_secret"), row.former_secret_sealed).decode())
    return keys


def administrator(principal: Principal) -> None:
    """``Forbidden`` for everybody else."""
    if not principal.has("administrator"):
        raise Forbidden("An administrator does this.", code="role_forbidden")


def found(webhook_id: UUID) -> Webhook:
    """The row; ``NotFound`` when there is none."""
    row = Webhook.objects.filter(id=webhook_id).first()
    if row is None:
        raise NotFound("There is no such webhook.")
    return row


def locked(webhook_id: UUID) -> Webhook:
    """The row, until the transaction's end."""
    row = Webhook.objects.select_for_update().filter(id=webhook_id).first()
    if row is None:
        raise NotFound("There is no such webhook.")
    return row


def audit(action: str, row: Webhook, **detail: str) -> None:
    """Who did what with which webhook; its address may hold a secret and stays out."""
    record(context="notifications", action=action, object_type="webhook", object_id=row.id, detail=detail)


def place(row: Webhook, column: str) -> Place:
    """Where one of its secrets is sealed."""
    return Place(Webhook._meta.db_table, column, row.id)


def _by_administrator(principal: Principal) -> None:
    administrator(principal)
    fresh_second_factor(principal)


def _switch(row: Webhook, on: bool | None) -> None:
    if on is True and row.off_at is not None:
        row.off_at, row.off_reason, row.failing_since, row.failures, row.rests_until = None, "", None, 0, None
    elif on is False and row.off_at is None:
        row.off_at, row.off_reason = now(), "staff"


def _sealed(row: Webhook, column: str, secret: str) -> bytes:
    return master_seal(place(row, column), secret.encode())


def _check(url: str, name: str, events: Sequence[str]) -> None:
    errors = []
    if not is_plain_line(name):
        errors.append(FieldError("#/name", "not_plain", ADVICE))
    if fault := fault_of_url(url):
        errors.append(FieldError("#/url", "invalid", fault))
    known = all_events()
    if unknown := [name for name in events if name != ALL_EVENTS and name not in known]:
        errors.append(FieldError("#/events", "unknown", f"There is no {', '.join(sorted(unknown))[:300]}."))
    if errors:
        raise Invalid("The webhook cannot be made like this.", errors=errors)
