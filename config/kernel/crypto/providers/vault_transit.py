"""A key management service that speaks Vault's Transit protocol (HashiCorp Vault, OpenBao).

The master key never leaves it: each wrapping is one HTTP request of at most three seconds.
"""

import base64
import http.client
import json
import time
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlsplit

from config.kernel.conf import setting
from config.kernel.crypto.keys import UnreadableSecret
from config.kernel.crypto.providers.port import MisconfiguredKeys, RotatedElsewhere
from config.kernel.errors import Unavailable

TIMEOUT_SECONDS = 3.0
KNOWN_SECONDS = 30.0
_LOCAL = ("127.0.0.1", "localhost", "::1")


class Transit:
    """One key of one service."""

    def __init__(self, url: str, key: str, token: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise MisconfiguredKeys("MASTER_KMS_URL must be the http(s) address of the key management service.")
        if parts.scheme == "http" and parts.hostname not in _LOCAL:
            raise MisconfiguredKeys("MASTER_KMS_URL must begin with https:// unless it is on this machine.")
        if not token or not key:
            raise MisconfiguredKeys("MASTER_KMS_KEY and MASTER_KMS_TOKEN must be set.")
        self._parts, self._key, self._token = parts, quote(key, safe=""), token
        self._known: tuple[float, dict[str, Any]] = (0.0, {})

    def newest(self) -> int:
        """The service's latest version, asked for at most every half minute."""
        return int(self._particulars()["latest_version"])

    def versions(self) -> tuple[int, ...]:
        """From the lowest version that the service still opens to the latest."""
        told = self._particulars()
        return tuple(range(int(told.get("min_decryption_version") or 1), int(told["latest_version"]) + 1))

    def wrap(self, version: int, data: bytes, bound: bytes) -> bytes:
        """The service's own text, ``vault:v<version>:…``."""
        asked = {"plaintext": _text(data), "associated_data": _text(bound), "key_version": version}
        return str(self._ask("POST", "encrypt", asked)["ciphertext"]).encode()

    def unwrap(self, version: int, wrapped: bytes, bound: bytes) -> bytes:
        """Raises ``UnreadableSecret`` when the service refuses this ciphertext."""
        if not wrapped.startswith(f"vault:v{version}:".encode()):
            raise UnreadableSecret(f"it was not wrapped by version {version} of the key management service")
        asked = {"ciphertext": wrapped.decode("ascii", "replace"), "associated_data": _text(bound)}
        return base64.b64decode(self._ask("POST", "decrypt", asked)["plaintext"])

    def rotate(self) -> int:
        """Have the service add a version."""
        self._ask("POST", "keys", {}, "rotate")
        self._known = (0.0, {})
        return self.newest()

    def retire(self, version: int) -> None:
        """Raise the lowest version that opens; the service retires from the oldest upwards only."""
        if version != self.versions()[0]:
            raise RotatedElsewhere(f"The service retires the oldest version first: {self.versions()[0]}.")
        self._ask("POST", "keys", {"min_decryption_version": version + 1}, "config")
        self._known = (0.0, {})

    def _particulars(self) -> dict[str, Any]:
        until, told = self._known
        if time.monotonic() >= until:
            told = self._ask("GET", "keys", None)
            self._known = (time.monotonic() + KNOWN_SECONDS, told)
        return told

    def _ask(self, method: str, action: str, body: dict[str, Any] | None, verb: str = "") -> dict[str, Any]:
        path = f"{self._parts.path.rstrip('/')}/v1/transit/{action}/{self._key}" + (f"/{verb}" if verb else "")
        secure = self._parts.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(str(self._parts.hostname), self._parts.port, timeout=TIMEOUT_SECONDS)
        try:
            sent = json.dumps(body) if body is not None else None
            connection.request(method, path, sent, {"X-Vault-Token": self._token, "Content-Type": "application/json"})
            answer = connection.getresponse()
            status, content = answer.status, answer.read(1_000_000)
        except (OSError, http.client.HTTPException) as error:
            raise Unavailable("The key management service does not answer; try again.", code="kms_down") from error
        finally:
            connection.close()
        return _judged(status, content, action)


def transit_service() -> Transit:
    """The service that the settings MASTER_KMS_URL, MASTER_KMS_KEY and MASTER_KMS_TOKEN name."""
    return _transit(setting("MASTER_KMS_URL"), setting("MASTER_KMS_KEY"), setting("MASTER_KMS_TOKEN"))


@lru_cache(maxsize=4)
def _transit(url: str, key: str, token: str) -> Transit:
    return Transit(url, key, token)


def _judged(status: int, content: bytes, action: str) -> dict[str, Any]:
    if status == 400 and action == "decrypt":
        raise UnreadableSecret("the key management service refuses to open it")
    if status in (401, 403):
        raise Unavailable("The key management service refuses MASTER_KMS_TOKEN.", code="kms_refuses")
    if status == 204:
        return {}
    if status != 200:
        raise Unavailable("The key management service fails; try again.", code="kms_down")
    told: dict[str, Any] = json.loads(content).get("data") or {}
    return told


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
