"""What production will not start with. Each fault says what to change; the start names all of them at once."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured

_KNOWN = ("insecure", "changeme", "change-me", "for-tests-only", "example", "secret_key", "your-secret", "password")
_PROCESS_CACHES = ("LocMemCache", "DummyCache", "FileBasedCache")


def refuse(settings: Mapping[str, Any]) -> None:
    """Raise ``ImproperlyConfigured`` with every fault of the settings."""
    found = list(faults(settings))
    if found:
        raise ImproperlyConfigured("Production does not start like this:\n" + "\n".join(f"- {one}" for one in found))


def faults(settings: Mapping[str, Any]) -> Iterator[str]:
    """Each reason against starting."""
    if settings["DEBUG"] or settings["DEBUG_ASKED"]:
        yield "DEBUG is on: unset it; errors are in the log, by request id."
    if settings["EMBEDDED"]:
        yield "SOP_EMBEDDED is on: it brings trial servers and generated secrets. Unset it."
    yield from _hosts(settings["ALLOWED_HOSTS"])
    yield from _keys(settings)
    for name, cache in settings["CACHES"].items():
        if cache["BACKEND"].endswith(_PROCESS_CACHES):
            yield f"The cache '{name}' lives in one process: set CACHE_URL to a Valkey that all processes share."
    if settings["MESSAGE_SINK_DIR"]:
        yield "MESSAGE_SINK_DIR is set: text messages and push would become files. Unset it."
    if not settings["PUBLIC_URL"].startswith("https://"):
        yield "PUBLIC_URL must begin with https://: links in mails lead there."


def _hosts(hosts: list[str]) -> Iterator[str]:
    if not hosts:
        yield "ALLOWED_HOSTS is empty: name the hosts that you serve."
    for host in hosts:
        if "*" in host or host in (".", ""):
            yield f"ALLOWED_HOSTS has {host!r}: name each host; a forged Host header would be believed."


def _keys(settings: Mapping[str, Any]) -> Iterator[str]:
    secret = settings["SECRET_KEY"]
    if len(secret) < 50 or len(set(secret)) < 10 or any(word in secret.lower() for word in _KNOWN):
        yield "SECRET_KEY is short, plain or a known one: give at least 50 random characters."
    keys = {f"MASTER_KEYS[{v}]": key for v, key in settings["MASTER_KEYS"].items()}
    keys["BLIND_INDEX_KEY"] = settings["BLIND_INDEX_KEY"]
    for name, key in keys.items():
        if not _is_random_key(key):
            yield f"{name} must be 32 random bytes, base64."
    if len(set(keys.values()) | {secret}) != len(keys) + 1:
        yield "Two of SECRET_KEY, MASTER_KEYS and BLIND_INDEX_KEY are equal: give each its own."


def _is_random_key(text: str) -> bool:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    # 32 random bytes hold fewer than 16 different ones about once in 10**13 times.
    return len(key) == 32 and len(set(key)) >= 16
