"""What can go wrong, as classes with a code. HTTP is decided in ``config.kernel.api.problems`` alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class FieldError:
    """One wrong input: a JSON pointer to it, a stable code, and what to change."""

    pointer: str
    code: str
    detail: str


@dataclass(eq=False)
class DomainError(Exception):
    """A refusal that the caller can read: ``detail`` says what to change and never holds PHI."""

    detail: str
    code: str = "error"
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"


@dataclass(eq=False)
class Invalid(DomainError):
    """The input is wrong; ``errors`` names each field."""

    code: str = "invalid"
    errors: Sequence[FieldError] = ()


@dataclass(eq=False)
class UnknownChoice(Invalid):
    """A value that is none of a list's: the request is well formed, and names something that there is not."""

    code: str = "unknown_choice"


@dataclass(eq=False)
class Unauthenticated(DomainError):
    """Nobody, or nobody we can recognise, is asking."""

    code: str = "unauthenticated"


@dataclass(eq=False)
class Forbidden(DomainError):
    """The caller may see the object but not do this."""

    code: str = "forbidden"


@dataclass(eq=False)
class NotFound(DomainError):
    """Absent, or outside the caller's scope: the two look the same."""

    detail: str = "There is no such object for you."
    code: str = "not_found"


@dataclass(eq=False)
class Conflict(DomainError):
    """The object is not in a state that allows this."""

    code: str = "conflict"


@dataclass(eq=False)
class PreconditionFailed(DomainError):
    """The object changed since the caller read it (If-Match)."""

    code: str = "version_mismatch"


@dataclass(eq=False)
class PreconditionRequired(DomainError):
    """The caller must say which version it read (If-Match)."""

    code: str = "version_required"


@dataclass(eq=False)
class TooLarge(DomainError):
    """The body is larger than allowed."""

    code: str = "too_large"


@dataclass(eq=False)
class UnsupportedMedia(DomainError):
    """The body is of a type we do not take."""

    code: str = "unsupported_media_type"


@dataclass(eq=False)
class Unprocessable(DomainError):
    """Well-formed, but it contradicts an earlier request, or what there is; ``errors`` names each fault."""

    code: str = "unprocessable"
    errors: Sequence[FieldError] = ()


@dataclass(eq=False)
class Locked(DomainError):
    """Readable later, once a named step was taken."""

    code: str = "locked"


@dataclass(eq=False)
class TooMany(DomainError):
    """A limit was reached; ``retry_after`` is in seconds."""

    code: str = "too_many_requests"
    retry_after: int = 60


@dataclass(eq=False)
class Unavailable(DomainError):
    """A part we need does not answer; ``retry_after`` is in seconds."""

    code: str = "unavailable"
    retry_after: int = 5
