"""Liveness asks nobody; readiness asks the databases and the drain flag."""

from pathlib import Path

import pytest

from config.kernel.observability import health
from tests.client import ApiClient

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kernel.sample_urls")]


def test_a_healthy_process_says_ok_and_nothing_else(api: ApiClient) -> None:
    for path in ("/healthz", "/readyz", "/startupz"):
        answer = api.get(path)
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_a_draining_process_is_alive_but_not_ready(api: ApiClient, settings: object) -> None:
    flag = Path(settings.DRAIN_FILE)  # type: ignore[attr-defined]
    flag.touch()
    assert api.get("/readyz").status_code == 503
    assert api.get("/readyz")["Retry-After"] == "5"
    assert api.get("/healthz").status_code == 200
    flag.unlink()
    assert api.get("/readyz").status_code == 200


def test_a_process_without_its_database_is_alive_but_not_ready(api: ApiClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_answers", lambda alias: alias != "cases")
    assert api.get("/readyz").status_code == 503
    assert api.get("/startupz").status_code == 503
    assert api.get("/healthz").status_code == 200
