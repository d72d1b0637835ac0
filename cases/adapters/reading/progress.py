"""How far the child is, told from the files that it has written so far: the child itself need not say anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cases.adapters.reading.results import load_draft
from cases.adapters.reading.sandbox import SCRATCH


@dataclass(frozen=True, slots=True)
class Progress:
    """The step that a document is in, with how many of its pages are done; ``total`` 0 while nobody knows."""

    step: Literal["reading", "drawing", "recognising", "checking"]
    done: int = 0
    total: int = 0


Told = Callable[[Progress], None]


def watch_reading(workdir: Path, told: Told) -> Callable[[], None]:
    """Look at a child that parses and draws: the number of pages is known once it has written its draft."""
    total = 0

    def look() -> None:
        nonlocal total
        if not total and (draft := load_draft(workdir / SCRATCH)) is not None:
            total = len(draft.reading.pages)
        drawn = _count(workdir, "page-*.webp")
        told(Progress("drawing", min(drawn, total), total) if total else Progress("reading"))

    return look


def watch_recognising(workdir: Path, pending: int, told: Told) -> Callable[[], None]:
    """Look at a child that recognises the text of ``pending`` pages."""

    def look() -> None:
        told(Progress("recognising", min(_count(workdir / SCRATCH, "recognised-*.json"), pending), pending))

    return look


def _count(folder: Path, pattern: str) -> int:
    return sum(1 for _ in folder.glob(pattern))
