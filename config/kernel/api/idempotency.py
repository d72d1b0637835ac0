"""Idempotency-Key: one effect, the same answer, however often a POST is repeated.

Key row, effect and stored answer share one transaction of the context, so that a crash between effect and
answer leaves neither or both. A running twin is refused by an advisory lock instead of being kept waiting.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import transaction
from django.http import HttpResponse
from rest_framework.request import Request

from config.kernel import clock
from config.kernel.crypto import Place, master_open, master_seal
from config.kernel.db.context import ContextDatabase
from config.kernel.db.identifiers import uuid7
from config.kernel.db.router import alias_of
from config.kernel.db.rows import insert_rows
from config.kernel.errors import Conflict, Invalid, Unauthenticated, Unprocessable

KEEP = timedelta(hours=24)
KEY_PATTERN = r"^[\x21-\x7e]{1,255}$"
_KEY = re.compile(KEY_PATTERN)
Method = Callable[..., Any]


def idempotent(
    context: str, *, required: bool = False, unless: Callable[[Any], bool] | None = None
) -> Callable[[Method], Method]:
    """Decorate a POST handler of an ``ApiView``; its body must be JSON.

    ``unless``: whether the view is asked for something that has no effect, of which there is nothing to keep.
    """

    def decorate(method: Method) -> Method:
        @wraps(method)
        def handle(view: Any, request: Request, *args: Any, **kwargs: Any) -> Any:
            # The body is kept once it was read as it is; read by the framework first, it is gone.
            if unless is not None and request._request.body and unless(view):
                return method(view, request, *args, **kwargs)
            key = request.headers.get("Idempotency-Key")
            if key is None and not required:
                return method(view, request, *args, **kwargs)
            if key is None or not _KEY.match(key):
                raise Invalid("Send an Idempotency-Key of 1 to 255 visible ASCII characters.", code="key_invalid")
            return _once(context, view, request, key, lambda: method(view, request, *args, **kwargs))

        handle.idempotency_key = "required" if required else "optional"  # type: ignore[attr-defined]  # read by the API's documentation
        return handle

    return decorate


def _once(context: str, view: Any, request: Request, key: str, run: Callable[[], Any]) -> Any:
    alias = alias_of(context)
    model = apps.get_model(context, "IdempotencyKey")
    actor_id = view.principal.actor_id
    if actor_id is None:
        raise Unauthenticated("Only callers who are known can use an Idempotency-Key.", code="not_authenticated")
    scope = f"{actor_id}|{request.method}|{request.path}"
    scoped = hashlib.sha256(f"{scope}|{key}".encode()).hexdigest()
    fingerprint = hashlib.sha256(request._request.body).hexdigest()
    with transaction.atomic(using=alias):
        if _seen(alias, model._meta.db_table, scoped):
            stored = model.objects.filter(scoped_key=scoped, created_at__gt=clock.now() - KEEP).first()
            if stored is not None:
                return _replay(stored, fingerprint)
            model.objects.filter(scoped_key=scoped).delete()
        response = view.finalize_response(request, run())
        if hasattr(response, "render"):
            response.render()
        row_id = uuid7()
        answer = model(
            id=row_id,
            scoped_key=scoped,
            fingerprint=fingerprint,
            status=response.status_code,
            answer_sealed=master_seal(_place(context, row_id), bytes(response.content)),
            headers={name: response[name] for name in ("Location", "ETag", "Content-Type") if name in response},
        )
        insert_rows([answer])
    return response


def _seen(alias: str, table: str, scoped: str) -> bool:
    """Whether the key was used before; ``Conflict`` while a twin works under it."""
    with ContextDatabase(alias).prepared() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [scoped], prepare=True)
        if cursor.fetchone() != (True,):
            raise Conflict("The same request is being worked on; ask again in a moment.", code="key_in_use")
        # A statement of its own: it must see what a twin committed before it let go of the lock.
        cursor.execute(f'SELECT 1 FROM "{table}" WHERE scoped_key = %s', [scoped], prepare=True)
        return cursor.fetchone() is not None


def _replay(stored: Any, fingerprint: str) -> HttpResponse:
    if stored.fingerprint != fingerprint:
        raise Unprocessable("This Idempotency-Key was used with another body; choose a new key.", code="key_reused")
    body = master_open(_place(stored._meta.app_label, stored.id), stored.answer_sealed)
    response = HttpResponse(body, status=stored.status)
    for name, value in stored.headers.items():
        response[name] = value
    response["Idempotent-Replayed"] = "true"
    return response


def _place(context: str, row_id: UUID) -> Place:
    return Place(f"{context}_idempotencykey", "answer", row_id)
