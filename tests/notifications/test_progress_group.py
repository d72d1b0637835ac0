"""How far jobs are reaches every socket of a process by one channel of it, which ends with the last of them."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import redis

from config.kernel.progress import tell_progress
from config.runtime.embedded import EmbeddedValkey
from notifications.realtime.connections import Connection
from notifications.realtime.notice_hub import NoticeHub
from tests.own_valkey import own_valkey

SOCKETS = 200
# Its channel, and the group.
OF_A_PROCESS = 2


@pytest.fixture
def valkey(settings: Any, tmp_path: Path) -> Iterator[EmbeddedValkey]:
    with own_valkey(settings, tmp_path) as valkey:
        yield valkey


class Counter:
    """What Valkey says of its subscriptions."""

    def __init__(self, valkey: EmbeddedValkey) -> None:
        self._client = redis.Redis.from_url(valkey.url())

    def subscriptions(self) -> int:
        return len(self._client.pubsub_channels())

    async def until(self, count: int) -> None:
        while self.subscriptions() != count:
            await asyncio.sleep(0.02)


async def _told(hub: NoticeHub, connections: list[Connection], users: list[UUID], step: str) -> None:
    """A message is lost on the way as long as the hub's channel is not in the group: tell it again."""
    while not all(connection.jobs for connection in connections):
        tell_progress(user_ids=users, about={"document_id": "d", "step": step})
        await asyncio.sleep(0.02)
    assert {connection.jobs.popitem()[1]["step"] for connection in connections} == {step}


def test_two_hundred_sockets_cost_the_channel_of_one(valkey: EmbeddedValkey) -> None:
    counter, users = Counter(valkey), [uuid4() for _ in range(SOCKETS // 2)]
    connections = [Connection(user, uuid4()) for user in users for _ in range(2)]

    async def story() -> None:
        hub = NoticeHub()
        for connection in connections:
            hub.attach(connection)
        await _told(hub, connections, users, "drawing")
        assert counter.subscriptions() == OF_A_PROCESS
        for connection in connections:
            hub.detach(connection)
        await counter.until(0)
        # And once more: a page that is opened again.
        hub.attach(connections[0])
        await _told(hub, connections[:1], users[:1], "checking")
        hub.detach(connections[0])
        await counter.until(0)

    asyncio.run(asyncio.wait_for(story(), 600))
