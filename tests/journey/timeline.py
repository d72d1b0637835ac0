"""Progress on the way, and a timeline at the end: state, who, elapsed."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.journey.http import StepFailed

T = TypeVar("T")
TELL_EVERY_SECONDS = 30


@dataclass
class Entry:
    """One finished step."""

    title: str
    who: str
    seconds: float
    state: str


@dataclass
class Timeline:
    """Collects steps; ``state`` is the case's state after the last one."""

    entries: list[Entry] = field(default_factory=list)
    state: str = "-"
    started: float = field(default_factory=time.monotonic)

    @contextmanager
    def step(self, who: str, title: str) -> Iterator[None]:
        """Show the step while it runs and record it when it held."""
        begun = time.monotonic()
        live = sys.stdout.isatty()
        start = "\r" if live else ""
        sys.stdout.write(f"  … {who:<12} {title}" if live else "")
        sys.stdout.flush()
        try:
            yield
        except Exception:
            sys.stdout.write(f"{start}  ✗ {who:<12} {title}\n")
            raise
        seconds = time.monotonic() - begun
        self.entries.append(Entry(title, who, seconds, self.state))
        sys.stdout.write(f"{start}  ✓ {who:<12} {title}  ({seconds:.1f} s)\n")
        sys.stdout.flush()

    def table(self) -> str:
        """The timeline as text."""
        rows = [f"{'elapsed':>8}  {'took':>6}  {'who':<12} {'case state':<20} step"]
        elapsed = 0.0
        for entry in self.entries:
            elapsed += entry.seconds
            rows.append(f"{elapsed:7.1f}s {entry.seconds:6.1f}s  {entry.who:<12} {entry.state:<20} {entry.title}")
        return "\n".join(rows)


def wait_for(what: str, probe: Callable[[], T | None], *, seconds: float = 900, pause: float = 0.25) -> T:
    """Ask until ``probe`` answers something; ``StepFailed`` names what did not come.

    ``seconds`` guard against waiting for ever; a slow machine keeps well within them.
    """
    begun = told = time.monotonic()
    last: Any = None
    while (now := time.monotonic()) < begun + seconds:
        if now - told > TELL_EVERY_SECONDS:
            told = now
            sys.stdout.write(f"    … {what}: {now - begun:.0f} s so far\n")
            sys.stdout.flush()
        last = probe()
        if last is not None:
            return last
        time.sleep(pause)
    raise StepFailed(f"{what} did not come within {seconds:.0f} s")
