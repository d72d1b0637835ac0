"""One signed POST to a receiver, and what came of it."""

import base64
import secrets
import socket
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import httpcore

from config.kernel.providers import DeadlinePassed, within
from notifications.adapters.network_guard import AddressRefused, Guard

TOTAL_SECONDS, CONNECT_SECONDS = 15.0, 5.0
# So much of an answer is read, so that the receiver is not broken off; it is kept nowhere.
MAX_ANSWER = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The receiver's status, or a code that says why there is none. Its body is shown to nobody."""

    status: int | None = None
    fault: str = ""

    @property
    def taken(self) -> bool:
        """Whether the receiver said that it has the message."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """Whether it asks to be sent nothing any more."""
        return self.status == 410

    @property
    def code(self) -> str:
        """The status or the fault, as a word."""
        return self.fault or f"http_{self.status}"


def new_secret() -> str:
    """A secret of 256 bits in the form that receivers' libraries take."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


def signed_headers(keys: Sequence[str], *, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers of Standard Webhooks: a signature by each key, while there are two."""
    from standardwebhooks.webhooks import Webhook

    signatures = [Webhook(key).sign(message_id, at, body.decode()) for key in keys]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def post(url: str, *, headers: dict[str, str], body: bytes, guard: Guard | None = None) -> Answer:
    """Send it: no redirect is followed and no proxy used; 15 s for everything."""
    try:
        # The look-up of a name has no limit of its own.
        return within(TOTAL_SECONDS, lambda: _post(url, headers, body, guard), name="webhook")
    except DeadlinePassed:
        return Answer(fault="timeout")


def _post(url: str, headers: dict[str, str], body: bytes, guard: Guard | None) -> Answer:
    guard = guard or Guard(deadline=time.monotonic() + TOTAL_SECONDS)
    asked = [("content-type", "application/cloudevents+json"), ("user-agent", "Second-Opinion-Webhooks/1")]
    timeouts = {"connect": CONNECT_SECONDS, "read": TOTAL_SECONDS, "write": TOTAL_SECONDS, "pool": TOTAL_SECONDS}
    more = {"timeout": timeouts}
    try:
        with (
            httpcore.ConnectionPool(ssl_context=_tls(), network_backend=guard, retries=0) as pool,
            pool.stream("POST", url, headers=[*asked, *headers.items()], content=body, extensions=more) as response,
        ):
            _read_some(response)
            return Answer(status=response.status)
    except AddressRefused as error:
        return Answer(fault=f"refused_{error}")
    except socket.gaierror:
        return Answer(fault="unknown_host")
    except httpcore.TimeoutException:
        return Answer(fault="timeout")
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol, OSError, ValueError) as error:
        return Answer(fault=_word(error))


def _read_some(response: httpcore.Response) -> None:
    read = 0
    for part in response.iter_stream():
        read += len(part)
        if read >= MAX_ANSWER:
            return


def _word(error: BaseException) -> str:
    return "tls" if isinstance(error, ssl.SSLError) or "certificate" in str(error).lower() else "no_connection"


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
