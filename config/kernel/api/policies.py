"""Who may call an end point at all. Whose data it is gets decided below, by the service's query."""

from collections.abc import Iterable
from dataclasses import dataclass

from config.kernel.auth.freshness import fresh_second_factor
from config.kernel.auth.principal import Principal
from config.kernel.errors import Forbidden, Unauthenticated


@dataclass(frozen=True)
class Policy:
    """``anonymous``: anybody. Otherwise signed in and, when ``any_of`` is not empty, holding one of its roles.

    Service keys are refused, but where they hold one of ``scopes``, or where ``keys`` lets them on to the service,
    which looks for the scope of the one thing asked for (``cases:read:<id>``). ``people``: whether users may enter.
    """

    anonymous: bool = False
    any_of: frozenset[str] = frozenset()
    verified_email: bool = False
    fresh_second_factor: bool = False
    keys: bool = False
    scopes: frozenset[str] = frozenset()
    people: bool = True

    def check(self, principal: Principal) -> None:
        """Raise ``Unauthenticated`` or ``Forbidden`` when the caller may not call this."""
        if self.anonymous:
            return
        if not principal.is_authenticated:
            raise Unauthenticated("Sign in and send the access token as a Bearer token.", code="not_authenticated")
        if principal.kind == "service":
            if self.keys or not self.scopes.isdisjoint(principal.scopes):
                return
            raise Forbidden("No scope of this service key opens this address.", code="key_forbidden")
        if not self.people:
            raise Forbidden("This address is for service keys.", code="people_forbidden")
        if self.any_of and not principal.has(*self.any_of):
            raise Forbidden("Your role does not allow this.", code="role_forbidden")
        if self.verified_email and not principal.email_verified:
            raise Forbidden("Confirm your e-mail address first.", code="email_unverified")
        if self.fresh_second_factor:
            fresh_second_factor(principal)


def public() -> Policy:
    """Open to anybody, signed in or not."""
    return Policy(anonymous=True)


def signed_in(*, verified_email: bool = False, fresh_second_factor: bool = False, keys: bool = False) -> Policy:
    """Open to every signed-in user; with ``keys``, to service keys as far as their scopes go."""
    return Policy(verified_email=verified_email, fresh_second_factor=fresh_second_factor, keys=keys)


def roles(
    *names: str, verified_email: bool = False, fresh_second_factor: bool = False, scopes: Iterable[str] = ()
) -> Policy:
    """Open to users who hold one of the named roles, and to service keys that hold one of ``scopes``."""
    return Policy(
        any_of=frozenset(names),
        verified_email=verified_email,
        fresh_second_factor=fresh_second_factor,
        scopes=frozenset(scopes),
    )


def scopes(*names: str) -> Policy:
    """Open to service keys that hold one of the named scopes, and to nobody else."""
    return Policy(scopes=frozenset(names), people=False)
