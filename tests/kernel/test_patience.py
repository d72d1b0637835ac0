"""A database that takes connections and says nothing holds nobody for ever; connections that nobody uses are closed."""

import copy
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from config.kernel.api import ApiView, public
from config.kernel.db import timeouts
from config.kernel.db.backend import server_circuits
from config.kernel.db.backend.base import DatabaseWrapper
from config.kernel.db.backend.idle_connections import close_rested
from tests.client import ApiClient
from tests.silent import Way, way_to

pytestmark = pytest.mark.django_db


class Count(ApiView):
    policy = public()

    def get(self, request: HttpRequest) -> HttpResponse:
        with connections["cases"].cursor() as cursor:
            cursor.execute("SELECT 1")
        return HttpResponse("counted")


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(ask(connections["cases"])))


urlpatterns = [path("api/v1/count", Count.as_view()), path("page", page)]
handler500 = "config.kernel.api.fallbacks.server_error"


@pytest.fixture(autouse=True)
def _nobody_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that never asked for circuits, whatever another test had this one do."""
    monkeypatch.setattr(server_circuits, "_used", [])


@pytest.fixture
def way() -> Iterator[Way]:
    given = connections["cases"].settings_dict
    with way_to(given["HOST"], int(given["PORT"])) as way:
        yield way


@pytest.fixture
def wrapper(way: Way, monkeypatch: pytest.MonkeyPatch) -> Iterator[DatabaseWrapper]:
    monkeypatch.setattr(timeouts, "_chosen", [0.4])
    settings = copy.deepcopy(connections["cases"].settings_dict) | {"HOST": "127.0.0.1", "PORT": way.port}
    settings["OPTIONS"]["connect_timeout"] = 2
    wrapper = DatabaseWrapper(settings, "cases")
    yield wrapper
    wrapper.inc_thread_sharing()
    wrapper.close()


def ask(wrapper: Any) -> int:
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT 1")
        return int(cursor.fetchone()[0])


def ended(act: Callable[[], object], wrapper: DatabaseWrapper) -> list[BaseException | object]:
    """What came of ``act``, in a thread that may hang where the promise is broken."""
    found: list[BaseException | object] = []

    def run() -> None:
        try:
            found.append(act())
        except Exception as error:
            found.append(error)

    wrapper.inc_thread_sharing()
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(300)
    wrapper.dec_thread_sharing()
    assert not thread.is_alive(), "it still waits for a database that does not answer"
    return found


def test_a_statement_that_is_never_answered_ends_and_the_next_one_has_a_new_connection(
    way: Way, wrapper: DatabaseWrapper
) -> None:
    assert ask(wrapper) == 1
    way.silent.set()
    assert isinstance(ended(lambda: ask(wrapper), wrapper)[0], OperationalError)
    way.silent.clear()
    wrapper.close_if_unusable_or_obsolete()
    assert ask(wrapper) == 1


def test_a_connection_that_is_never_answered_ends(way: Way, wrapper: DatabaseWrapper) -> None:
    way.silent.set()
    assert isinstance(ended(lambda: ask(wrapper), wrapper)[0], OperationalError)


def test_a_commit_that_is_never_answered_ends_with_an_error(way: Way, wrapper: DatabaseWrapper) -> None:
    def commit() -> None:
        wrapper.set_autocommit(False)
        ask(wrapper)
        way.silent.set()
        wrapper.commit()

    assert isinstance(ended(commit, wrapper)[0], OperationalError)


def test_an_answer_that_comes_in_pieces_is_waited_for(wrapper: DatabaseWrapper) -> None:
    with wrapper.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        for pause in (0.3, 0.3):
            cursor.execute("SELECT pg_sleep(%s)", [pause])


def test_the_server_itself_ends_what_takes_longer_than_this_process_waits(wrapper: DatabaseWrapper) -> None:
    with wrapper.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone()[0] == "400ms"


def test_listeners_keep_their_own_time_out(wrapper: DatabaseWrapper) -> None:
    wrapper.ensure_connection()
    listener = wrapper.connection
    assert isinstance(listener, psycopg.Connection)
    assert list(listener.notifies(timeout=1.0)) == []
    assert ask(wrapper) == 1


@pytest.mark.urls(__name__)
def test_a_request_is_answered_503_and_when_to_come_again(api: ApiClient, way: Way, wrapper: DatabaseWrapper) -> None:
    def get() -> object:
        connections["cases"] = wrapper  # known to this thread alone
        return api.get("/count")

    ask(wrapper)
    way.silent.set()
    answer = ended(get, wrapper)[0]
    assert answer.status_code == 503, answer.content  # type: ignore[attr-defined]
    assert answer.json()["code"] == "unavailable"  # type: ignore[attr-defined]
    assert answer["Retry-After"] == "5"  # type: ignore[index]


@pytest.mark.urls(__name__)
def test_a_page_is_answered_503_too(client: Client, way: Way, wrapper: DatabaseWrapper) -> None:
    client.raise_request_exception = False

    def get() -> object:
        connections["cases"] = wrapper
        return client.get("/page", headers={"Accept": "text/html"})

    way.silent.set()
    answer = ended(get, wrapper)[0]
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")  # type: ignore[attr-defined,index]
    assert "Unavailable for now" in answer.content.decode()  # type: ignore[attr-defined]


def test_a_connection_that_rested_long_enough_is_closed_and_opened_again(wrapper: DatabaseWrapper) -> None:
    ask(wrapper)
    close_rested(time.monotonic() + 3600)
    assert wrapper.connection is not None  # in use: no request has ended yet
    wrapper.close_if_unusable_or_obsolete()
    close_rested(time.monotonic() + 59)
    assert wrapper.connection is not None
    close_rested(time.monotonic() + 61)
    assert wrapper.connection is None
    assert ask(wrapper) == 1
    close_rested(time.monotonic() + 3600)
    assert wrapper.connection is not None


def test_a_connection_that_nobody_asked_for_is_not_looked_at_again(
    wrapper: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[bool] = []
    present = wrapper.get_autocommit
    monkeypatch.setattr(wrapper, "get_autocommit", lambda: looks.append(True) or present())
    ask(wrapper)
    wrapper.close_if_unusable_or_obsolete()
    assert looks
    looks.clear()
    wrapper.close_if_unusable_or_obsolete()
    assert not looks
    ask(wrapper)
    wrapper.close_if_unusable_or_obsolete()
    assert looks


def test_a_transaction_ends_the_rest_of_its_connection(wrapper: DatabaseWrapper) -> None:
    present = connections["cases"]
    connections["cases"] = wrapper
    try:
        ask(wrapper)
        wrapper.close_if_unusable_or_obsolete()
        with transaction.atomic(using="cases"):
            begun = wrapper.connection
            close_rested(time.monotonic() + 3600)
            assert ask(wrapper) == 1
            assert wrapper.connection is begun
    finally:
        connections["cases"] = present
