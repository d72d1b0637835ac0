"""Who may call an end point at all. Whose data it is gets decided below, by the service's query."""

from dataclasses import dataclass

from config.kernel.auth.freshness import fresh_second_factor
from config.kernel.auth.principal import Principal
from config.kernel.errors import Forbidden, Unauthenticated


@dataclass(frozen=True)
class Policy:
    """``anonymous``: anybody. Otherwise signed in and, when ``any_of`` is not empty, holding one of its roles.

    Service keys are refused, but where ``keys`` lets them on to the service, which looks for the key's scope.
    """

    anonymous: bool = False
    any_of: frozenset[str] = frozenset()
    verified_email: bool = False
    fresh_second_factor: bool = False
    keys: bool = False

    def check(self, principal: Principal) -> None:
        """Raise ``Unauthenticated`` or ``Forbidden`` when the caller may not call this."""
        if self.anonymous:
            return
        if not principal.is_authenticated:
            raise Unauthenticated("Sign in and send the access token as a Bearer token.", code="not_authenticated")
        if principal.kind == "service":
            if not self.keys:
                raise Forbidden("This address is for people, not for service keys.", code="key_forbidden")
            return
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


def roles(*names: str, verified_email: bool = False, fresh_second_factor: bool = False) -> Policy:
    """Open to users who hold one of the named roles."""
    return Policy(any_of=frozenset(names), verified_email=verified_email, fresh_second_factor=fresh_second_factor)
