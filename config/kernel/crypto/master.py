"""The master key: what it wraps is small (data keys, stored answers), and each wrapping names its version.

Layout: key version (2 bytes, big-endian), then what the provider makes of the data.
"""

import struct
from collections.abc import Callable, Mapping

from config.kernel.conf import setting
from config.kernel.crypto.keys import Place, UnreadableSecret
from config.kernel.crypto.providers import MasterKeys, MisconfiguredKeys, environment_ring, file_ring, transit_service

PROVIDERS: Mapping[str, Callable[[], MasterKeys]] = {
    "environment": environment_ring,
    "file": file_ring,
    "kms": transit_service,
}
VERSION_BYTES = 2


def master_keys() -> MasterKeys:
    """The provider that MASTER_KEY_PROVIDER names. Raises ``MisconfiguredKeys``, which names the setting."""
    name = setting("MASTER_KEY_PROVIDER")
    if name not in PROVIDERS:
        raise MisconfiguredKeys(f"MASTER_KEY_PROVIDER must be {', '.join(PROVIDERS)}; it is {name!r}.")
    return PROVIDERS[name]()


def master_seal(place: Place, data: bytes) -> bytes:
    """Seal ``data`` under the newest master key. Raises ``Unavailable`` while a KMS does not answer."""
    keys = master_keys()
    version = keys.newest()
    return struct.pack(">H", version) + keys.wrap(version, data, place.associated_data(version))


def master_open(place: Place, sealed: bytes | memoryview) -> bytes:
    """Open what ``master_seal`` made; ``UnreadableSecret`` when it is not ours, or not from this place."""
    blob = bytes(sealed)
    version = master_version(blob)
    try:
        return master_keys().unwrap(version, blob[VERSION_BYTES:], place.associated_data(version))
    except UnreadableSecret as error:
        raise UnreadableSecret(f"{place.table}.{place.column}: {error}") from None


def master_version(sealed: bytes | memoryview) -> int:
    """The version of the master key that sealed this."""
    head = bytes(sealed[:VERSION_BYTES])
    if len(head) < VERSION_BYTES:
        raise UnreadableSecret("the ciphertext is cut off")
    version: int = struct.unpack(">H", head)[0]
    return version
