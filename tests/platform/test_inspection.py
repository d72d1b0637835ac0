"""A front with a certificate for its site alone is asked by that name, on this machine's own port."""

import http.server
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from config.runtime.serving.inspection import status_of

SITE = "opinion.example"


class Answering(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.headers["Host"].startswith(SITE) else 421)
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Nobody reads along."""


@pytest.fixture
def front(tmp_path: Path) -> str:
    """Its address; like Caddy it ends a handshake that asks for no name that it knows."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, SITE)])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "front.pem").write_bytes(private + made.sign(key, hashes.SHA256()).public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "front.pem")
    context.sni_callback = lambda connection, asked, _: None if asked == SITE else ssl.ALERT_DESCRIPTION_INTERNAL_ERROR
    server = http.server.HTTPServer(("127.0.0.1", 0), Answering)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"https://{SITE}:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_site_is_asked_for_by_its_name(front: str) -> None:
    assert status_of(front, "/readyz") == 200


def test_another_name_is_answered_by_nobody(front: str) -> None:
    assert status_of(front.replace(SITE, "127.0.0.1"), "/readyz") == 0
