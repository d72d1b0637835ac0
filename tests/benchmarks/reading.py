"""Pages per second of the document reader beside the bare engines, in one run: `python -m tests.benchmarks.reading`."""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from cases.adapters.reading import Limits, read_in_child
from tests.tooling import documents
from tests.tooling.facts import Document


@dataclass(frozen=True)
class Measure:
    """Seconds of each round for a document of `pages` pages."""

    name: str
    pages: int
    seconds: tuple[float, ...]

    @property
    def pages_per_second(self) -> float:
        return self.pages / median(self.seconds)

    @property
    def spread(self) -> float:
        return (max(self.seconds) - min(self.seconds)) / median(self.seconds)


def bare_text(content: bytes) -> None:
    """What the raw engine costs: open and take each page's text."""
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    for page in document:
        page.get_textpage().get_text_range()
    document.close()


def bare_recognition(content: bytes) -> None:
    """What the raw recogniser costs with its own settings: render at 150 dpi and read."""
    import numpy as np
    import pypdfium2
    from rapidocr import RapidOCR

    engine = RapidOCR(params={"Global.log_level": "error"})
    for page in pypdfium2.PdfDocument(content):
        engine(np.asarray(page.render(scale=150 / 72).to_pil().convert("RGB"))[:, :, ::-1].copy())


def ours(document: Document, limits: Limits) -> None:
    """The whole way: inspection, child, layout, pictures (and recognition), checked result."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "upload"
        source.write_bytes(document.content)
        read_in_child(
            source=source,
            workdir=Path(folder) / "out",
            name=document.name,
            declared_type=document.media_type,
            limits=limits,
        )


def rounds(named: dict[str, tuple[int, Callable[[], None]]], count: int) -> list[Measure]:
    """Each candidate once per round, in turn, so that a slow moment of the machine hits all of them."""
    took: dict[str, list[float]] = {name: [] for name in named}
    for _ in range(count):
        for name, (_, work) in named.items():
            started = time.perf_counter()
            work()
            took[name].append(time.perf_counter() - started)
    return [Measure(name, pages, tuple(took[name])) for name, (pages, _) in named.items()]


def candidates(pages: int) -> dict[str, tuple[int, Callable[[], None]]]:
    """Text layer of `pages` pages, and two scanned pages."""
    record = documents.many_pages(pages)
    scan = documents.scanned(documents.discharge_letter())
    text_only = Limits(drawing_seconds=0.0)
    return {
        "text: bare pypdfium2, in process": (pages, lambda: bare_text(record.content)),
        "text: ours, child, lines and boxes": (pages, lambda: ours(record, text_only)),
        "text: ours, child, with page pictures": (pages, lambda: ours(record, Limits(wall_seconds=60))),
        "scan: bare rapidocr, in process": (2, lambda: bare_recognition(scan.content)),
        "scan: ours, two children, with pictures": (2, lambda: ours(scan, Limits())),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    print("| candidate | pages/s | spread | pages |\n|---|---|---|---|")
    for measure in rounds(candidates(chosen.pages), chosen.rounds):
        print(f"| {measure.name} | {measure.pages_per_second:.2f} | {measure.spread:.0%} | {measure.pages} |")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"\nLargest child: {peak} MB resident.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
