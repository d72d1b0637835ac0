"""Access tokens: signed with an asymmetric key, checked without asking anybody.

PyJWT (which simplejwt stands on) signs and verifies with ES256; what a token means is decided here. A verified
token is remembered by its hash until it ends, so that the signature is checked once, not once a request.
"""

import hashlib
from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any
from uuid import UUID, uuid4

from config.kernel import clock
from config.kernel.auth.principal import Principal
from config.kernel.auth.signing_keys import signing_key, verification_keys
from config.kernel.conf import setting
from config.kernel.errors import Unauthenticated

ALGORITHM = "ES256"
LEEWAY = timedelta(seconds=30)
_CACHE_SIZE = 10_000
# By the token's hash: whose it is, when it ends, and the key that it was checked with.
_verified: OrderedDict[bytes, tuple[Principal, float, str]] = OrderedDict()
_lock = Lock()


def encode_access(principal: Principal) -> tuple[str, int]:
    """Sign an access token for ``principal``; returns it with its lifetime in seconds."""
    lifetime: timedelta = setting("ACCESS_TOKEN_LIFETIME")
    token = encode("access", _claims(principal), lifetime)
    return token, int(lifetime.total_seconds())


def encode(kind: str, claims: dict[str, Any], lifetime: timedelta) -> str:
    """Sign a token of ``typ`` ``kind`` that ends after ``lifetime``."""
    import jwt

    now = clock.now()
    key = signing_key()
    body = {
        **claims,
        "typ": kind,
        "iss": setting("TOKEN_ISSUER"),
        "aud": setting("TOKEN_AUDIENCE"),
        "iat": now,
        "exp": now + lifetime,
        "jti": uuid4().hex,
    }
    return jwt.encode(body, key.private, algorithm=ALGORITHM, headers={"kid": key.kid})


def decode(kind: str, token: str) -> dict[str, Any]:
    """The claims of a valid token of ``kind``; ``Unauthenticated`` for any other."""
    import jwt

    try:
        public = verification_keys().get(_key_id(token))
        if public is None:
            raise Unauthenticated("The token was not signed by this service.", code="token_invalid")
        claims: dict[str, Any] = jwt.decode(
            token,
            public,
            algorithms=[ALGORITHM],
            audience=setting("TOKEN_AUDIENCE"),
            issuer=setting("TOKEN_ISSUER"),
            leeway=LEEWAY,
            options={"require": ["exp", "iat", "sub", "typ"], "verify_exp": False, "verify_iat": False},
        )
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise Unauthenticated("The token is not valid; sign in again.", code="token_invalid") from error
    if claims["typ"] != kind:
        raise Unauthenticated("The token is of another kind.", code="token_invalid")
    _check_times(claims)
    return claims


def decode_access(token: str) -> Principal:
    """The principal of a valid access token, from the cache when its signature was checked before."""
    digest = hashlib.sha256(token.encode()).digest()
    with _lock:
        known = _verified.get(digest)
    if known is not None and known[1] > clock.now().timestamp() and known[2] in verification_keys():
        return known[0]
    claims = decode("access", token)
    principal = _principal(claims)
    with _lock:
        _verified[digest] = (principal, float(claims["exp"]), _key_id(token))
        while len(_verified) > _CACHE_SIZE:
            _verified.popitem(last=False)
    return principal


def _key_id(token: str) -> str:
    import jwt

    return str(jwt.get_unverified_header(token).get("kid"))


def _check_times(claims: dict[str, Any]) -> None:
    # Checked here, not by the library, so that the platform's clock decides (and tests can move it).
    now = clock.now().timestamp()
    if not isinstance(claims["exp"], int | float) or now >= claims["exp"]:
        raise Unauthenticated("The token has ended; refresh it or sign in again.", code="token_expired")
    if not isinstance(claims["iat"], int | float) or claims["iat"] > now + LEEWAY.total_seconds():
        raise Unauthenticated("The token is not valid yet.", code="token_invalid")


def _claims(principal: Principal) -> dict[str, Any]:
    return {
        "sub": str(principal.user_id),
        "sid": str(principal.session_id) if principal.session_id else None,
        "sv": principal.session_version,
        "roles": sorted(principal.roles),
        "mfa": int(principal.mfa_at.timestamp()) if principal.mfa_at else None,
        "ev": principal.email_verified,
        "scopes": sorted(principal.scopes),
    }


def _principal(claims: dict[str, Any]) -> Principal:
    try:
        return Principal(
            user_id=UUID(claims["sub"]),
            roles=frozenset(claims["roles"]),
            session_id=UUID(claims["sid"]),
            session_version=int(claims["sv"]),
            mfa_at=datetime.fromtimestamp(claims["mfa"], UTC) if claims.get("mfa") else None,
            email_verified=bool(claims["ev"]),
            scopes=frozenset(claims.get("scopes", ())),
        )
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise Unauthenticated("The token is not valid; sign in again.", code="token_invalid") from error
