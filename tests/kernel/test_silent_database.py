"""A silent database is waited for once in each thread; then everybody is refused at once, until a probe is answered."""

import copy
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import OperationalError, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.kernel.api import ApiView, public
from config.kernel.db import timeouts
from config.kernel.db.backend import server_circuits
from config.kernel.db.backend.base import DatabaseWrapper
from config.kernel.db.circuit import Circuit, Refused
from config.kernel.db.context import ContextDatabase
from tests.client import ApiClient
from tests.platform.waiting import until
from tests.silent import Way, way_to

pytestmark = pytest.mark.django_db
THREADS, CALLERS = 8, 32


class Count(ApiView):
    policy = public()
    waited: Counter[int] = Counter()

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            with connections["cases"].cursor() as cursor:
                cursor.execute("SELECT 1")
        except OperationalError as error:
            if not isinstance(error.__cause__, Refused):
                self.waited[threading.get_ident()] += 1
            raise
        return HttpResponse("counted")


urlpatterns = [path("api/v1/count", Count.as_view())]


@pytest.fixture
def way(monkeypatch: pytest.MonkeyPatch) -> Iterator[Way]:
    """A process that refuses, and the way to its database."""
    monkeypatch.setattr(timeouts, "_chosen", [0.4])
    monkeypatch.setattr(server_circuits, "_circuits", {})
    monkeypatch.setattr(server_circuits, "_used", [True])
    given = connections["cases"].settings_dict
    with way_to(given["HOST"], int(given["PORT"])) as way:
        yield way
        way.silent.clear()
        for circuit in server_circuits._circuits.values():
            until(lambda circuit=circuit: not circuit.is_open, "nobody is refused any more")


def wrapper_of(way: Way) -> DatabaseWrapper:
    settings = copy.deepcopy(connections["cases"].settings_dict) | {"HOST": "127.0.0.1", "PORT": way.port}
    settings["OPTIONS"]["connect_timeout"] = 2
    wrapper = DatabaseWrapper(settings, "cases")
    wrapper.inc_thread_sharing()
    return wrapper


@pytest.fixture
def wrapper(way: Way) -> Iterator[DatabaseWrapper]:
    wrapper = wrapper_of(way)
    present, connections["cases"] = connections["cases"], wrapper
    yield wrapper
    connections["cases"] = present
    wrapper.close()


def ask(wrapper: DatabaseWrapper) -> int:
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT 1")
        return int(cursor.fetchone()[0])


def circuit_of(wrapper: DatabaseWrapper) -> Circuit:
    circuit = server_circuits.circuit_of(wrapper.get_connection_params())
    assert circuit is not None
    return circuit


@pytest.mark.urls(__name__)
def test_thirty_two_callers_of_eight_threads_wait_once_a_thread_and_the_next_after_a_probe_is_served(way: Way) -> None:
    Count.waited.clear()
    wrappers: list[DatabaseWrapper] = []
    all_there = threading.Barrier(THREADS)

    def begin() -> None:
        wrapper = connections["cases"] = wrapper_of(way)  # known to this thread alone
        wrappers.append(wrapper)
        all_there.wait()
        assert ask(wrapper) == 1

    def end() -> None:
        all_there.wait()
        connections.close_all()

    def call() -> tuple[int, str | None]:
        connections["cases"].close_if_unusable_or_obsolete()  # as around each request, outside of a test's client
        answer = ApiClient().get("/count")
        return answer.status_code, answer.get("Retry-After")

    with ThreadPoolExecutor(THREADS) as threads:
        for begun in [threads.submit(begin) for _ in range(THREADS)]:
            begun.result()
        way.silent.set()
        answers = [one.result() for one in [threads.submit(call) for _ in range(CALLERS)]]
        assert answers == [(503, "5")] * CALLERS
        assert Count.waited
        assert max(Count.waited.values()) == 1, "a caller stood behind a second wait"
        way.silent.clear()
        until(lambda: not circuit_of(wrappers[0]).is_open, "a probe is answered")
        Count.waited.clear()
        answers = [one.result() for one in [threads.submit(call) for _ in range(CALLERS)]]
        assert [status for status, _ in answers] == [200] * CALLERS
        for ended in [threads.submit(end) for _ in range(THREADS)]:
            ended.result()


