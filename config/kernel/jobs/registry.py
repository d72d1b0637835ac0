"""Which function runs which kind of job, and which jobs the scheduler starts by the clock."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.checks import CheckMessage, Error

JobFunction = Callable[[Any], None]
FailureHook = Callable[[UUID], None]


@dataclass(frozen=True)
class JobKind:
    """A registered kind: its function, queue, lease in seconds, and how many jobs the function takes at once."""

    name: str
    context: str
    function: JobFunction
    queue: str
    lease_seconds: int
    batch: int = 1


@dataclass(frozen=True)
class Periodic:
    """A job that the scheduler enqueues once every ``seconds``, whoever and however many schedulers run."""

    kind: str
    seconds: int


_kinds: dict[str, JobKind] = {}
_failure_hooks: dict[str, FailureHook] = {}
_periodic: dict[str, Periodic] = {}


def job(
    kind: str, *, queue: str = "interactive", lease_seconds: int = 24, batch: int = 1
) -> Callable[[JobFunction], JobFunction]:
    """Register the function that runs jobs of ``kind`` ("context.verb_noun").

    The lease bounds how long a dead worker's job lies still, not how long a job may take: it is renewed while
    the function runs. With ``batch`` the function gets a list of up to so many ``JobRun`` that were never tried, or
    of a single one that was; it does the work of each inside ``run.on_its_own()``.
    """

    def register(function: JobFunction) -> JobFunction:
        _kinds[kind] = JobKind(kind, kind.split(".")[0], function, queue, lease_seconds, batch)
        return function

    return register


def on_failure(kind: str) -> Callable[[FailureHook], FailureHook]:
    """Register what happens to the subject when its job has used all its tries."""

    def register(function: FailureHook) -> FailureHook:
        _failure_hooks[kind] = function
        return function

    return register


def every(kind: str, *, seconds: int) -> None:
    """Have the scheduler enqueue ``kind`` once in every window of ``seconds``."""
    _periodic[kind] = Periodic(kind, seconds)


def kind_of(name: str) -> JobKind:
    """The registered kind; an unknown one is an error in the deployment, not a job to drop."""
    try:
        return _kinds[name]
    except KeyError:
        raise LookupError(f"no job is registered as {name}") from None


def longest_lease(context: str) -> int:
    """The lease that is long enough for any kind of a context."""
    return max(kind.lease_seconds for kind in _kinds.values() if kind.context == context)


def failure_hook(name: str) -> FailureHook | None:
    """What to do when jobs of this kind die."""
    return _failure_hooks.get(name)


def periodic_jobs() -> tuple[Periodic, ...]:
    """Everything the scheduler starts by the clock."""
    return tuple(_periodic.values())


def every_named_kind_is_registered(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """E009: a period, or what follows a failure, of a job that does not exist."""
    named = {**dict.fromkeys(_periodic, "every()"), **dict.fromkeys(_failure_hooks, "on_failure()")}
    return [
        Error(f"{how} names {kind}, which no job is registered as.", id="kernel.E009")
        for kind, how in sorted(named.items())
        if kind not in _kinds
    ]
