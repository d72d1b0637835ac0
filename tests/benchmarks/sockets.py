"""What a notice costs on its way to 400 sockets: of the product, a bare ``websockets`` server, and Socket.IO with its
Redis adapter (python-socketio's ``AsyncRedisManager`` stands for it), by turns in one run: ``make bench W=sockets``.

Processor: of the server's process, for each delivery. Times: from the wake, behind the committed row, to a client. All
servers are there at once, and each round asks all of them one after the other: a ratio is of one round, and the figure
is the middle one of all rounds, so that what else the machine does meets all alike.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from unittest import mock
from uuid import UUID, uuid4

SOCKETS, MANY, NOTICES, ROUNDS, MANY_ROUNDS = 400, 1_000, 25, 7, 3
FAN_OUT_LIMIT, DISTINCT_LIMIT, P99_LIMIT, ADAPTER_LIMIT = 33.0, 400.0, 3.0, 1.0
RAW, ADAPTER = "raw", "adapter"
OURS = ("/ws", "/socket.io")
# What was not heard by then never comes.
LOST_SECONDS = 120.0
# No notice has this number: the server says so, and begins at the last one instead of with a replay.
NEVER = 2**52
# Tells once; returns when: behind the committed row.
Tell = Callable[[], Awaitable[float]]


def main() -> int:
    """Measure with servers of its own; returns 0 when the limits are kept."""
    with tempfile.TemporaryDirectory(prefix="sop-bench-") as folder:
        os.environ |= {
            "SOP_DATA_DIR": folder,
            "SOP_EMBEDDED": "1",
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "LOG_LEVEL": "ERROR",
            "RATE_LIMITS_SCALE": "1000",
        }
        for name in ("DATABASE_URL", "REDIS_URL", "SOP_TEST_SUFFIX"):
            os.environ.pop(name, None)
        from config.runtime.embedded import Stack, database_url, redis_url

        os.environ["DATABASE_URL"], os.environ["REDIS_URL"] = database_url(), redis_url()
        try:
            import django
            from django.core.management import call_command

            django.setup()
            call_command("migrate_all", verbosity=0)
            return asyncio.run(_measure())
        finally:
            from django.db import connections

            connections.close_all()
            Stack(Path(folder)).stop()


class Server:
    """One of them, and its clients."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        name = {"/ws": "product", "/socket.io": "product"}.get(kind, kind)
        command = [sys.executable, "-m", "tests.benchmarks.socket_servers", name]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        self.port = int(self.process.stdout.readline())
        self.sockets: list[Any] = []
        self.readers: list[asyncio.Task[None]] = []
        self.heard: list[float] = []
        self.closed: list[int] = []

    def processor(self) -> float:
        """Seconds that the process has used."""
        # The clock of another process, as clock_getcpuclockid(3) names it: exact, where /proc counts hundredths.
        return time.clock_gettime(~self.process.pid << 3 | 2)

    async def open(self, holders: list[Any]) -> None:
        """A socket for each holder."""
        for begin in range(0, len(holders), 50):
            await asyncio.gather(*(self._begun(holder) for holder in holders[begin : begin + 50]))

    async def _begun(self, holder: Any) -> None:
        line = await self._one(holder)
        self.sockets.append(line)
        # At once: who reads nothing answers no ping, and is let go of.
        self.readers.append(asyncio.create_task(self._read(line)))

    async def _one(self, holder: Any) -> Any:
        from asgiref.sync import sync_to_async
        from websockets.asyncio.client import connect

        from notifications import services

        options: dict[str, Any] = {"compression": None, "open_timeout": 300, "ping_interval": None}
        base = f"ws://127.0.0.1:{self.port}"
        if self.kind == "raw":
            return await connect(base, **options)
        if self.kind == "adapter":
            line = await connect(f"{base}/socket.io/?EIO=4&transport=websocket", **options)
            await line.send("40")
            await _heard(line, "40")
            return line
        ticket = await sync_to_async(services.issue_socket_ticket)(principal=holder)
        if self.kind == "/ws":
            line = await connect(f"{base}/ws/notifications", subprotocols=["sop.v1", f"sop.ticket.{ticket}"], **options)
            await line.send(json.dumps({"type": "hello", "last_sequence": NEVER}))
            await _heard(line, '{"type":"reset"')
            return line
        line = await connect(f"{base}/socket.io/?EIO=4&transport=websocket", **options)
        await line.send("40" + json.dumps({"ticket": ticket, "last_sequence": NEVER}))
        await _heard(line, '42["reset"')
        return line

    async def _read(self, line: Any) -> None:
        from websockets.exceptions import ConnectionClosed

        with suppress(ConnectionClosed):
            async for text in line:
                if text == "2":
                    await line.send("3")
                elif "sequence" in text:
                    self.heard.append(time.perf_counter())
        self.closed.append(line.close_code)

    async def deliver(self, tell: Tell, count: int) -> list[float]:
        """Tell once, and wait until it was heard so often; how long each took."""
        self.heard = []
        begun = await tell()
        while len(self.heard) < count:
            await asyncio.sleep(0.002)
            if time.perf_counter() - begun > LOST_SECONDS:
                raise RuntimeError(f"{self.kind}: {len(self.heard)} of {count} heard a notice; closed: {self.closed}")
        return [at - begun for at in self.heard]

    async def stop(self) -> None:
        for task in self.readers:
            task.cancel()
        await asyncio.gather(*(one.close() for one in self.sockets), return_exceptions=True)
        self.process.terminate()
        self.process.wait(60)


