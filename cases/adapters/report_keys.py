"""The keys that sign reports: Ed25519, one file each in ``REPORT_KEYS_DIR``, newest name last.

``NNNN.pem`` is a private key, the last of them signs; ``NNNN.pub`` what a rotation left of an earlier one: a report is
checked for ever, so public halves are never removed, and a superseded private half can sign nothing more.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.core.exceptions import ImproperlyConfigured

from cases.domain.report.proof import PublicKeys, Signer, key_id
from config.kernel.conf import setting

_RAW = serialization.Encoding.Raw, serialization.PublicFormat.Raw


def report_signer() -> Signer:
    """The newest private key; the first one is made at its first use."""
    with _locked() as folder:
        if not list(folder.glob("*.pem")):
            _write(folder / "0001.pem", Ed25519PrivateKey.generate())
        key = _private(max(folder.glob("*.pem")))
    return Signer(key_id(key.public_key().public_bytes(*_RAW)), key)


def report_keys() -> PublicKeys:
    """Every public key that ever signed a report, oldest first, by key id."""
    return public_keys_in(Path(setting("REPORT_KEYS_DIR")))


def public_keys_in(folder: Path) -> PublicKeys:
    """The same of a folder that is named, without any setting."""
    found = {}
    for path in sorted([*folder.glob("*.pem"), *folder.glob("*.pub")]):
        try:
            key = _public(path)
        except FileNotFoundError:  # a rotation has just left its public half in its place
            key = _public(path.with_suffix(".pub"))
        public = key.public_bytes(*_RAW)
        found[key_id(public)] = public
    return found


def rotate_report_key() -> str:
    """Make a new key that signs from now on; of the earlier ones the public halves stay. Returns the new key id."""
    report_signer()
    with _locked() as folder:
        earlier = sorted(folder.glob("*.pem"))
        number = max(int(path.stem) for path in (*earlier, *folder.glob("*.pub"))) + 1
        _write(folder / f"{number:04d}.pem", Ed25519PrivateKey.generate())
        for path in earlier:
            public = _public(path).public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            _put(path.with_suffix(".pub"), public)
            path.unlink()
    return report_signer().kid


@contextmanager
def _locked() -> Iterator[Path]:
    """The folder, while no other process changes it."""
    folder = Path(setting("REPORT_KEYS_DIR"))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def _write(path: Path, key: Ed25519PrivateKey) -> None:
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    _put(path, key.private_bytes(pem, pkcs8, serialization.NoEncryption()))


def _put(path: Path, data: bytes) -> None:
    """Whole or not at all: others read the folder at any time."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)


def _private(path: Path) -> Ed25519PrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ImproperlyConfigured(f"{path} is not an Ed25519 private key.")
    return key


def _public(path: Path) -> Ed25519PublicKey:
    if path.suffix == ".pem":
        return _private(path).public_key()
    key = serialization.load_pem_public_key(path.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise ImproperlyConfigured(f"{path} is not an Ed25519 public key.")
    return key
