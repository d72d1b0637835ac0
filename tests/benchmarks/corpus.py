"""Generated reports read and told apart, by how they came: ``make bench W=corpus``; writes into RESULTS.md.

Character error rate: edit distance between what was printed and what was read, white space made alike, over the
printed length. A kind left open counts as wrong.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

from cases.adapters.reading import Limits, ReadingFailed, Refused, read_in_child
from cases.domain.documents.classification import classify
from tests.tooling.facts import Document, Known
from tests.tooling.records import KINDS, LANGUAGES, Record, pdf_of, person, record
from tests.tooling.scans import photographed, scanned

RESULTS = Path(__file__).with_name("RESULTS.md")
WAYS: dict[str, Callable[[Document], Document]] = {
    "digital": lambda document: document,
    "scan, 150 dpi": lambda document: scanned(document, dpi=150, skew=0.3),
    "scan, 200 dpi": lambda document: scanned(document, dpi=200, skew=0.3),
    "scan, 300 dpi, 1.5° askew": lambda document: scanned(document, dpi=300, skew=1.5),
    "photograph, 200 dpi": lambda document: photographed(document, dpi=200),
}


@dataclass
class Figures:
    """Of one way: edits and printed signs, kinds right, wrong and left open."""

    count: int = 0
    edits: int = 0
    signs: int = 0
    right: int = 0
    wrong: int = 0
    left_open: int = 0
    failed: int = 0
    by_language: dict[str, list[int]] = field(default_factory=dict)

    def row(self, name: str) -> str:
        worst = max(self.by_language.items(), key=lambda item: item[1][0] / max(1, item[1][1]), default=("", [0, 1]))
        rate = f"{worst[0]} {worst[1][0] / max(1, worst[1][1]):.2%}"
        error = self.edits / max(1, self.signs)
        sorted_right = self.right / max(1, self.count)
        cells = (name, self.count, f"{error:.2%}", rate, f"{sorted_right:.1%}", self.wrong, self.left_open, self.failed)
        return "| " + " | ".join(map(str, cells)) + " |"


def made(seed: int) -> tuple[Record, Document]:
    """The seed's report as a PDF with a text layer."""
    chance = Random(seed)
    found = record(chance, KINDS[seed % len(KINDS)], LANGUAGES[seed // len(KINDS) % 4], person(chance))
    known = Known(
        name="report.pdf",
        media_type="application/pdf",
        person=found.person,
        written_on=date(2026, 1, 1),
        facility=found.facility,
    )
    return found, Document(content=pdf_of(found), known=known)


def read_text(document: Document) -> str:
    """What the reader finds; nothing when it fails."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "upload"
        source.write_bytes(document.content)
        out, kind = Path(folder) / "out", document.media_type
        try:
            reading = read_in_child(
                source=source, workdir=out, name=document.name, declared_type=kind, limits=Limits(cpu_seconds=120)
            )
        except (ReadingFailed, Refused):
            return ""
        return "\n".join(page.text for page in reading.pages)


def edits_between(one: str, other: str) -> int:
    """Levenshtein's distance."""
    row = list(range(len(other) + 1))
    for at, sign in enumerate(one, start=1):
        before, row[0] = row[0], at
        for place, second in enumerate(other, start=1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (sign != second))
    return row[-1]


def measure(way: str, seeds: range, until: float) -> Figures:
    """Read the seeds' reports in one way, as many as time allows."""
    figures = Figures()
    for seed in seeds:
        if time.monotonic() > until:
            break
        found, document = made(seed)
        text = read_text(WAYS[way](document))
        printed, seen = " ".join(found.text.split()), " ".join(text.split())
        edits = edits_between(printed, seen)
        figures.count, figures.failed = figures.count + 1, figures.failed + (not text)
        figures.edits, figures.signs = figures.edits + edits, figures.signs + len(printed)
        language = figures.by_language.setdefault(found.language, [0, 0])
        language[0], language[1] = language[0] + edits, language[1] + len(printed)
        kind = classify(texts=[text]).kind
        figures.right += kind == found.kind
        figures.left_open += kind is None
        figures.wrong += kind is not None and kind != found.kind
    return figures


def keep(section: str) -> None:
    """Put the section in its place among those of the other workloads."""
    head, *sections = RESULTS.read_text().split("\n## ")
    kept = {one.partition("\n")[0].strip(): f"## {one.rstrip()}\n" for one in sections} | {"corpus": section}
    RESULTS.write_text("\n".join([f"{head.rstrip()}\n", *(kept[one] for one in sorted(kept))]))


def main() -> int:
    """Print the table and keep it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=3600.0)
    chosen = parser.parse_args()
    share, begun = chosen.count // len(WAYS), time.monotonic()
    lines = [
        "| way | reports | CER | worst language | kind right | wrong | left open | not read |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for number, way in enumerate(WAYS):
        until = begun + chosen.seconds * (number + 1) / len(WAYS)
        lines.append(measure(way, range(number * share, (number + 1) * share), until).row(way))
        sys.stdout.write(lines[-1] + "\n")
        sys.stdout.flush()
    told = f"{datetime.now(UTC):%Y-%m-%d}, {chosen.count} asked for, {time.monotonic() - begun:.0f} s, fixed seeds"
    keep(f"## corpus\n`make bench W=corpus`, {told}.\n\n" + "\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
