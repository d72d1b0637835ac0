"""What the answers of providers mean, and what a connection that broke leaves open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime

from config.kernel import clock
from notifications.adapters.protocol import Delayed, Refused, Unanswered

MAX_WAIT = timedelta(hours=6)
# Between a gateway and what stands behind it, nobody knows how far a request got.
_UNKNOWN = (502, 504)
# Our credentials, our rights, our settings: they get mended, and say nothing about the message.
_OURS = (401, 403, 407, 408)
# By name, because each provider's library brings an HTTP client of its own: in all of these the connection, or the
# credentials for it, failed before the first byte of the message left.
_BEFORE_THE_BYTES = frozenset(
    {
        "ConnectTimeout",
        "ConnectTimeoutError",
        "ConnectError",
        "NewConnectionError",
        "NameResolutionError",
        "EndpointConnectionError",
        "ProxyConnectionError",
        "ProxyError",
        "SSLCertVerificationError",
        "ConnectionRefusedError",
        "gaierror",
        "ServiceRequestError",
        "ServiceRequestTimeoutError",
        "NoCredentialsError",
        "PartialCredentialsError",
        "CredentialRetrievalError",
        "NoRegionError",
        "RefreshError",
        "TransportError",
        "NotConnected",
    }
)


def by_status(
    status: int, retry_after: str | None = None, *, code: str = "", suppress: str = ""
) -> Refused | Delayed | Unanswered:
    """What an HTTP status other than success says; ``suppress``: if it is a refusal."""
    code = code or f"http_{status}"
    if status in _UNKNOWN:
        return Unanswered(code)
    if status == 429 or status in _OURS or status >= 500:
        return Delayed(code, wait_of(retry_after))
    return Refused(code, suppress)


def by_error(error: BaseException) -> Delayed | Unanswered:
    """What an error of the connection says: whether the message can have arrived."""
    if any(base.__name__ in _BEFORE_THE_BYTES for one in _causes(error) for base in type(one).__mro__):
        return Delayed("unreachable")
    return Unanswered("no_answer")


def wait_of(retry_after: str | None) -> timedelta | None:
    """``Retry-After`` in seconds or as a date; ``None`` for anything else."""
    text = (retry_after or "").strip()
    if text.isdecimal():
        return min(timedelta(seconds=int(text[:9])), MAX_WAIT)
    try:
        return min(max(parsedate_to_datetime(text) - clock.now(), timedelta()), MAX_WAIT)
    except (TypeError, ValueError):
        return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and those that it was made of: HTTP clients wrap one another's."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [*one.args, getattr(one, "reason", None), getattr(one, "cause", None), one.__cause__]
        if not one.__suppress_context__:
            waiting.append(one.__context__)
