"""The chains' heads, signed and written where no database user can reach them.

Who may write to the database can write a chain anew; they cannot make it end in a head that was signed before.
One line of JSON a minute and context, each with the hash of the line before it, in one file a day.
"""

import base64
import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from config.kernel import clock
from config.kernel.audit.chain import ChainHead, head
from config.kernel.conf import setting
from config.kernel.db.router import context_labels

_PARTS = {"context", "sequence", "hash", "previous", "signature"}


class HeadsDamaged(Exception):
    """A line that was not written here, or one that is gone: its file and number."""


def export_heads() -> int:
    """Append the head of each chain that has moved; returns how many lines were written."""
    folder = Path(setting("AUDIT_HEADS_DIR"))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        key = _signing_key()
        last, previous = _newest(folder)
        moved = [now for now in map(head, context_labels()) if now.sequence > last.get(now.context, 0)]
        with (folder / f"heads-{clock.now():%Y-%m-%d}.jsonl").open("ab") as file:
            for now in moved:
                line = _signed(now, previous, key)
                file.write(line + b"\n")
                previous = hashlib.sha256(line).hexdigest()
            file.flush()
            os.fsync(file.fileno())
    return len(moved)


def exported_heads() -> Mapping[str, tuple[ChainHead, ...]]:
    """Every head ever exported, by context, oldest first; ``HeadsDamaged`` when a line is false or gone."""
    found: dict[str, list[ChainHead]] = {context: [] for context in context_labels()}
    folder, previous = Path(setting("AUDIT_HEADS_DIR")), ""
    public = _signing_key().public_key() if folder.is_dir() else None
    for place, raw, line in _lines(_files(folder)):
        if public is None or line["previous"] != previous or not _is_ours(line, public):
            raise HeadsDamaged(place)
        previous = hashlib.sha256(raw).hexdigest()
        found[line["context"]].append(ChainHead(line["context"], line["sequence"], bytes.fromhex(line["hash"])))
    return {context: tuple(heads) for context, heads in found.items()}


def _signed(now: ChainHead, previous: str, key: Ed25519PrivateKey) -> bytes:
    line = {
        "at": clock.now().isoformat(),
        "context": now.context,
        "sequence": now.sequence,
        "hash": now.entry_hash.hex(),
        "previous": previous,
    }
    return _canonical(line | {"signature": base64.b64encode(key.sign(_canonical(line))).decode()})


def _is_ours(line: Mapping[str, Any], public: Ed25519PublicKey) -> bool:
    said = {name: value for name, value in line.items() if name != "signature"}
    try:
        public.verify(base64.b64decode(line["signature"]), _canonical(said))
    except (InvalidSignature, ValueError):
        return False
    return True


def _canonical(line: Mapping[str, Any]) -> bytes:
    return json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def _lines(paths: Iterable[Path]) -> Iterator[tuple[str, bytes, dict[str, Any]]]:
    for path in paths:
        for number, raw in enumerate(path.read_bytes().splitlines(), 1):
            place = f"{path.name}:{number}"
            try:
                line = json.loads(raw)
            except ValueError:
                raise HeadsDamaged(place) from None
            if not isinstance(line, dict) or not set(line) >= _PARTS:
                raise HeadsDamaged(place)
            yield place, raw, line


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("heads-*.jsonl") if path.stat().st_size)


def _newest(folder: Path) -> tuple[dict[str, int], str]:
    """The sequence last written of each context, and the last line's hash: of the newest file alone."""
    last, previous = {}, ""
    for _, raw, line in _lines(_files(folder)[-1:]):
        last[line["context"]] = line["sequence"]
        previous = hashlib.sha256(raw).hexdigest()
    return last, previous


def _signing_key() -> Ed25519PrivateKey:
    """The key of the heads alone, made at the first export: the tokens' keys are retired, a head is for ever."""
    path = Path(setting("AUDIT_HEADS_KEY"))
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        try:
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(made)
        except FileExistsError:
            pass  # another process was first, and its key is the key
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{path} holds no Ed25519 key")
    return key
