"""Cases alone: the contexts above it hear nothing and are asked nothing."""

from collections.abc import Iterator

import pytest

from config.kernel import events, ports

ABOVE = ("analysis.", "notifications.")


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Receivers and providers of higher contexts are off: their databases are closed to these tests."""
    for signal in events._signals.values():
        ours = [entry for entry in signal.receivers if not str(entry[0][0]).startswith(ABOVE)]
        monkeypatch.setattr(signal, "receivers", ours)
        signal.sender_receivers_cache.clear()
    lower = {
        name: [function for function in functions if not function.__module__.startswith(ABOVE)]
        for name, functions in ports._providers.items()
    }
    monkeypatch.setattr(ports, "_providers", ports.defaultdict(list, lower))
    yield
    for signal in events._signals.values():
        signal.sender_receivers_cache.clear()
