"""Asking a provider: bounded by the clock on the wall, and not at all while it is known to be down."""

from __future__ import annotations

from analysis.adapters.providers.protocol import Answer, Fault, Provider, ProviderFailed
from analysis.domain.prompt import Prompt
from config.kernel.providers import CircuitOpen, DeadlinePassed, circuit, within


def ask_within(provider: Provider, prompt: Prompt, *, deadline: float) -> Answer:
    """Ask ``provider``; after ``deadline`` seconds its answer is no longer waited for. Raises ``ProviderFailed``."""

    def call() -> Answer:
        try:
            return within(deadline, lambda: provider.ask(prompt, timeout=deadline), name=f"ask-{provider.name}")
        except DeadlinePassed:
            raise ProviderFailed(Fault.TIMEOUT) from None
        except ProviderFailed:
            raise
        except Exception:  # whatever an SDK raises becomes a named fault; its message may quote the prompt
            raise ProviderFailed(Fault.MALFORMED) from None

    try:
        return circuit(f"{provider.name}/{provider.model}", call, counts=_is_down)
    except CircuitOpen:
        raise ProviderFailed(Fault.UNREACHABLE) from None


def _is_down(error: BaseException) -> bool:
    return isinstance(error, ProviderFailed) and error.passing