@dataclass(frozen=True, kw_only=True)
class Round:
    """Of one server: microseconds of the processor a delivery; median and 99th percentile of the milliseconds."""

    cost: float
    middle: float
    last: float


async def _heard(line: Any, beginning: str) -> None:
    """The server has said this: a client of which it does not know yet is none to measure."""
    while not str(await line.recv()).startswith(beginning):
        pass


async def _measure() -> int:
    from asgiref.sync import sync_to_async

    load = os.getloadavg()[0]
    people = await sync_to_async(_people)(2)
    found = await _fan_out((RAW, ADAPTER, *OURS), people, SOCKETS, ROUNDS)
    many = await _fan_out((RAW, *OURS), people, MANY, MANY_ROUNDS)
    distinct = await _distinct(await sync_to_async(_people)(SOCKETS))
    say = sys.stdout.write
    say(f"Load of the machine (1 min) before {load:.1f}, after {os.getloadavg()[0]:.1f}.\n\n")
    say("| sockets | server | processor a delivery | median | p99 |\n|---|---|---|---|---|\n")
    for number, rounds in ((SOCKETS, found), (MANY, many)):
        for kind, those in rounds.items():
            cost, middle, last = (median(getattr(one, name) for one in those) for name in ("cost", "middle", "last"))
            say(f"| {number} of one user | {kind} | {cost:.1f} µs | {middle:.1f} ms | {last:.1f} ms |\n")
    say(f"| {SOCKETS} of as many users | /ws | {distinct:.0f} µs | | |\n")
    say("\n| figure | limit | measured | |\n|---|---|---|---|\n")
    kept = True
    for figure, limit, measured, unit in (*_figures(found), ("/ws, distinct users", DISTINCT_LIMIT, distinct, " µs")):
        met = measured <= limit
        kept = kept and met
        say(f"| {figure} | ≤ {limit:g}{unit} | {measured:.3g}{unit} | {'met' if met else '**missed**'} |\n")
    return 0 if kept else 1


def _figures(rounds: dict[str, list[Round]]) -> Iterator[tuple[str, float, float, str]]:
    """Name, limit, measured, unit."""

    def ratio(kind: str, other: str, name: str) -> float:
        return median(getattr(a, name) / getattr(b, name) for a, b in zip(rounds[kind], rounds[other], strict=True))

    for kind in OURS:
        yield f"{kind}, processor a delivery", FAN_OUT_LIMIT, median(one.cost for one in rounds[kind]), " µs"
        yield f"{kind}, processor by the Redis adapter's", ADAPTER_LIMIT, ratio(kind, ADAPTER, "cost"), " ×"
        yield f"{kind}, p99 by raw's", P99_LIMIT, ratio(kind, RAW, "last"), " ×"


async def _fan_out(kinds: Sequence[str], people: list[Any], sockets: int, rounds: int) -> dict[str, list[Round]]:
    holders = {kind: people[OURS.index(kind)] if kind in OURS else people[0] for kind in kinds}
    servers: dict[str, Server] = {}
    try:
        for kind in kinds:
            servers[kind] = Server(kind)
        return await _by_turns(servers, holders, sockets, rounds)
    finally:
        for server in servers.values():
            await server.stop()


