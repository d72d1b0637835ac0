"""Envelope encryption: a master key wraps each patient's data key, which seals rows and files."""

from config.kernel.crypto.keys import (
    DataKey,
    KeyDestroyed,
    Place,
    UnreadableSecret,
    blind_index,
)
from config.kernel.crypto.master import master_open, master_seal
from config.kernel.crypto.sealed_values import (
    open_bytes,
    open_json,
    open_text,
    seal_bytes,
    seal_json,
    seal_text,
    text_opener,
)
from config.kernel.crypto.token_hash import token_hash

__all__ = [
    "DataKey",
    "KeyDestroyed",
    "Place",
    "UnreadableSecret",
    "blind_index",
    "master_open",
    "master_seal",
    "open_bytes",
    "open_json",
    "open_text",
    "seal_bytes",
    "seal_json",
    "seal_text",
    "text_opener",
    "token_hash",
]
