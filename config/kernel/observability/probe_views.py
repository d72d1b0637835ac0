"""Liveness, readiness, start-up. They say ok or not, and no more: details are for the logs."""

from pathlib import Path

import structlog
from django.apps import apps
from django.db import DatabaseError, connections
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse

from config.kernel.api.policies import public
from config.kernel.auth.signing_keys import jwks
from config.kernel.db.schema import all_aliases
from config.kernel.observability.readiness import draining, readiness

log = structlog.get_logger(__name__)
_started: list[bool] = []


def health(request: HttpRequest) -> HttpResponse:
    """The process answers. It asks nobody else, so that a lost database does not restart us."""
    return _say("ok")


def ready(request: HttpRequest) -> HttpResponse:
    """Requests may be sent here: not draining, and every database answers and takes writes."""
    if draining():
        return _say("unavailable")
    state = readiness().state()
    return _say(("degraded" if state.degraded else "ok") if state.ready else "unavailable")


def startup(request: HttpRequest) -> HttpResponse:
    """Every migration is applied."""
    return _say("ok" if started() else "unavailable")


def started() -> bool:
    """Whether every migration is applied; once they are, nobody is asked again."""
    if not _started:
        try:
            if pending_migrations():
                return False
        except DatabaseError as error:
            log.warning("not_started", exc_info=error)
            return False
        _started.append(True)
    return True


def pending_migrations() -> dict[str, list[str]]:
    """Migrations that are not applied yet, by alias; aliases with none are absent.

    By their files' names: Django's own plan would load every migration into a process that stays.
    """
    wanted = _migrations()
    found = {}
    for alias in all_aliases():
        applied = {f"{app}.{name}" for app, name in MigrationRecorder(connections[alias]).applied_migrations()}
        if missing := [name for name in wanted if name not in applied]:
            found[alias] = missing
    return found


def _migrations() -> list[str]:
    files = ((app.label, file) for app in apps.get_app_configs() for file in Path(app.path, "migrations").glob("*.py"))
    return sorted(f"{label}.{file.stem}" for label, file in files if not file.name.startswith(("_", "~")))


def key_set(request: HttpRequest) -> HttpResponse:
    """The public keys that access tokens are checked with (JWKS)."""
    response = JsonResponse(jwks())
    response["Cache-Control"] = "public, max-age=300"
    return response


for _view in (health, ready, startup, key_set):
    _view.policy = public()  # type: ignore[attr-defined]  # read by the architecture test


def _say(status: str) -> HttpResponse:
    good = status != "unavailable"
    response = JsonResponse({"status": status}, status=200 if good else 503)
    response["Cache-Control"] = "no-store"
    if not good:
        response["Retry-After"] = "5"
    return response
