"""The journey mix: second opinions one after the other, topped up with the reads of a working day to a steady rate."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from websockets.exceptions import WebSocketException

from tests.journey.__main__ import tell
from tests.journey.http import Caller, StepFailed
from tests.journey.people import sign_in
from tests.journey.timeline import Timeline

TOKEN_SECONDS = 200
READS = ("/cases", "/notifications", "/professionals", "/profile/me", "/cases?limit=5")


class _Quiet(Timeline):
    """Steps that are not told."""

    @contextmanager
    def step(self, who: str, title: str) -> Iterator[None]:
        yield


class Mix:
    """Keeps to ``rate`` requests a second in all; the journeys come first."""

    def __init__(self, base_url: str, data: Path, rate: float) -> None:
        self.base_url, self.data, self.rate = base_url, data, rate
        self.requests = self.journeys = self.failed = 0
        self.errors: dict[str, int] = {}
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._begun = 0.0

    def run(self, seconds: float) -> None:
        """Drive the mix for ``seconds``."""
        self._begun = time.monotonic()
        plain = requests.Session.request

        def counted(session: requests.Session, *arguments: Any, **options: Any) -> requests.Response:
            self._count()
            return plain(session, *arguments, **options)

        requests.Session.request = counted  # type: ignore[method-assign,assignment]
        threads = [threading.Thread(target=self._tell, daemon=True), threading.Thread(target=self._read, daemon=True)]
        try:
            for thread in threads:
                thread.start()
            self._ended.wait(seconds)
            self._ended.set()
            for thread in threads:
                thread.join(120)
        finally:
            requests.Session.request = plain  # type: ignore[method-assign]

    def _count(self) -> None:
        with self._lock:
            self.requests += 1

    def _behind(self) -> float:
        """How many requests are missing at this moment."""
        return (time.monotonic() - self._begun) * self.rate - self.requests

    def _tell(self) -> None:
        while not self._ended.is_set():
            try:
                tell(self.base_url, self.data, _Quiet())
            except (StepFailed, requests.RequestException, WebSocketException) as error:
                self.failed += 1
                self.errors[str(error)[:160]] = self.errors.get(str(error)[:160], 0) + 1
                self._ended.wait(2)
            else:
                self.journeys += 1

    def _read(self) -> None:
        login = json.loads((self.data / "demo" / "accounts.json").read_text())["patient"]
        caller, since, number = self._reader(login), time.monotonic(), 0
        while not self._ended.is_set():
            if self._behind() < 1:
                self._ended.wait(0.05)
                continue
            if time.monotonic() - since > TOKEN_SECONDS:
                caller, since = self._reader(login), time.monotonic()
            number += 1
            try:
                caller.get(READS[number % len(READS)])
            except (StepFailed, requests.RequestException) as error:
                self.errors[str(error)[:160]] = self.errors.get(str(error)[:160], 0) + 1

    def _reader(self, login: dict[str, Any]) -> Caller:
        return sign_in(self.base_url, "reader", login)
