"""Throw-away secrets, so that the production settings can be checked without any."""

import base64
import json
import secrets
from pathlib import Path


def production_like(scratch: Path) -> dict[str, str]:
    """An environment in which ``config.settings.production`` loads. Nothing is connected to."""
    signing = scratch / "signing"
    signing.mkdir(parents=True, exist_ok=True)
    (signing / "0001.pem").write_text(_signing_key())
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "SOP_EMBEDDED": "0",
        "SOP_DATA_DIR": str(scratch),
        "DATABASE_URL": "postgresql://nobody:nothing@127.0.0.1:9/none",
        "REDIS_URL": "redis://127.0.0.1:9/0",
        "EMAIL_URL": "smtp://127.0.0.1:9",
        "ALLOWED_HOSTS": "second-opinion.example",
        "PUBLIC_URL": "https://second-opinion.example",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "MASTER_KEYS": json.dumps({"1": _key()}),
        "BLIND_INDEX_KEY": _key(),
        "SIGNING_KEYS_DIR": str(signing),
    }


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _signing_key() -> str:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(pem, pkcs8, serialization.NoEncryption()).decode()
