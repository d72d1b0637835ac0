"""``make bench W=slow``: 200 slow clients of each kind against the whole product, an honest one beside them; and
10 MB over a line of 1 Mbit/s, by the plain upload and by tus."""

from __future__ import annotations

import base64
import http.client
import os
import selectors
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import quantiles

from config.runtime.embedded import Stack
from tests.journey.story import Story
from tests.journey.timeline import Timeline
from tests.platform.running import Product
from tests.platform.waiting import until
from tests.tooling.imaging import Imaging, dicom_slice

CLIENTS, SLOW_LINE, SLOW_BYTES = 200, 125_000, 10_000_000
ROUNDS, ASKED = 3, 240
_LINE = b"Patient: Maria Keller\nDate of birth: 17.04.1961\nVisit %d: all is well.\n"


@dataclass
class Slow:
    """What a kind of slow client says at once and each second, or takes."""

    name: str
    first: bytes
    each: bytes = b"x"
    reads: bool = False
    # Whether honest people are asked while these still come, all at once, and not from where they are slow.
    rush: bool = False


@dataclass
class Crowd:
    """Slow clients of one kind, from ten addresses; who is sent away comes back."""

    port: int
    kind: Slow
    answers: dict[bytes, int] = field(default_factory=dict)
    _begun: set[int] = field(default_factory=set)

    @contextmanager
    def there(self) -> Iterator[None]:
        self._begun.clear()
        self._ended = threading.Event()
        self._all_there = threading.Event()
        thread = threading.Thread(target=self._live)
        thread.start()
        try:
            self._all_there.wait(120)
            yield
        finally:
            self._ended.set()
            thread.join()

    def _live(self) -> None:
        chosen = selectors.DefaultSelector()
        for number in range(CLIENTS):
            self._come(chosen, number)
        while not self._ended.is_set():
            begun = time.monotonic()
            for key in [*chosen.get_map().values()]:
                self._go_on(chosen, key)
            if len(self._begun) == CLIENTS:
                # What comes at once has come, or was answered: from here on they are slow.
                self._all_there.set()
            pause = 1.0 if self._all_there.is_set() else 0.05
            self._ended.wait(max(0.0, pause - (time.monotonic() - begun)))
        for key in [*chosen.get_map().values()]:
            key.fileobj.close()  # type: ignore[union-attr]

    def _come(self, chosen: selectors.BaseSelector, number: int) -> None:
        client = socket.socket()
        if self.kind.reads:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.bind((f"127.0.1.{1 + number % 10}", 0))
        client.settimeout(30)
        client.connect(("127.0.0.1", self.port))
        left = memoryview(self.kind.first)
        client.setblocking(False)
        chosen.register(client, selectors.EVENT_READ, [number, left])

    def _go_on(self, chosen: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
        client: socket.socket = key.fileobj  # type: ignore[assignment]
        number, left = key.data
        try:
            if left or not self.kind.reads:
                sent = client.send(left or self.kind.each)
                key.data[1] = left = left[sent:] if left else left
            if not left and (self.kind.rush or not self.kind.reads):
                self._begun.add(number)
            said = client.recv(1024 if self.kind.reads else 4096)
            if said and self.kind.reads and not said.startswith(b"HTTP/1.1 4"):
                self._begun.add(number)
                return
        except BlockingIOError:
            return
        except OSError:
            said = b"HTTP/1.1 cut"
        self._begun.add(number)
        status = said[9:12] or b"end"
        self.answers[status] = self.answers.get(status, 0) + 1
        chosen.unregister(client)
        client.close()
        self._come(chosen, number)


def main() -> int:
    """Measure and print the table."""
    with tempfile.TemporaryDirectory(prefix="sop-slow-") as folder:
        product = Product(Path(folder) / "data")
        try:
            product.start("--seed", RATE_LIMITS_SCALE="1000")
            until(lambda: product.status("/readyz") == 200, "the product is ready", 600)
            return _measure(product)
        finally:
            product.stop()
            Stack(product.data).stop()


def _measure(product: Product) -> int:
    story = Story(f"http://127.0.0.1:{product.port}", product.data, Timeline())
    story.register()
    story.open_case()
    document = story.patient._raw(
        "POST",
        "/documents/upload",
        201,
        files={"file": ("series.dcm", dicom_slice(imaging=Imaging(frames=40)).content, "application/dicom")},
        data={"case_id": story.case_id},
    ).json()["id"]
    asked = f"/documents/{document}"
    until(lambda: story.patient.get(asked)["state"] != "QUARANTINED", "the document is read", 300)
    lines = _slow_lines(product.port, story)
    print(
        "| 200 slow clients | p50 alone | p50 beside | p95 alone | p95 beside | ratio (≤ 2) | failed |"
        " what they were told | front, web (PSS) | target |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|", flush=True)
    missed = 0
    for kind in _kinds(story.case_id, document):
        _renew(story)
        kind = replace(kind, first=kind.first.replace(b"$TOKEN", story.patient.token.encode()))
        missed += _row(product, kind, story.patient.token)
    for line in lines:
        line.join()
        print(line.told)
        missed += not line.arrived
    return 1 if missed else 0


def _row(product: Product, kind: Slow, token: str) -> int:
    alone, beside, failed, crowd = [], [], 0, Crowd(product.port, kind)
    memory = (0, 0)
    for _ in range(ROUNDS):
        alone += _honest(product.port, token)[0]
        with crowd.there():
            if kind.reads and not kind.rush:
                _settle(product)
            found, bad = _honest(product.port, token)
            beside, failed = beside + found, failed + bad
            memory = max(memory, (_pss(product, "front"), _pss(product, "web")))
    (p50, p95), (b50, b95) = ((quantiles(side, n=100)[49], quantiles(side, n=100)[94]) for side in (alone, beside))
    met = b95 <= 2 * p95 and not failed
    told = ", ".join(f"{status.decode()} × {count}" for status, count in sorted(crowd.answers.items())) or "nothing"
    print(
        f"| {kind.name} | {p50:.1f} ms | {b50:.1f} ms | {p95:.1f} ms | {b95:.1f} ms | {b95 / p95:.2f} | {failed} |"
        f" {told} | {memory[0]}, {memory[1]} MB | {'met' if met else 'missed'} |",
        flush=True,
    )
    return not met


def _settle(product: Product) -> None:
    """Wait until what has come at once is worked off: the web processes rest."""
    spent = _processor_seconds(product, "web")
    for _ in range(60):
        time.sleep(1)
        before, spent = spent, _processor_seconds(product, "web")
        if spent - before < 0.1:
            return
    raise AssertionError("the web processes do not come to rest beside slow clients")


def _honest(port: int, token: str) -> tuple[list[float], int]:
    """Four people at a time list their cases; milliseconds of each answer, and how many did not come."""
    found: list[float] = []
    failed: list[int] = []

    def ask() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        for _ in range(ASKED // 4):
            begun = time.perf_counter()
            try:
                connection.request("GET", "/api/v1/cases", headers={"Authorization": f"Bearer {token}"})
                answer = connection.getresponse()
                answer.read()
                (found.append(1000 * (time.perf_counter() - begun)) if answer.status == 200 else failed.append(1))
            except (OSError, http.client.HTTPException):
                failed.append(1)
                connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found, len(failed)


def _kinds(case_id: str, document: str) -> list[Slow]:
    signed = b"Host: 127.0.0.1\r\nAuthorization: Bearer $TOKEN\r\n"
    form = b"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: %d\r\n\r\n" + (
        b'--b\r\nContent-Disposition: form-data; name="case_id"\r\n\r\n' + case_id.encode() + b"\r\n"
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n'
    )
    upload = b"POST /api/v1/documents/upload HTTP/1.1\r\n"
    download = f"GET /api/v1/documents/{document}/original HTTP/1.1\r\n".encode() + signed + b"\r\n"
    return [
        Slow("idle", b"", b""),
        Slow("half a head", b"GET /api/v1/cases HTTP/1.1\r\nX-Slow: "),
        Slow(
            "JSON",
            b"POST /api/v1/cases HTTP/1.1\r\n"
            + signed
            + b'Content-Type: application/json\r\nContent-Length: 900\r\n\r\n{"',
        ),
        Slow("small uploads", upload + signed + form % 60_000, b"x" * 1000),
        Slow("large uploads", upload + signed + form % 20_000_000 + b"x" * 3_000_000, b"x" * 1000),
        Slow("large uploads without a sign-in", upload + b"Host: 127.0.0.1\r\n" + form % 20_000_000, b"x" * 1000),
        Slow("downloads", download, reads=True),
        Slow("downloads, while all 200 begin", download, reads=True, rush=True),
    ]


class _Line(threading.Thread):
    """One document over a line of 1 Mbit/s."""

    def __init__(self, name: str, send: Callable[[], tuple[int, str]]) -> None:
        super().__init__()
        self.name, self._send = name, send
        self.arrived, self.told = False, ""

    def run(self) -> None:
        begun = time.monotonic()
        try:
            status, where = self._send()
        except OSError as error:
            status, where = 0, type(error).__name__
        self.arrived = status in (201, 204)
        self.told = (
            f"\n10 MB at 1 Mbit/s by {self.name}: {status} after {time.monotonic() - begun:.0f} s"
            f" ({where}), {'arrived' if self.arrived else 'MISSED'}"
        )


def _slow_lines(port: int, story: Story) -> list[_Line]:
    signed = {"Authorization": f"Bearer {story.patient.token}"}

    def slowly(content: bytes) -> Iterator[bytes]:
        for start in range(0, len(content), SLOW_LINE // 10):
            yield content[start : start + SLOW_LINE // 10]
            time.sleep(0.1)

    def asked(method: str, path: str, content: bytes, headers: dict[str, str]) -> tuple[int, dict[str, str]]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        body = slowly(content) if content else b""
        connection.request(method, path, body, signed | headers | {"Content-Length": str(len(content))})
        answer = connection.getresponse()
        answer.read()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}

    def plain() -> tuple[int, str]:
        head = (
            f'--b\r\nContent-Disposition: form-data; name="case_id"\r\n\r\n{story.case_id}\r\n--b\r\n'
            'Content-Disposition: form-data; name="file"; filename="slow.txt"\r\nContent-Type: text/plain\r\n\r\n'
        )
        body = head.encode() + _text(SLOW_BYTES, 1) + b"\r\n--b--\r\n"
        kind = {"Content-Type": "multipart/form-data; boundary=b"}
        status, headers = asked("POST", "/api/v1/documents/upload", body, kind)
        return status, "stored" if "location" in headers else "not stored"

    def by_tus() -> tuple[int, str]:
        told = {"case_id": story.case_id, "filename": "slow-tus.txt", "filetype": "text/plain"}
        pairs = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in told.items())
        tus = {"Tus-Resumable": "1.0.0"}
        begin = tus | {"Upload-Length": str(SLOW_BYTES), "Upload-Metadata": pairs}
        _, headers = asked("POST", "/api/v1/documents/tus", b"", begin)
        part = tus | {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
        status, answered = asked("PATCH", headers["location"], _text(SLOW_BYTES, 2), part)
        return status, f"{answered.get('upload-offset')} bytes kept"

    lines = [_Line("the plain upload", plain), _Line("tus", by_tus)]
    for line in lines:
        line.start()
    return lines


def _renew(story: Story) -> None:
    answer = story.patient.post("/auth/refresh", {"refresh": story.patient.refresh_token})
    story.patient.token, story.patient.refresh_token = answer["access"], answer["refresh"]


def _text(size: int, first: int = 0) -> bytes:
    lines, length, number = [], 0, first * 10_000_000
    while length < size:
        lines.append(_LINE % number)
        length += len(lines[-1])
        number += 1
    return b"".join(lines)[:size]


def _pss(product: Product, name: str) -> int:
    """Megabytes of a program and its children, what they share counted once."""
    kilobytes = 0
    for path in _processes(product, name):
        with suppress(OSError):
            text = (path / "smaps_rollup").read_text()
            kilobytes += next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return kilobytes // 1024


def _processor_seconds(product: Product, name: str) -> float:
    """What a program and its children have spent."""
    spent = 0
    for path in _processes(product, name):
        with suppress(OSError):
            spent += sum(map(int, _stat(path)[11:13]))
    return spent / os.sysconf("SC_CLK_TCK")


def _processes(product: Product, name: str) -> Iterator[Path]:
    top = product.pids()[name]
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if int(path.name) == top or int(_stat(path)[1]) == top:
                yield path


def _stat(path: Path) -> list[str]:
    return (path / "stat").read_text().rsplit(")", 1)[1].split()


if __name__ == "__main__":
    sys.exit(main())
