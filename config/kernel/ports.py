"""What the kernel and lower contexts ask of higher ones: a typed port each, with exactly one provider.

A context provides in its ``AppConfig.ready``; whoever asks imports the port, never the provider. The system check
kernel.E006 refuses a port without a provider, and one with two. Everybody may import this module: it imports no other
of the kernel when the program runs, except the errors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import structlog
from django.core.checks import CheckMessage, Error

from config.kernel.errors import Unavailable

if TYPE_CHECKING:
    from collections import Counter
    from pathlib import Path
    from uuid import UUID

    from django.http import HttpRequest

    from config.kernel.auth.principal import Principal
    from config.kernel.auth.sessions import SessionState
    from config.kernel.crypto.keys import DataKey

T = TypeVar("T")
log = structlog.get_logger(__name__)


class _Offers(Generic[T]):
    """What was provided under one name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.providers: list[T] = []

    def add(self, provider: T) -> None:
        if provider not in self.providers:
            self.providers.append(provider)

    def only(self) -> T:
        for fault in self.faults():
            log.error("port_not_provided", reason=fault)
            raise Unavailable("This installation is not complete, so nothing was done.")
        return self.providers[0]

    def faults(self) -> Iterator[str]:
        if len(self.providers) != 1:
            named = " and ".join(map(repr, self.providers)) or "nobody"
            yield f"{self.name} must be provided once; it is provided by {named}."


class Port(Generic[T]):
    """One provider on the whole platform."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._offers: _Offers[T] = _Offers(name)
        ports.append(self)

    def provide(self, provider: T) -> None:
        """Offer ``provider``; offering the same one twice has no effect."""
        self._offers.add(provider)

    @property
    def ask(self) -> T:
        """What was provided; ``Unavailable`` when that is nothing, or two things."""
        return self._offers.only()

    def faults(self) -> Iterator[str]:
        """Why this port cannot be asked."""
        yield from self._offers.faults()


class ContextPort(Generic[T]):
    """One provider of each context; a context that has nothing to give says so by an empty one."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._offers: dict[str, _Offers[T]] = {}
        ports.append(self)

    def provide(self, context: str, provider: T) -> None:
        """Offer the ``provider`` of a context; offering the same one twice has no effect."""
        self._of(context).add(provider)

    def of(self, context: str) -> T:
        """What a context provided; ``Unavailable`` when that is nothing, or two things."""
        return self._of(context).only()

    def each(self) -> tuple[T, ...]:
        """What every context provided, from the lowest."""
        return tuple(self.of(context) for context in _contexts())

    def faults(self) -> Iterator[str]:
        """Why some context cannot be asked."""
        for context in _contexts():
            yield from self._of(context).faults()

    def _of(self, context: str) -> _Offers[T]:
        return self._offers.setdefault(context, _Offers(f"{self.name} of {context}"))


def every_port_has_one_provider(
    app_configs: Any = None, *, of: Iterable[Port[Any] | ContextPort[Any]] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """E006: what nobody provides would be left out in silence, and of two providers one."""
    return [Error(fault, id="kernel.E006") for port in (ports if of is None else of) for fault in port.faults()]


def _contexts() -> tuple[str, ...]:
    # Late: the router needs Django's databases, this module nothing.
    from config.kernel.db.router import context_labels

    return context_labels()


# Every port of the platform.
ports: list[Port[Any] | ContextPort[Any]] = []


class SessionStateOf(Protocol):
    """The state of an open session; ``None`` when it ended."""

    def __call__(self, session_id: UUID, /) -> SessionState | None: ...


class PrincipalOfKey(Protocol):
    """Who a service key is; ``Unauthenticated`` for any that opens nothing from this address."""

    def __call__(self, *, secret: str, address: str | None) -> Principal: ...


class BrowserSignIn(Protocol):
    """Open a page session for an account that holds one of ``any_of``; ``Unauthenticated`` when something is wrong."""

    def __call__(
        self, *, request: HttpRequest, email: str, password: str, code: str, any_of: frozenset[str]
    ) -> object: ...


class BrowserSignOut(Protocol):
    """End the page session, in the cookie and in the session list."""

    def __call__(self, *, request: HttpRequest) -> None: ...


class KeyOfPerson(Protocol):
    """A person's newest data key; ``KeyDestroyed`` once their keys were destroyed."""

    def __call__(self, *, subject_id: UUID) -> DataKey: ...


class InspectFile(Protocol):
    """The safe name and the media type of a file that may be taken in; ``Invalid`` or ``TooLarge`` for any other."""

    def __call__(self, *, source: Path, name: str, declared_type: str) -> tuple[str, str]: ...


class ReadFile(Protocol):
    """Have a file scanned and read in a limited child; returns its pages, ``Invalid`` with the advice if refused."""

    def __call__(self, *, source: Path, name: str, media_type: str) -> int: ...


@dataclass(frozen=True)
class Judgements:
    """What runs made of a case's documents, for one reader: by document, as plain data.

    ``documents`` is ``None`` where the reader is not told; ``locked`` where that is so until an own first read.
    """

    documents: Mapping[UUID, Mapping[str, Any]] | None
    locked: bool = False


class SealedFiles(Protocol):
    """What a context seals outside of columns by people's data keys."""

    def reseal_files(self, *, subject_id: UUID) -> None:
        """Queue the jobs that bring a person's files onto the newest version of their key."""

    def files_by_version(self, *, subject_id: UUID) -> Counter[int]:
        """How many files of a person each version of their key seals."""


# identity
SESSION_STATE: Port[SessionStateOf] = Port("session_state")
KEY_PRINCIPAL: Port[PrincipalOfKey] = Port("key_principal")
SESSION_PRINCIPAL: Port[Callable[[HttpRequest], Principal | None]] = Port("session_principal")
BROWSER_SIGN_IN: Port[BrowserSignIn] = Port("browser_sign_in")
BROWSER_SIGN_OUT: Port[BrowserSignOut] = Port("browser_sign_out")
# The template that offers a passkey below the form of a sign-in.
PASSKEY_FORM: Port[str] = Port("passkey_form")
# As this process may remember it, and as the table has it now.
DATA_KEY: Port[KeyOfPerson] = Port("data_key")
NEWEST_DATA_KEY: Port[KeyOfPerson] = Port("newest_data_key")

# professionals: the public names of those of the users who are specialists
PROFESSIONAL_NAMES: Port[Callable[[Iterable[UUID]], Mapping[UUID, str]]] = Port("professional_names")

# cases: the safety steps of documents, for files of no case
INSPECT_FILE: Port[InspectFile] = Port("inspect_file")
READ_FILE: Port[ReadFile] = Port("read_file")

# notifications: whether text messages are set up here
TEXT_MESSAGES: Port[Callable[[], bool]] = Port("text_messages")

# analysis: what is frozen into an opinion, every finding of a case with the decision on it
CASE_FINDINGS: Port[Callable[[UUID], tuple[dict[str, Any], ...]]] = Port("case_findings")
# analysis: how far the case's documents were judged, as far as the principal may know
CASE_JUDGEMENTS: Port[Callable[[Principal, UUID], Judgements]] = Port("case_judgements")

# every context; those with a type of their own stand beside it: EXPORT_PARTS, RETENTION_RULES, STAFF_HOME
SEALED_FILES: ContextPort[SealedFiles] = ContextPort("sealed_files")
