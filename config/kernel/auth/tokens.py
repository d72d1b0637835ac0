"""Access tokens: signed with an asymmetric key, checked without asking anybody.

simplejwt's classes make, sign and verify them (``SIMPLE_JWT`` says how). Ours are the keys, a ring that rotates, the
clock, and what a token means. A verified token is remembered by its hash until it ends, so that the signature is
checked once, not once a request.
"""

from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any, Self
from uuid import UUID

import jwt
from rest_framework_simplejwt import tokens as simplejwt
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import ExpiredTokenError, TokenBackendError, TokenError
from rest_framework_simplejwt.settings import api_settings

from config.kernel import clock
from config.kernel.auth.principal import Principal
from config.kernel.auth.signing_keys import signing_key, verification_keys
from config.kernel.crypto.token_hash import token_hash
from config.kernel.errors import Unauthenticated

# Hosts' clocks may differ by so much, in what was issued.
LEEWAY_SECONDS = float(api_settings.LEEWAY)
_CACHE_SIZE = 10_000
# By the token's hash: whose it is, when it ends, and the key that it was checked with.
_verified: OrderedDict[bytes, tuple[Principal, float, str]] = OrderedDict()
_lock = Lock()


class KeyRingBackend(TokenBackend):
    """simplejwt's backend over the ring of keys: the newest settled one signs, every published one verifies."""

    def encode(self, payload: dict[str, Any]) -> str:
        """Sign for our audience, and name the key: simplejwt knows one key and writes no ``kid``."""
        key = signing_key()
        claims = payload | {"aud": self.audience, "iss": self.issuer}
        return jwt.encode(claims, key.private, algorithm=self.algorithm, headers={"kid": key.kid})

    def get_verifying_key(self, token: Any) -> Any:
        """The public key that the token's header names, if it is one of ours."""
        public = verification_keys().get(_key_id(token))
        if public is None:
            raise TokenBackendError("The token was not signed by this service.")
        return public

    def get_leeway(self) -> timedelta:
        """PyJWT asks the machine's clock: the platform's may be away from it in tests, and decides in ``verify``."""
        return super().get_leeway() + abs(clock.now() - datetime.now(UTC))


BACKEND = KeyRingBackend(
    api_settings.ALGORITHM,
    audience=api_settings.AUDIENCE,
    issuer=api_settings.ISSUER,
    leeway=LEEWAY_SECONDS,
)


class PlatformToken(simplejwt.Token):
    """A token that only we sign. Kinds are subclasses, each with its ``token_type`` and ``lifetime``."""

    def __init__(self, token: Any = None, verify: bool = True) -> None:
        super().__init__(token, verify)
        if token is None:
            self.current_time = clock.now()
            self.set_iat(at_time=self.current_time)
            self.set_exp(from_time=self.current_time)

    @classmethod
    def read(cls, text: str) -> Self:
        """The valid token of this kind that ``text`` is; ``Unauthenticated`` for any other."""
        try:
            return cls(text)
        except ExpiredTokenError as error:
            raise Unauthenticated("The token has ended; refresh it or sign in again.", code="token_expired") from error
        except (TokenError, ValueError, TypeError) as error:
            raise Unauthenticated("The token is not valid; sign in again.", code="token_invalid") from error

    def get_token_backend(self) -> TokenBackend:
        """The ring's, in place of the one of ``SIMPLE_JWT``'s only key."""
        return BACKEND

    def verify(self) -> None:
        """What simplejwt asks (end, id, kind), a subject, and an instant of issue that has come."""
        super().verify()
        issued = self.payload.get("iat")
        if "sub" not in self.payload or not isinstance(issued, int | float):
            raise TokenError("The token lacks a claim.")
        if issued > clock.now().timestamp() + LEEWAY_SECONDS:
            raise TokenError("The token is not valid yet.")

    def check_exp(self, claim: str = "exp", current_time: datetime | None = None) -> None:
        """By the platform's clock, which tests can move, and without leeway: an end is an end."""
        end = self.payload.get(claim)
        if not isinstance(end, int | float):
            raise TokenError("The token has no end.")
        if (current_time or clock.now()).timestamp() >= end:
            raise ExpiredTokenError("The token has ended.")


class AccessToken(PlatformToken, simplejwt.AccessToken):
    """What a signed-in person sends with each request: who they are, their roles, session and proof."""

    @classmethod
    def for_principal(cls, principal: Principal) -> Self:
        """A new one."""
        token = cls()
        token.payload |= {
            "sub": str(principal.user_id),
            "sid": str(principal.session_id) if principal.session_id else None,
            "sv": principal.session_version,
            "roles": sorted(principal.roles),
            "mfa": int(principal.mfa_at.timestamp()) if principal.mfa_at else None,
            "ev": principal.email_verified,
            "scopes": sorted(principal.scopes),
        }
        return token

    def principal(self) -> Principal:
        """Whose it is; ``Unauthenticated`` when its claims make no sense."""
        claims = self.payload
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


def encode_access(principal: Principal) -> tuple[str, int]:
    """Sign an access token for ``principal``; returns it with its lifetime in seconds."""
    return str(AccessToken.for_principal(principal)), int(AccessToken.lifetime.total_seconds())


def decode_access(token: str) -> Principal:
    """The principal of a valid access token, from the cache when its signature was checked before."""
    digest = token_hash(token)
    with _lock:
        known = _verified.get(digest)
    if known is not None and known[1] > clock.now().timestamp() and known[2] in verification_keys():
        return known[0]
    read = AccessToken.read(token)
    principal = read.principal()
    with _lock:
        _verified[digest] = (principal, float(read["exp"]), _key_id(token))
        while len(_verified) > _CACHE_SIZE:
            _verified.popitem(last=False)
    return principal


def _key_id(token: Any) -> str:
    return str(jwt.get_unverified_header(token).get("kid"))
