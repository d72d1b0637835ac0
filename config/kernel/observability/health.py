"""Liveness, readiness, start-up. They say ok or not, and no more: details are for the logs."""

from pathlib import Path
from typing import Any

import structlog
from django.db import DatabaseError, connections
from django.http import HttpRequest, HttpResponse, JsonResponse

from config.kernel.api.policies import public
from config.kernel.auth.signing_keys import jwks
from config.kernel.conf import setting
from config.kernel.db.schema import all_aliases

log = structlog.get_logger(__name__)


def health(request: HttpRequest) -> HttpResponse:
    """The process answers. It asks nobody else, so that a lost database does not restart us."""
    return _say(True)


def readiness(request: HttpRequest) -> HttpResponse:
    """Requests may be sent here: not draining, and every database answers."""
    return _say(not Path(setting("DRAIN_FILE")).exists() and all(_answers(alias) for alias in all_aliases()))


def startup(request: HttpRequest) -> HttpResponse:
    """Every migration is applied."""
    return _say(all(_answers(alias) for alias in all_aliases()) and not pending_migrations())


def pending_migrations() -> dict[str, list[str]]:
    """Migrations that are not applied yet, by alias; aliases with none are absent."""
    from django.db.migrations.executor import MigrationExecutor

    found = {}
    for alias in all_aliases():
        executor = MigrationExecutor(connections[alias])
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            found[alias] = [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
    return found


def key_set(request: HttpRequest) -> HttpResponse:
    """The public keys that access tokens are checked with (JWKS)."""
    response = JsonResponse(jwks())
    response["Cache-Control"] = "public, max-age=300"
    return response


for _view in (health, readiness, startup, key_set):
    _view.policy = public()  # type: ignore[attr-defined]  # read by the architecture test


def _say(good: bool) -> HttpResponse:
    body: dict[str, Any] = {"status": "ok" if good else "unavailable"}
    response = JsonResponse(body, status=200 if good else 503)
    response["Cache-Control"] = "no-store"
    if not good:
        response["Retry-After"] = "5"
    return response


def _answers(alias: str) -> bool:
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        log.warning("not_ready", alias=alias, exc_info=error)
        connections[alias].close()
        return False
    return True
