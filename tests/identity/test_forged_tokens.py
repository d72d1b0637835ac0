"""Twenty-five tokens that are not ours, and what they get."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from config.kernel.auth.signing_keys import signing_key, verification_keys
from identity import services
from tests.client import ApiClient, signed_token
from tests.factories import TOTP_SECRET, make_account

pytestmark = pytest.mark.django_db


def _claims(account: services.AccountDTO, **changes: Any) -> dict[str, Any]:
    at = datetime.now(UTC)
    claims = {
        "sub": str(account.id),
        "sid": str(services.open_session(user_id=account.id).session_id),
        "sv": 1,
        "roles": ["patient"],
        "mfa": None,
        "ev": True,
        "scopes": [],
        "typ": "access",
        "iss": "second-opinion",
        "aud": "second-opinion-api",
        "iat": at,
        "exp": at + timedelta(minutes=5),
        "jti": "1",
    } | changes
    return {name: value for name, value in claims.items() if value != "absent"}


def _signed(
    account: services.AccountDTO, *, key: Any = None, alg: str = "ES256", headers: Any = None, **changes: Any
) -> str:
    ours = signing_key()
    return jwt.encode(
        _claims(account, **changes), key or ours.private, algorithm=alg, headers={"kid": ours.kid} | (headers or {})
    )


def _raw(header: dict[str, Any], claims: dict[str, Any], signature: bytes = b"") -> str:
    parts = [json.dumps(header).encode(), json.dumps(claims, default=lambda d: int(d.timestamp())).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def _hmac_with_public_key(account: services.AccountDTO) -> str:
    pem = verification_keys()[signing_key().kid].public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    unsigned = _raw({"alg": "HS256", "typ": "JWT", "kid": signing_key().kid}, _claims(account)).rsplit(".", 1)[0]
    digest = hmac.new(pem, unsigned.encode(), hashlib.sha256).digest()
    return unsigned + "." + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _other_user(account: services.AccountDTO) -> str:
    header, _, signature = services.open_session(user_id=account.id).access.split(".")
    body = _raw({}, _claims(account, sub=str(make_account().id))).split(".")[1]
    return f"{header}.{body}.{signature}"


def _more_roles(account: services.AccountDTO) -> str:
    header, _, signature = services.open_session(user_id=account.id).access.split(".")
    return f"{header}.{_raw({}, _claims(account, roles=['administrator'])).split('.')[1]}.{signature}"


def _embedded_key(account: services.AccountDTO) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    jwk = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(key.public_key()))
    return _signed(account, key=key, headers={"jwk": jwk, "kid": "mine"})


def _pending(account: services.AccountDTO) -> str:
    services.seed_totp(user_id=account.id, secret=TOTP_SECRET)
    outcome = services.log_in(email=account.email, password="correct horse battery staple")
    assert isinstance(outcome, services.SecondFactorNeeded)
    return outcome.pending_token


_AT = datetime.now(UTC)
FORGERIES: dict[str, Callable[[services.AccountDTO], str]] = {
    "alg none": lambda a: _raw({"alg": "none", "typ": "JWT", "kid": signing_key().kid}, _claims(a)),
    "alg None": lambda a: _raw({"alg": "None", "typ": "JWT", "kid": signing_key().kid}, _claims(a)),
    "no alg": lambda a: _raw({"typ": "JWT", "kid": signing_key().kid}, _claims(a)),
    "HS256 with our public key": _hmac_with_public_key,
    "HS256 with an empty key": lambda a: _raw({"alg": "HS256", "kid": signing_key().kid}, _claims(a), b"\0" * 32),
    "RS256 key": lambda a: _signed(a, key=rsa.generate_private_key(65537, 2048), alg="RS256"),
    "another P-256 key under our kid": lambda a: _signed(a, key=ec.generate_private_key(ec.SECP256R1())),
    "another curve": lambda a: _signed(a, key=ec.generate_private_key(ec.SECP384R1()), alg="ES384"),
    "unknown kid": lambda a: _signed(a, headers={"kid": "nobody"}),
    "kid as a path": lambda a: _signed(a, headers={"kid": "../../../dev/null"}),
    "no kid": lambda a: jwt.encode(_claims(a), signing_key().private, algorithm="ES256"),
    "embedded jwk": _embedded_key,
    "jku": lambda a: _signed(
        a, key=ec.generate_private_key(ec.SECP256R1()), headers={"jku": "http://127.0.0.1:1/jwks.json", "kid": "x"}
    ),
    "wrong audience": lambda a: _signed(a, aud="another-api"),
    "no audience": lambda a: _signed(a, aud="absent"),
    "wrong issuer": lambda a: _signed(a, iss="another"),
    "no issuer": lambda a: _signed(a, iss="absent"),
    "expired": lambda a: _signed(a, exp=_AT - timedelta(seconds=1)),
    "no expiry": lambda a: _signed(a, exp="absent"),
    "issued in the future": lambda a: _signed(a, iat=datetime.now(UTC) + timedelta(minutes=3)),
    "not valid yet": lambda a: _signed(a, nbf=datetime.now(UTC) + timedelta(minutes=3)),
    "refresh token as access token": lambda a: services.open_session(user_id=a.id).refresh,
    "2FA-pending token as access token": _pending,
    "another of our kinds": lambda a: signed_token("email_link", {"sub": str(a.id)}, timedelta(minutes=5)),
    "another user id, old signature": _other_user,
    "more roles, old signature": _more_roles,
    "empty signature": lambda a: services.open_session(user_id=a.id).access.rsplit(".", 1)[0] + ".",
    "subject that is no id": lambda a: _signed(a, sub="administrator"),
    "no subject": lambda a: _signed(a, sub="absent"),
    "no session": lambda a: _signed(a, sid="absent"),
    "a session that is none": lambda a: _signed(a, sid=None),
    "a session that nobody opened": lambda a: _signed(a, sid=str(uuid4())),
    "another version of the session": lambda a: _signed(a, sv=2),
    "no version": lambda a: _signed(a, sv="absent"),
    "roles that are no list": lambda a: _signed(a, roles=7),
    "expiry as text": lambda a: _signed(a, exp="9999999999"),
    "nothing like a token": lambda a: "a.b.c",
    "a list as claims": lambda a: _raw({"alg": "ES256", "kid": signing_key().kid}, []),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_token_is_refused(api: ApiClient, name: str) -> None:
    token = FORGERIES[name](make_account())
    for path in ("/profile/me", "/sessions"):
        answer = api.get(path, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401, (name, answer.content)
        assert answer["Content-Type"] == "application/problem+json"


def test_the_unforged_twin_is_accepted(api: ApiClient) -> None:
    token = _signed(make_account())
    assert api.get("/profile/me", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_an_end_point_that_needs_nobody_refuses_a_forged_token_too(api: ApiClient) -> None:
    answer = api.post("/auth/login", {}, headers={"Authorization": "Bearer a.b.c"})
    assert answer.status_code == 401
