"""Messages to a group: heard by who listens, and no burden to who sends, whatever becomes of Valkey."""

import asyncio
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from config.kernel import channel_groups
from config.kernel.channel_groups import MAX_WAITING, SILENT_SECONDS, GroupSender, group_messages
from config.runtime.embedded import EmbeddedValkey
from tests.own_valkey import frozen, own_valkey
from tests.platform.waiting import until

GROUP = "test"
# What ends by itself in these tests ends by a limit of the sender's, and by no other.
NEVER = 3600


@pytest.fixture
def valkey(settings: Any, tmp_path: Path) -> Iterator[EmbeddedValkey]:
    with own_valkey(settings, tmp_path, socket_timeout=NEVER, socket_connect_timeout=NEVER) as valkey:
        yield valkey


class Listener:
    """Listens in a thread."""

    def __init__(self) -> None:
        self.heard: list[Any] = []

    @contextmanager
    def listening(self) -> Iterator["Listener"]:
        loop = asyncio.new_event_loop()
        task = loop.create_task(self._listen())
        thread = threading.Thread(target=lambda: loop.run_until_complete(asyncio.wait([task])))
        thread.start()
        try:
            yield self
        finally:
            loop.call_soon_threadsafe(task.cancel)
            thread.join()
            loop.close()

    async def _listen(self) -> None:
        async for message in group_messages(GROUP):
            self.heard.append(message["number"])


class Sender:
    """A sender whose clock is moved by hand."""

    def __init__(self, limit: float) -> None:
        self.now = 0.0
        self.real = GroupSender(limit=limit, clock=lambda: self.now)

    def send(self, number: int) -> None:
        self.real.send(GROUP, {"type": "number", "number": number})

    def await_idle(self) -> None:
        until(lambda: self.real.idle, "all is sent or given up")

    def until_heard(self, number: int, listener: Listener) -> None:
        """What nobody listens to yet, or Valkey is not there for, is lost: send it until it is heard."""

        def heard() -> bool:
            self.now += SILENT_SECONDS
            self.send(number)
            return number in listener.heard

        until(heard, f"{number} is heard")
        self.await_idle()


def test_what_is_sent_is_heard_in_its_order(valkey: EmbeddedValkey) -> None:
    sender = Sender(NEVER)
    with Listener().listening() as listener:
        sender.until_heard(0, listener)
        for number in range(1, 100):
            sender.send(number)
        until(lambda: listener.heard[-1] == 99, "all are heard")
    assert [number for number in listener.heard if number] == list(range(1, 100))


def test_whoever_sends_goes_on_while_valkey_is_frozen(valkey: EmbeddedValkey) -> None:
    sender, last = Sender(NEVER), MAX_WAITING * 2
    with Listener().listening() as listener:
        sender.until_heard(0, listener)
        with frozen(valkey):
            for number in range(1, last + 1):
                sender.send(number)
            # Nobody has answered, and who sent the last message is here already.
            assert not sender.real.idle
        until(lambda: listener.heard[-1] == last, "the last message is heard, late")
    assert len(set(listener.heard)) < last, "what waits is bounded"


def test_a_frozen_valkey_is_waited_for_once_until_it_had_its_time(valkey: EmbeddedValkey) -> None:
    sender = Sender(limit=0.05)
    with frozen(valkey):
        sender.send(1)
        sender.await_idle()
        sender.send(2)
        assert sender.real.idle, "nothing more is tried"
    with Listener().listening() as listener:
        sender.until_heard(3, listener)
    assert 2 not in listener.heard


def test_a_killed_valkey_that_comes_back_is_listened_to_again(valkey: EmbeddedValkey) -> None:
    sender = Sender(NEVER)
    with Listener().listening() as listener:
        sender.until_heard(1, listener)
        os.kill(valkey.pid, signal.SIGKILL)
        until(lambda: not valkey.process_lives(), "it is gone")
        sender.send(2)
        sender.await_idle()
        valkey.revive()
        sender.until_heard(3, listener)
    assert 2 not in listener.heard


def test_a_forked_process_sends_what_is_its_own(valkey: EmbeddedValkey) -> None:
    sender = Sender(NEVER)
    sender.real = channel_groups.sender
    with Listener().listening() as listener:
        sender.until_heard(1, listener)
        child = os.fork()
        if child == 0:
            try:
                sender.send(2)
                sender.await_idle()
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        until(lambda: 2 in listener.heard, "the child's message is heard")