def test_a_connection_is_not_tried_either(way: Way, wrapper: DatabaseWrapper) -> None:
    way.silent.set()
    with pytest.raises(OperationalError) as first:
        ask(wrapper)
    with pytest.raises(OperationalError) as second:
        ask(wrapper)
    assert isinstance(first.value.__cause__, psycopg.errors.ConnectionTimeout)
    assert isinstance(second.value.__cause__, Refused)


def test_a_transaction_under_way_is_refused_before_its_commit(way: Way, wrapper: DatabaseWrapper) -> None:
    def write() -> None:
        with transaction.atomic(using="cases"):
            ask(wrapper)
            way.silent.set()
            circuit_of(wrapper).trip()

    with pytest.raises(OperationalError) as refused:
        write()
    assert isinstance(refused.value.__cause__, Refused)


def test_a_connection_from_before_the_silence_is_opened_anew_also_for_prepared_statements(
    way: Way, wrapper: DatabaseWrapper
) -> None:
    ask(wrapper)
    before = wrapper.connection
    circuit_of(wrapper).trip()
    until(lambda: not circuit_of(wrapper).is_open, "the probe is answered")
    wrapper.close_if_unusable_or_obsolete()
    with ContextDatabase("cases").prepared() as cursor:
        cursor.execute("SELECT 1")
    assert wrapper.connection is not before


def test_a_long_statement_is_ended_by_the_server_and_opens_nothing(way: Way, wrapper: DatabaseWrapper) -> None:
    with wrapper.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone()[0] == "360ms"
        cursor.execute("SET statement_timeout = 1")
        with pytest.raises(OperationalError):
            cursor.execute("SELECT pg_sleep(60)")
    assert circuit_of(wrapper).openings == 0


def test_a_server_that_refuses_connections_is_not_a_silent_one(way: Way, wrapper: DatabaseWrapper) -> None:
    parameters = wrapper.get_connection_params()
    wanted = {name: parameters[name] for name in ("host", "port", "dbname", "user")}
    assert server_circuits.answers(wanted | {"port": 1})
    assert server_circuits.answers(wanted | {"dbname": "none of ours"})


def test_jobs_wait_as_before(way: Way, wrapper: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_circuits, "_used", [])
    assert ask(wrapper) == 1
    assert wrapper.connection is not None
    assert wrapper.connection.circuit is None
    with wrapper.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone()[0] == "400ms"


class Server:
    """Says what it is told to say; its circuit has a clock that is moved by hand and a thread that is run by hand."""

    def __init__(self) -> None:
        self.now, self.probes, self.says = 100.0, 0, [False]
        self.threads: list[Callable[[], None]] = []
        self.circuit = Circuit(
            self.answers, lease=20, clock=lambda: self.now, start=self.threads.append, pause=self.passes
        )

    def answers(self) -> bool:
        self.probes += 1
        assert self.circuit.is_open
        return self.says.pop(0)

    def passes(self, seconds: float) -> None:
        self.now += seconds


def test_probes_go_on_until_one_is_answered() -> None:
    server = Server()
    server.circuit.check()
    server.circuit.trip()
    with pytest.raises(Refused):
        server.circuit.check()
    server.says = [*[False] * 50, True]
    server.threads[0]()
    server.circuit.check()
    assert server.probes == 51


def test_many_waits_that_end_in_vain_have_one_thread_ask() -> None:
    server = Server()
    for _ in range(THREADS):
        server.circuit.trip()
    assert (len(server.threads), server.circuit.openings) == (1, 1)


def test_a_thread_that_ends_by_a_fault_leaves_nobody_refused() -> None:
    server = Server()
    server.circuit.trip()
    server.says = []
    with pytest.raises(IndexError):
        server.threads[0]()
    server.circuit.check()


def test_a_thread_that_cannot_be_begun_leaves_nobody_refused() -> None:
    def none(probing: Callable[[], None]) -> None:
        raise RuntimeError("can't start new thread")

    circuit = Circuit(lambda: False, lease=20, start=none)
    with pytest.raises(RuntimeError):
        circuit.trip()
    circuit.check()


def test_a_thread_that_hangs_or_was_lost_by_a_fork_is_believed_until_its_lease_ends() -> None:
    server = Server()
    server.circuit.trip()
    server.now += 19
    with pytest.raises(Refused):
        server.circuit.check()
    server.now += 2
    server.circuit.check()
    server.circuit.trip()
    # The late one neither asks on nor closes what the new one holds open.
    server.threads[0]()
    assert server.probes == 0
    assert server.circuit.is_open
    server.says = [True]
    server.threads[1]()
    assert not server.circuit.is_open
