"""A deadline by the clock on the wall: a server that drips bytes keeps a socket's own time-out from ever firing."""

from __future__ import annotations

import queue
import threading

from analysis.adapters.providers.protocol import Answer, Fault, Provider, ProviderFailed
from analysis.domain.prompt import Prompt


def ask_within(provider: Provider, prompt: Prompt, *, deadline: float) -> Answer:
    """Ask ``provider``; after ``deadline`` seconds its answer is no longer waited for. Raises ``ProviderFailed``."""
    outcome: queue.SimpleQueue[Answer | ProviderFailed] = queue.SimpleQueue()

    def call() -> None:
        try:
            outcome.put(provider.ask(prompt, timeout=deadline))
        except ProviderFailed as failed:
            outcome.put(failed)
        except Exception:  # whatever an SDK raises must not hang the waiting run; its message may quote the prompt
            outcome.put(ProviderFailed(Fault.MALFORMED))

    threading.Thread(target=call, name=f"ask-{provider.name}", daemon=True).start()
    try:
        result = outcome.get(timeout=deadline)
    except queue.Empty:
        raise ProviderFailed(Fault.TIMEOUT) from None
    if isinstance(result, ProviderFailed):
        raise result
    return result
