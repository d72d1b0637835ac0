"""WebAuthn by the library fido2: options for browsers, and the check of what authenticators answer."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from config.kernel.conf import setting

NAME = "Second Opinion"
REQUIRED, PREFERRED = "required", "preferred"


class PasskeyRefused(Exception):
    """What the authenticator sent is not what was asked for; the text says why, for logs of ours alone."""


@dataclass(frozen=True)
class Attested:
    """A new credential: its id, its public part as WebAuthn lays it out, and its counter."""

    credential_id: bytes
    credential_data: bytes
    sign_count: int


@dataclass(frozen=True)
class Assertion:
    """Which credential answers, and for which user (its handle, where the authenticator says it)."""

    credential_id: bytes
    user_handle: bytes | None


def creation_options(
    *, user_handle: bytes, name: str, existing: Sequence[bytes]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a browser needs to make a discoverable credential, and the state to check it by."""
    from fido2.webauthn import AttestedCredentialData, PublicKeyCredentialUserEntity

    options, state = _server().register_begin(
        PublicKeyCredentialUserEntity(id=user_handle, name=name, display_name=name),
        credentials=[AttestedCredentialData(data) for data in existing],
        resident_key_requirement=_enum("ResidentKeyRequirement", REQUIRED),
        user_verification=_enum("UserVerificationRequirement", PREFERRED),
    )
    return _json(dict(options)["publicKey"]), _json(state)


def request_options(*, existing: Sequence[bytes] | None, verification: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a browser needs to answer with one of ``existing`` (``None``: with any that it finds), and the state."""
    from fido2.webauthn import AttestedCredentialData

    options, state = _server().authenticate_begin(
        credentials=None if existing is None else [AttestedCredentialData(data) for data in existing],
        user_verification=_enum("UserVerificationRequirement", verification),
    )
    return _json(dict(options)["publicKey"]), _json(state)


def attested(state: Mapping[str, Any], credential: Mapping[str, Any]) -> Attested:
    """The new credential in a browser's answer; ``PasskeyRefused`` for anything that was not asked for."""
    try:
        data = _server().register_complete(dict(state), dict(credential))
        key = data.credential_data
        if key is None:
            raise ValueError("no credential in the answer")
        return Attested(key.credential_id, bytes(key), data.counter)
    except Exception as error:  # the library raises whatever its parsers run into
        raise PasskeyRefused(type(error).__name__) from None


def assertion(credential: Mapping[str, Any]) -> Assertion:
    """Who claims to answer, before anything is checked."""
    from fido2.webauthn import AuthenticationResponse

    try:
        answer = AuthenticationResponse.from_dict(dict(credential))
        return Assertion(answer.raw_id, answer.response.user_handle)
    except Exception as error:  # the library raises whatever its parsers run into
        raise PasskeyRefused(type(error).__name__) from None


def verified_count(state: Mapping[str, Any], credential_data: bytes, credential: Mapping[str, Any]) -> int:
    """Check a signature against the stored credential; returns the authenticator's counter."""
    from fido2.webauthn import AttestedCredentialData, AuthenticationResponse

    try:
        _server().authenticate_complete(dict(state), [AttestedCredentialData(credential_data)], dict(credential))
        count: int = AuthenticationResponse.from_dict(dict(credential)).response.authenticator_data.counter
    except Exception as error:  # the library raises whatever its parsers run into
        raise PasskeyRefused(type(error).__name__) from None
    return count


def _server() -> Any:
    origin: str = setting("PUBLIC_URL")
    parts = urlsplit(origin)
    rp_id = setting("PASSKEY_RP_ID") or parts.hostname or "localhost"
    origins = tuple(setting("PASSKEY_ORIGINS")) or (f"{parts.scheme}://{parts.netloc}",)
    return _server_of(rp_id, origins)


@cache
def _server_of(rp_id: str, origins: tuple[str, ...]) -> Any:
    from fido2.server import Fido2Server
    from fido2.webauthn import PublicKeyCredentialRpEntity

    # It names credentials in its logs.
    logging.getLogger("fido2").setLevel(logging.WARNING)
    return Fido2Server(PublicKeyCredentialRpEntity(id=rp_id, name=NAME), verify_origin=origins.__contains__)


def _enum(name: str, value: str) -> Any:
    from fido2 import webauthn

    return getattr(webauthn, name)(value)


def _json(value: Any) -> Any:
    """Plain JSON values of the library's objects (bytes are base64url already)."""
    if isinstance(value, Mapping):
        return {str(key): _json(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_json(item) for item in value]
    return str(value.value) if hasattr(value, "value") else value
