"""Liveness asks nobody; readiness is known before anybody asks, and knows what the product can do without."""

from pathlib import Path

import pytest
from django.db import OperationalError, connections

from config.kernel.observability import probe_views, readiness
from config.kernel.observability.readiness import STALE_SECONDS, Readiness, Servers, State, valkey_answers
from tests.client import ApiClient
from tests.silent import way_to

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kernel.sample_urls")]


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process has been asked for nothing yet."""
    monkeypatch.setattr(probe_views, "_started", [])
    readiness.readiness.cache_clear()


def known(monkeypatch: pytest.MonkeyPatch, state: State) -> None:
    fixed = Readiness(ask=lambda: state)
    monkeypatch.setattr(probe_views, "readiness", lambda: fixed)


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
    known(monkeypatch, State(databases=("cases",)))
    assert api.get("/readyz").status_code == 503
    assert api.get("/healthz").status_code == 200


def test_without_valkey_it_is_degraded_and_goes_on(api: ApiClient, monkeypatch: pytest.MonkeyPatch) -> None:
    known(monkeypatch, State(degraded=("valkey",)))
    answer = api.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "degraded"})


def test_not_started_before_every_migration_is_applied_and_asked_no_more_afterwards(
    api: ApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> dict[str, list[str]]:
        raise OperationalError

    monkeypatch.setattr(probe_views, "pending_migrations", away)
    assert api.get("/startupz").status_code == 503
    monkeypatch.setattr(probe_views, "pending_migrations", lambda: {"cases": ["cases.0099_later"]})
    assert api.get("/startupz").status_code == 503
    monkeypatch.setattr(probe_views, "pending_migrations", dict)
    assert api.get("/startupz").status_code == 200
    monkeypatch.setattr(probe_views, "pending_migrations", away)
    assert api.get("/startupz").status_code == 200


def test_a_migration_without_its_row_is_pending() -> None:
    assert probe_views.pending_migrations() == {}
    with connections["cases"].cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'cases' AND name LIKE '0001%'")
    assert list(probe_views.pending_migrations()) == ["cases"]


def test_whoever_asks_gets_what_is_known_and_nothing_when_that_is_too_old() -> None:
    moment = [100.0]
    found = [State(), State(databases=("default",))]
    here = Readiness(ask=lambda: found[0], clock=lambda: moment[0])
    here._begin = lambda: None  # type: ignore[method-assign]  # the test renews by itself
    here.renew()
    found.pop(0)
    assert here.state().ready
    here.renew()
    assert here.state().databases == ("default",)
    moment[0] += STALE_SECONDS
    assert here.state() == readiness.UNKNOWN


def test_the_servers_are_asked_over_one_connection_each(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = connections["default"].settings_dict
    for alias in ("cases", "analysis", "professionals", "notifications"):
        monkeypatch.setitem(connections[alias].settings_dict, "NAME", settings["NAME"])
    servers = Servers()
    assert servers.ask() == State()
    assert len(servers._open) == 1
    for connection in servers._open.values():
        connection.close()
    assert servers.ask() == State()  # a lost connection is opened anew
    for connection in servers._open.values():
        connection.close()


def test_a_silent_database_and_one_that_takes_no_writes_are_away(monkeypatch: pytest.MonkeyPatch) -> None:
    given = connections["cases"].settings_dict
    with way_to(given["HOST"], int(given["PORT"])) as way:
        monkeypatch.setitem(given, "HOST", "127.0.0.1")
        monkeypatch.setitem(given, "PORT", way.port)
        servers = Servers()
        assert servers.ask() == State()
        monkeypatch.setattr(readiness, "_ASK", "SELECT false")
        assert "cases" in servers.ask().databases
        monkeypatch.setattr(readiness, "_ASK", "SELECT true")
        way.silent.set()
        assert servers.ask().databases == ("cases",)
        way.silent.clear()
        assert servers.ask() == State()
    for connection in servers._open.values():
        connection.close()


def test_valkey_that_says_nothing_is_away(settings: object) -> None:
    from urllib.parse import urlsplit, urlunsplit

    parts = urlsplit(settings.REDIS_URL)  # type: ignore[attr-defined]
    with way_to(parts.hostname or "", parts.port or 0) as way:
        place = f":{parts.password}@127.0.0.1:{way.port}"
        settings.REDIS_URL = urlunsplit(parts._replace(netloc=place))  # type: ignore[attr-defined]
        assert valkey_answers()
        way.silent.set()
        assert not valkey_answers()
