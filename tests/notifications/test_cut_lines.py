"""Promise H1: whatever is cut, and while Valkey is killed, each client sees every notice once and in order."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidHandshake, WebSocketException

from config.kernel.auth import Principal
from config.runtime.embedded import EmbeddedValkey
from tests.factories import make_account
from tests.notifications.realtime import Realtime
from tests.notifications.socketio.cutting_proxy import CuttingProxy
from tests.notifications.socketio.official import new_ticket, write_notices
from tests.notifications.support import signed_in
from tests.own_valkey import own_valkey

pytestmark = pytest.mark.django_db(transaction=True)
NOTICES, CUTS = int(os.environ.get("SOP_SOCKET_NOTICES", "200")), int(os.environ.get("SOP_SOCKET_CUTS", "4"))
CLIENTS = int(os.environ.get("SOP_SOCKET_CLIENTS", "6"))


async def _client(port: int, who: Principal) -> list[int]:
    seen: list[int] = []
    while len(seen) < NOTICES:
        ticket = await sync_to_async(new_ticket)(who)
        try:
            url = f"ws://127.0.0.1:{port}/ws/notifications"
            async with connect(url, subprotocols=["sop.v1", f"sop.ticket.{ticket}"], open_timeout=300) as socket:  # type: ignore[list-item]  # its types want a new type of text
                await socket.send(json.dumps({"type": "hello", "last_sequence": len(seen)}))
                while len(seen) < NOTICES:
                    seen.append(json.loads(await socket.recv())["notice"]["sequence"])
        except (OSError, EOFError, WebSocketException, InvalidHandshake):
            continue
    return seen


def _written(user_id: UUID, valkey: EmbeddedValkey) -> None:
    """A third, then Valkey dies; a third, then it is back; the rest."""
    try:
        third = NOTICES // 3
        write_notices(user_id, third)
        valkey.stop()
        write_notices(user_id, third)
        valkey.start()
        write_notices(user_id, NOTICES - 2 * third)
    finally:
        connections.close_all()


def test_each_client_sees_every_notice_once_and_in_order(realtime: Realtime, settings: Any, tmp_path: Path) -> None:
    who = signed_in(make_account("patient"))
    proxy = CuttingProxy(realtime.port, cuts=CUTS, every=200 * NOTICES * CLIENTS // (CUTS + 1), seed=14)
    with own_valkey(settings, tmp_path) as valkey, proxy.running() as port:
        settings.REDIS_URL = valkey.url()
        writer = threading.Thread(target=_written, args=(who.require_user_id(), valkey))
        writer.start()

        async def all_of_them() -> list[list[int]]:
            return await asyncio.gather(*(_client(port, who) for _ in range(CLIENTS)))

        seen = asyncio.run(all_of_them())
        writer.join()
    assert seen == [list(range(1, NOTICES + 1))] * CLIENTS
    assert proxy.done == CUTS
