"""Cases alone: the contexts above it hear nothing and are asked nothing."""

from collections.abc import Iterator
from typing import Any

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
    silent = ports._Offers[Any]("case_findings")
    silent.add(lambda case_id: ())
    monkeypatch.setattr(ports.CASE_FINDINGS, "_offers", silent)
    silent = ports._Offers[Any]("case_judgements")
    silent.add(lambda principal, case_id: ports.Judgements(documents=None))
    monkeypatch.setattr(ports.CASE_JUDGEMENTS, "_offers", silent)
    monkeypatch.setattr(ports, "_contexts", lambda: ("identity", "professionals", "cases"))
    yield
    for signal in events._signals.values():
        signal.sender_receivers_cache.clear()
