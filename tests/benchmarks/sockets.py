"""What a notice costs on its way to 400 sockets: of the product, a bare ``websockets`` server, and Socket.IO with its
Redis adapter (python-socketio's ``AsyncRedisManager`` stands for it), by turns in one run: ``make bench W=sockets``.

Processor: of the server's process, for each delivery. Times: from the wake, behind the committed row, to a client.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from unittest import mock
from uuid import UUID, uuid4

SOCKETS, MANY, NOTICES, ROUNDS = 400, 1_000, 25, 3
FAN_OUT_LIMIT, DISTINCT_LIMIT, P99_LIMIT = 33.0, 400.0, 3.0
KINDS = ("raw", "adapter", "/ws", "/socket.io")
_TICKS = os.sysconf("SC_CLK_TCK")


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

    def processor(self) -> float:
        """Seconds that the process has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    async def open(self, holders: list[Any]) -> None:
        """A socket for each holder."""
        for begin in range(0, len(holders), 50):
            self.sockets += await asyncio.gather(*(self._one(holder) for holder in holders[begin : begin + 50]))
        self.readers = [asyncio.create_task(self._read(one)) for one in self.sockets]

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
            return line
        ticket = await sync_to_async(services.issue_socket_ticket)(principal=holder)
        if self.kind == "/ws":
            line = await connect(f"{base}/ws/notifications", subprotocols=["sop.v1", f"sop.ticket.{ticket}"], **options)
            await line.send('{"type":"hello","last_sequence":0}')
            return line
        line = await connect(f"{base}/socket.io/?EIO=4&transport=websocket", **options)
        await line.send("40" + json.dumps({"ticket": ticket}))
        return line

    async def _read(self, line: Any) -> None:
        async for text in line:
            if text == "2":
                await line.send("3")
            elif "sequence" in text:
                self.heard.append(time.perf_counter())

    async def deliver(self, tell: Callable[[], Awaitable[None]], count: int) -> list[float]:
        """Tell once, and wait until it was heard so often; how long each took."""
        self.heard = []
        begun = time.perf_counter()
        await tell()
        while len(self.heard) < count:
            await asyncio.sleep(0.002)
        return [at - begun for at in self.heard]

    async def stop(self) -> None:
        for task in self.readers:
            task.cancel()
        await asyncio.gather(*(one.close() for one in self.sockets), return_exceptions=True)
        self.process.terminate()
        self.process.wait(60)


async def _measure() -> int:
    from asgiref.sync import sync_to_async

    load = os.getloadavg()[0]
    one = (await sync_to_async(_people)(1))[0]
    figures = {kind: await _fan_out(kind, one, SOCKETS) for kind in KINDS}
    many = {kind: await _fan_out(kind, one, MANY, rounds=1) for kind in ("raw", "/ws")}
    distinct = await _distinct(await sync_to_async(_people)(SOCKETS))
    sys.stdout.write(f"Load of the machine (1 min) before {load:.1f}, after {os.getloadavg()[0]:.1f}.\n\n")
    sys.stdout.write("| sockets | server | processor a delivery | median | p99 | limit |\n|---|---|---|---|---|---|\n")
    for number, found in ((SOCKETS, figures), (MANY, many)):
        for kind, (cost, middle, last) in found.items():
            limit = ""
            if kind.startswith("/") and number == SOCKETS:
                times = last / found["raw"][2]
                limit = f"≤ {FAN_OUT_LIMIT:.0f} µs; p99 {times:.1f} × raw, ≤ {P99_LIMIT:.0f}"
            sys.stdout.write(
                f"| {number} of one user | {kind} | {cost:.0f} µs | {middle:.1f} ms | {last:.1f} ms | {limit} |\n"
            )
    sys.stdout.write(f"| {SOCKETS} of as many users | /ws | {distinct:.0f} µs | | | ≤ {DISTINCT_LIMIT:.0f} µs |\n")
    ours, raw, adapter = figures["/ws"], figures["raw"], figures["adapter"]
    kept = ours[0] <= FAN_OUT_LIMIT and ours[2] <= P99_LIMIT * raw[2] and ours[0] <= adapter[0]
    return 0 if kept and distinct <= DISTINCT_LIMIT else 1


async def _fan_out(kind: str, holder: Any, sockets: int, rounds: int = ROUNDS) -> tuple[float, float, float]:
    """Microseconds of the processor a delivery; median and 99th percentile of the milliseconds to a client."""
    server = Server(kind)
    tell = await _teller(kind, holder.user_id)
    await server.open([holder] * sockets)
    await asyncio.sleep(2)
    for _ in range(3):
        await server.deliver(tell, sockets)
    costs, times = [], []
    for _ in range(rounds):
        before = server.processor()
        for _ in range(NOTICES):
            times += await server.deliver(tell, sockets)
        costs.append((server.processor() - before) / (NOTICES * sockets) * 1e6)
    await server.stop()
    return median(costs), median(times) * 1e3, quantiles(times, n=100)[98] * 1e3


async def _distinct(people: list[Any]) -> float:
    from asgiref.sync import sync_to_async

    from notifications.models import Counter, Notice
    from notifications.services.sockets.socket_wakeup import wake
    from tests.factories.notifications import CounterFactory, NoticeFactory

    def write(number: int) -> None:
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
        for one in people:
            wake(one.user_id)

    server, costs = Server("/ws"), []
    await server.open(people)
    await asyncio.sleep(2)
    for number in range(1, 7):
        before = server.processor()
        await server.deliver(lambda number=number: sync_to_async(write)(number), len(people))  # type: ignore[misc]  # a lambda's default
        costs.append((server.processor() - before) / len(people) * 1e6)
    await server.stop()
    return median(costs[1:])


async def _teller(kind: str, user_id: UUID) -> Callable[[], Awaitable[None]]:
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

        async def tell() -> None:
            await sync_to_async(write)()
            await sync_to_async(wake)(user_id)

        return tell
    import orjson
    import socketio

    dto = await sync_to_async(notice_dto)(await sync_to_async(write)())
    about = json.loads(orjson.dumps(dto))
    if kind == "raw":
        client = redis.from_url(os.environ["REDIS_URL"])
        text = json.dumps({"type": "notice", "notice": about})

        async def publish() -> None:
            await client.publish(CHANNEL, text)

        return publish
    manager = socketio.AsyncRedisManager(os.environ["REDIS_URL"], write_only=True)

    async def emit() -> None:
        await manager.emit("notice", about, namespace="/", room="everybody")

    return emit


def _people(count: int) -> list[Any]:
    from django.contrib.auth.hashers import Argon2PasswordHasher

    from tests.factories import make_account
    from tests.notifications.support import signed_in

    with mock.patch.multiple(Argon2PasswordHasher, time_cost=1, memory_cost=64, parallelism=1):
        return [signed_in(make_account("patient")) for _ in range(count)]


if __name__ == "__main__":
    sys.exit(main())
