"""What every provider offers, and how each may fail."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from analysis.domain.prompt import Prompt

MAX_OUTPUT_TOKENS = 8000


class Fault(StrEnum):
    """Why there is no usable answer."""

    BAD_REQUEST = "bad_request"
    CREDENTIALS = "credentials"
    RATE_LIMITED = "rate_limited"
    OVERLOADED = "overloaded"
    SERVER = "server_error"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    CUT_OFF = "cut_off"
    EMPTY = "empty"
    MALFORMED = "malformed"


# Trying again later may help with these, and with no other.
PASSING = frozenset({Fault.RATE_LIMITED, Fault.OVERLOADED, Fault.SERVER, Fault.TIMEOUT, Fault.UNREACHABLE})


class ProviderFailed(Exception):
    """A call gave nothing usable. The message never holds what was sent or answered."""

    def __init__(self, fault: Fault, status: int | None = None) -> None:
        super().__init__(f"{fault.value} ({status})" if status else fault.value)
        self.fault = fault
        self.status = status

    @property
    def passing(self) -> bool:
        """Whether the same call may succeed later."""
        return self.fault in PASSING


@dataclass(frozen=True, slots=True)
class Answer:
    """The text of a complete answer, not yet validated; token counts are ``None`` where not given."""

    text: str
    tokens_in: int | None = None
    tokens_out: int | None = None


class Provider(Protocol):
    """One model of one provider."""

    @property
    def name(self) -> str:
        """The provider, as ANALYSIS_PROVIDERS names it."""

    @property
    def model(self) -> str:
        """The model as the provider names it."""

    def ask(self, prompt: Prompt, *, timeout: float) -> Answer:
        """One call without retries; ``timeout`` in seconds is the SDK's own. Raises ``ProviderFailed``."""


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach a model; an empty ``base_url`` is the provider's own."""

    api_key: str
    model: str
    base_url: str = ""

    def __repr__(self) -> str:
        return f"Access(model={self.model!r})"


def fault_of_status(status: int | None) -> Fault:
    """The fault that an HTTP status means."""
    if status in (401, 403):
        return Fault.CREDENTIALS
    if status == 408:
        return Fault.TIMEOUT
    if status == 429:
        return Fault.RATE_LIMITED
    if status in (503, 529):
        return Fault.OVERLOADED
    if status is not None and status >= 500:
        return Fault.SERVER
    return Fault.BAD_REQUEST


def complete(text: str | None, tokens_in: int | None, tokens_out: int | None) -> Answer:
    """An answer with text; an empty one is a fault."""
    if not text or not text.strip():
        raise ProviderFailed(Fault.EMPTY)
    return Answer(text, tokens_in, tokens_out)
