"""Access tokens: only ours, only of the right kind, only while they last."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from config.kernel import clock
from config.kernel.auth import Principal, tokens
from config.kernel.auth.signing_keys import jwks, signing_key
from config.kernel.errors import Unauthenticated
from tests.client import make_principal


def _claims(**changes: object) -> dict[str, object]:
    token, _ = tokens.encode_access(make_principal("patient"))
    body = jwt.decode(token, options={"verify_signature": False})
    return {key: value for key, value in (body | changes).items() if value is not None}


def _sign(claims: dict[str, object], key: object = None, algorithm: str = "ES256", **headers: object) -> str:
    ours = signing_key()
    return jwt.encode(claims, key or ours.private, algorithm=algorithm, headers={"kid": ours.kid} | headers)


def test_a_principal_survives_its_token() -> None:
    sent = make_principal("professional", "patient", mfa=True)
    got = tokens.decode_access(tokens.encode_access(sent)[0])
    assert (got.user_id, got.roles, got.session_id, got.email_verified) == (
        sent.user_id,
        sent.roles,
        sent.session_id,
        sent.email_verified,
    )
    assert got.mfa_at is not None and sent.mfa_at is not None
    assert abs(got.mfa_at - sent.mfa_at) < timedelta(seconds=1)


def test_a_token_ends_with_its_lifetime_even_when_it_was_remembered() -> None:
    token, lifetime = tokens.encode_access(make_principal("patient"))
    assert lifetime <= 300
    tokens.decode_access(token)
    with clock.shifted(timedelta(seconds=lifetime + 1)), pytest.raises(Unauthenticated, match="ended"):
        tokens.decode_access(token)


def test_a_token_from_a_host_whose_clock_is_a_little_ahead_is_taken() -> None:
    with clock.shifted(timedelta(seconds=20)):
        token, _ = tokens.encode_access(make_principal("patient"))
    assert tokens.decode_access(token).has("patient")


def _forgeries() -> dict[str, object]:
    other = ec.generate_private_key(ec.SECP256R1())
    rsa_key = rsa.generate_private_key(65537, 2048)
    now = clock.now()
    return {
        "signed by another key": lambda: _sign(_claims(), other),
        "signed by RSA": lambda: _sign(_claims(), rsa_key, "RS256"),
        "HMAC with the public key": _hmac_with_the_public_key,
        "unsigned": lambda: jwt.encode(_claims(), None, algorithm="none", headers={"kid": signing_key().kid}),
        "unknown kid": lambda: _sign(_claims(), kid="nobody"),
        "kid that is a path": lambda: _sign(_claims(), kid="../../etc/passwd"),
        "no kid": lambda: jwt.encode(_claims(), signing_key().private, algorithm="ES256"),
        "jku of an attacker": lambda: _sign(_claims(), other, jku="https://evil.example/jwks.json"),
        "wrong audience": lambda: _sign(_claims(aud="other")),
        "no audience": lambda: _sign(_claims(aud=None)),
        "wrong issuer": lambda: _sign(_claims(iss="other")),
        "ended": lambda: _sign(_claims(exp=now - timedelta(minutes=1))),
        "no end": lambda: _sign(_claims(exp=None)),
        "issued in the future": lambda: _sign(_claims(iat=now + timedelta(minutes=10))),
        "not before the future": lambda: _sign(_claims(nbf=now + timedelta(minutes=10))),
        "refresh token": lambda: _sign(_claims(typ="refresh")),
        "token before the second factor": lambda: _sign(_claims(typ="pending")),
        "no kind": lambda: _sign(_claims(typ=None)),
        "no id": lambda: _sign(_claims(jti=None)),
        "no instant of issue": lambda: _sign(_claims(iat=None)),
        "no subject": lambda: _sign(_claims(sub=None)),
        "subject that is no id": lambda: _sign(_claims(sub="1 OR 1=1")),
        "roles that are a number": lambda: _sign(_claims(roles=7)),
        "no roles": lambda: _sign(_claims(roles=None)),
        "rubbish": lambda: "not.a.token",
        "empty parts": lambda: "..",
        "a changed claim": _tampered,
    }


def _hmac_with_the_public_key() -> str:
    """The library refuses to make this one, so it is put together by hand."""
    ours = signing_key()
    pem = ours.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    parts = ({"alg": "HS256", "typ": "JWT", "kid": ours.kid}, _claims())
    signed = b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts)
    signature = base64.urlsafe_b64encode(hmac.new(pem, signed, hashlib.sha256).digest()).rstrip(b"=")
    return (signed + b"." + signature).decode()


def _tampered() -> str:
    head, body, signature = _sign(_claims()).split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "==")) | {"roles": ["administrator"], "sub": str(uuid4())}
    forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"{head}.{forged}.{signature}"


@pytest.mark.parametrize("forgery", range(27))
def test_a_forged_token_is_refused(forgery: int) -> None:
    name, make = list(_forgeries().items())[forgery]
    with pytest.raises(Unauthenticated):
        tokens.decode_access(make())  # type: ignore[operator]
        pytest.fail(f"taken: {name}")


def test_simplejwts_own_backend_can_sign_nothing() -> None:
    """Its default would be the secret of cookies, which is no key to publish."""
    from rest_framework_simplejwt.tokens import AccessToken

    with pytest.raises(ValueError, match="PEM"):
        str(AccessToken())


def test_the_published_keys_hold_nothing_private() -> None:
    assert all(set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"} for key in jwks()["keys"])


def test_a_second_factor_is_fresh_for_five_minutes() -> None:
    principal = make_principal("professional", mfa=True)
    assert principal.stepped_up()
    with clock.shifted(timedelta(minutes=5, seconds=1)):
        assert not principal.stepped_up()
    assert not Principal(user_id=uuid4()).stepped_up()
