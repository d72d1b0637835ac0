"""Receivers of webhooks as the tests need them: one that answers as told, and a whole one with TLS."""

import http.server
import ssl
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from notifications.adapters.hooks import Answer

HOST = "hooks.example.org"


class Receivers:
    """In place of the network: what came where, and how each address answers."""

    def __init__(self) -> None:
        self.got: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.answers: dict[str, Callable[[], Answer]] = {}
        self.lock = threading.Lock()

    def post(self, url: str, *, headers: dict[str, str], body: bytes) -> Answer:
        with self.lock:
            self.got[url].append({"headers": headers, "body": body})
        return self.answers.get(url, lambda: Answer(status=204))()

    def ids(self, url: str) -> list[UUID]:
        return [UUID(one["headers"]["webhook-id"]) for one in self.got[url]]


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append((self.path, {name.lower(): text for name, text in self.headers.items()}, body))  # type: ignore[attr-defined]  # ours, set below
        self.server.answer(self)  # type: ignore[attr-defined]  # ours, set below

    def log_message(self, *_: Any) -> None:
        pass


def says(status: int, body: bytes = b"", **headers: str) -> Callable[[Any], None]:
    def answer(handler: Any) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@contextmanager
def tls_receiver(folder: Path, answer: Callable[[Any], None]) -> Iterator[Any]:
    """A server for HOST on this machine; ``got`` is what came, ``authority`` the file of who vouches for it."""
    certificate = _certificate(folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.got, server.answer, server.authority = [], answer, certificate  # type: ignore[attr-defined]  # ours, set below
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "receiver.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path
