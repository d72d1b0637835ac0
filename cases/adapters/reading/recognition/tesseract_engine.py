"""Tesseract, where the program is installed; it reads the page's picture and answers a table of words."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from cases.adapters.reading.layout import Piece, clean

if TYPE_CHECKING:
    from PIL.Image import Image

_WORD: Final = "5"


def recogniser() -> Callable[[Image], list[Piece]] | None:
    """The engine, or None where the program is not installed."""
    program = shutil.which("tesseract")
    if program is None:
        return None

    def recognise(image: Image) -> list[Piece]:
        # Not by the clock: whoever runs this counts the processor time of all that it starts.
        picture = io.BytesIO()
        image.save(picture, "PNG", compress_level=1)
        answer = subprocess.run(
            [program, "stdin", "stdout", "--psm", "3", "tsv"],
            input=picture.getvalue(),
            capture_output=True,
            check=True,
        )
        return words(answer.stdout.decode("utf-8", "replace"))

    return recognise


def words(table: str) -> list[Piece]:
    """The words of tesseract's TSV table as pieces, confidence 0-1."""
    pieces = []
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = clean(row.get("text") or "")
        if row.get("level") != _WORD or not text:
            continue
        left, top = float(row["left"]), float(row["top"])
        confidence = min(max(float(row["conf"]) / 100, 0.0), 1.0)
        pieces.append(Piece(text, left, top, left + float(row["width"]), top + float(row["height"]), confidence))
    return pieces