async def _by_turns(
    servers: dict[str, Server], holders: dict[str, Any], sockets: int, rounds: int
) -> dict[str, list[Round]]:
    tellers = {kind: await _teller(kind, holders[kind].user_id) for kind in servers}
    for kind, server in servers.items():
        await server.open([holders[kind]] * sockets)
    await asyncio.sleep(2)
    for kind, server in servers.items():
        for _ in range(5):
            await server.deliver(tellers[kind], sockets)
    found: dict[str, list[Round]] = {kind: [] for kind in servers}
    for _ in range(rounds):
        for kind, server in servers.items():
            times, before = [], server.processor()
            for _ in range(NOTICES):
                times += await server.deliver(tellers[kind], sockets)
            cost = (server.processor() - before) / (NOTICES * sockets) * 1e6
            last = quantiles(times, n=100)[98]
            found[kind].append(Round(cost=cost, middle=median(times) * 1e3, last=last * 1e3))
    return found


async def _distinct(people: list[Any]) -> float:
    from asgiref.sync import sync_to_async

    from notifications.models import Counter, Notice
    from notifications.services.sockets.socket_wakeup import wake
    from tests.factories.notifications import CounterFactory, NoticeFactory

    def write(number: int) -> float:
        Notice.objects.bulk_create(
            NoticeFactory.build(user_id=one.user_id, sequence=number, kind="analysis_ready", event_key=str(uuid4()))
            for one in people
        )
        Counter.objects.bulk_create(
            [CounterFactory.build(user_id=one.user_id, last=number) for one in people],
            update_conflicts=True,
            unique_fields=["user_id"],
            update_fields=["last"],
        )
        begun = time.perf_counter()
        for one in people:
            wake(one.user_id)
        return begun

    server, costs = Server("/ws"), []
    await server.open(people)
    await asyncio.sleep(2)
    for number in range(1, 7):
        before = server.processor()
        await server.deliver(lambda number=number: sync_to_async(write)(number), len(people))  # type: ignore[misc]  # a lambda's default
        costs.append((server.processor() - before) / len(people) * 1e6)
    await server.stop()
    return median(costs[1:])


async def _teller(kind: str, user_id: UUID) -> Tell:
    from asgiref.sync import sync_to_async
    from redis import asyncio as redis

    from notifications.models import Counter, Notice
    from notifications.services.notices import notice_dto
    from notifications.services.sockets.socket_wakeup import wake
    from tests.benchmarks.socket_servers import CHANNEL
    from tests.factories.notifications import CounterFactory, NoticeFactory

    last = await sync_to_async(lambda: CounterFactory(user_id=user_id).last)()

    def write() -> Notice:
        nonlocal last
        last += 1
        row = NoticeFactory(user_id=user_id, sequence=last, kind="analysis_ready", event_key=str(uuid4()))
        Counter.objects.filter(user_id=user_id).update(last=last)
        return row

    if kind.startswith("/"):

        async def tell() -> float:
            await sync_to_async(write)()
            begun = time.perf_counter()
            await sync_to_async(wake)(user_id)
            return begun

        return tell
    import orjson
    import socketio

    dto = await sync_to_async(notice_dto)(await sync_to_async(write)())
    about = json.loads(orjson.dumps(dto))
    if kind == "raw":
        client = redis.from_url(os.environ["REDIS_URL"])
        text = json.dumps({"type": "notice", "notice": about})

        async def publish() -> float:
            begun = time.perf_counter()
            await client.publish(CHANNEL, text)
            return begun

        return publish
    manager = socketio.AsyncRedisManager(os.environ["REDIS_URL"], write_only=True)

    async def emit() -> float:
        begun = time.perf_counter()
        await manager.emit("notice", about, namespace="/", room="everybody")
        return begun

    return emit


def _people(count: int) -> list[Any]:
    from django.contrib.auth.hashers import Argon2PasswordHasher

    from tests.factories import make_account
    from tests.notifications.support import signed_in

    with mock.patch.multiple(Argon2PasswordHasher, time_cost=1, memory_cost=64, parallelism=1):
        return [signed_in(make_account("patient")) for _ in range(count)]


if __name__ == "__main__":
    sys.exit(main())
