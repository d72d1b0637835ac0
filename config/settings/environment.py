"""Reading the environment, with ``NAME_FILE`` for mounted secrets, and generated secrets for trials only."""

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[2]
env = environ.FileAwareEnv()
DATA_DIR = Path(env.str("SOP_DATA_DIR", default=str(ROOT / ".local"))).resolve()
SECRETS_DIR = Path(env.str("SOP_SECRETS_DIR", default=str(DATA_DIR / "secrets")))
# Secrets are given, and may be read-only. State is made by the product and must be found again by every role of every
# machine: shares of data keys, report keys, audit heads, exports.
STATE_GIVEN = bool(env.str("SOP_STATE_DIR", default=""))
STATE_DIR = Path(env.str("SOP_STATE_DIR", default="") or DATA_DIR).resolve()
# Embedded services and generated secrets are for development, trial and demonstration.
EMBEDDED = env.bool("SOP_EMBEDDED", default=False)


def secret(name: str, make: Callable[[], str]) -> str:
    """The secret ``name`` from the environment, or (embedded only) from a file made on first use."""
    given = env.str(name, default="")
    if given:
        return given
    path = SECRETS_DIR / name.lower()
    if path.exists():
        return path.read_text().strip()
    if not EMBEDDED:
        raise ImproperlyConfigured(f"Set {name} (or {name}_FILE), or put it into {path}.")
    SECRETS_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
    return _write_once(path, make())


def state(name: str, *, former: str) -> str:
    """Where the product keeps ``name``; an installation from before state was apart has it among the secrets."""
    earlier = SECRETS_DIR / former
    return str(earlier if earlier.exists() else STATE_DIR / name)


def report_keys_dir() -> str:
    """The keys that sign reports: public halves are kept for ever. All hosts share the folder."""
    return env.str("REPORT_KEYS_DIR", default="") or state("report-keys", former="reports")


def random_key() -> str:
    """32 random bytes, base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def signing_keys_dir() -> Path:
    """The folder of token signing keys; embedded mode makes the first key."""
    folder = Path(env.str("SIGNING_KEYS_DIR", default=str(SECRETS_DIR / "signing")))
    if EMBEDDED and not any(folder.glob("*.pem")):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_once(folder / "0001.pem", new_signing_key())
    return folder


def new_signing_key() -> str:
    """A private key for access tokens (ES256), PEM."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    encoded = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return encoded.decode()


def _write_once(path: Path, text: str) -> str:
    """Several processes may start at once: the first writer wins, all read the same."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    try:
        os.link(temporary, path)
    except FileExistsError:
        return path.read_text().strip()
    finally:
        temporary.unlink()
    return text.strip()
