"""Pages per second of the document reader beside bare engines and peers, in one run: `make bench W=reading`.

The peers are OCRmyPDF (it recognises scans with tesseract, and writes a PDF that can be searched) and pdfplumber (text
with the place of each word). They are none of the product's requirements: install them in an environment of their own
and name its interpreter, `SOP_PEER_PYTHON=/path/bin/python`; tesseract must be on the PATH. A peer that is not there
is named as not measured.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
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
    """Seconds of each round for a document of `pages` pages: by the clock, and of processors (children included)."""

    name: str
    pages: int
    seconds: tuple[float, ...]
    processor: tuple[float, ...]

    @property
    def pages_per_second(self) -> float:
        return self.pages / median(self.seconds)

    @property
    def processor_ms_per_page(self) -> float:
        return 1000 * median(self.processor) / self.pages

    @property
    def spread(self) -> float:
        return (max(self.seconds) - min(self.seconds)) / median(self.seconds)


def bare_text(content: bytes) -> None:
    """What the raw engine costs: open, take each page's text and the box of each of its glyphs."""
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    for page in document:
        text = page.get_textpage()
        text.get_text_range()
        for index in range(text.count_chars()):
            text.get_charbox(index)
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


_PLUMBER = """
import sys, pdfplumber
with pdfplumber.open(sys.argv[1]) as document:
    words = sum(len(page.extract_text()) + len(page.extract_words()) for page in document.pages)
"""


def peer(document: Document, *command: str) -> None:
    """What a peer costs: a process of its own, as ours is, on the same file."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "upload.pdf"
        source.write_bytes(document.content)
        known = {"source": str(source), "out": str(Path(folder) / "out.pdf")}
        told = [part.format_map(known) if part.startswith("{") else part for part in command]
        subprocess.run(told, check=True, capture_output=True)


def peers(record: Document, scan: Document, pages: int) -> dict[str, tuple[int, Callable[[], None]]]:
    """Those that are installed; the others are said to be missing."""
    python = os.environ.get("SOP_PEER_PYTHON", "")
    found: dict[str, tuple[int, Callable[[], None]]] = {}
    if _has(python, "pdfplumber"):
        found["text: pdfplumber, process"] = (pages, lambda: peer(record, python, "-c", _PLUMBER, "{source}"))
    if _has(python, "ocrmypdf") and shutil.which("tesseract"):
        one = (python, "-m", "ocrmypdf", "--output-type", "pdf", "--optimize", "0", "{source}", "{out}")
        found["scan: ocrmypdf with tesseract, process"] = (2, lambda: peer(scan, *one))
    for name in ("pdfplumber", "ocrmypdf"):
        if not any(name in known for known in found):
            print(f"Not measured: {name} is not installed where SOP_PEER_PYTHON says.")
    return found


def _has(python: str, module: str) -> bool:
    return bool(python) and subprocess.run([python, "-c", f"import {module}"], check=False).returncode == 0


def rounds(named: dict[str, tuple[int, Callable[[], None]]], count: int) -> list[Measure]:
    """Each candidate once per round, in turn, so that a slow moment of the machine hits all of them."""
    clock: dict[str, list[float]] = {name: [] for name in named}
    spent: dict[str, list[float]] = {name: [] for name in named}
    for _ in range(count):
        for name, (_, work) in named.items():
            started, before = time.perf_counter(), processor_seconds()
            work()
            clock[name].append(time.perf_counter() - started)
            spent[name].append(processor_seconds() - before)
    return [Measure(name, pages, tuple(clock[name]), tuple(spent[name])) for name, (pages, _) in named.items()]


def processor_seconds() -> float:
    """Of this process and all children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def largest_child_mb() -> int:
    """Resident memory of the recogniser's child. Taken first: a child's figure never falls below its parent's."""
    ours(documents.scanned(documents.many_pages(1)), Limits())
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


def candidates(pages: int) -> dict[str, tuple[int, Callable[[], None]]]:
    """Text layer of `pages` pages, and two scanned pages."""
    record = documents.many_pages(pages)
    scan = documents.scanned(documents.discharge_letter())
    text_only = Limits(drawing_seconds=0.0)
    return {
        "text: bare pypdfium2 with every glyph's box, in process": (pages, lambda: bare_text(record.content)),
        "text: ours, child, lines and boxes": (pages, lambda: ours(record, text_only)),
        "text: ours, child, with page pictures": (pages, lambda: ours(record, Limits(cpu_seconds=60))),
        "scan: bare rapidocr, in process": (2, lambda: bare_recognition(scan.content)),
        "scan: ours, two children, with pictures": (2, lambda: ours(scan, Limits())),
        **peers(record, scan, pages),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    print(f"Largest child: {largest_child_mb()} MB resident.\n")
    print("| candidate | pages/s | spread | processor ms/page | pages |\n|---|---|---|---|---|")
    for measure in rounds(candidates(chosen.pages), chosen.rounds):
        rate, spent = measure.pages_per_second, measure.processor_ms_per_page
        print(f"| {measure.name} | {rate:.2f} | {measure.spread:.0%} | {spent:.1f} | {measure.pages} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
