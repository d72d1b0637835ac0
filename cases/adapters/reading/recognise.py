"""Text recognition: every waiting picture becomes text, by the first engine that is installed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Final

from cases.adapters.reading.layout import Piece, lay_out
from cases.adapters.reading.limits import Limits
from cases.adapters.reading.results import save_recognised
from cases.domain.reading import Engine, PageText

if TYPE_CHECKING:
    from PIL.Image import Image

Recogniser = Callable[["Image"], list[Piece]]

_WAITING: Final = "recognise-*.png"


def recognise_pages(scratch: Path, limits: Limits) -> bool:
    """Read the waiting pictures one by one, saving each page when it is done. False if no engine is installed."""
    engine = _engine()
    if engine is None:
        return False
    name, recognise = engine
    from PIL import Image as images

    images.MAX_IMAGE_PIXELS = limits.max_pixels
    for path in sorted(scratch.glob(_WAITING)):
        with images.open(path, formats=["PNG"]) as picture:
            image = picture.convert("RGB")
        pieces = recognise(image)
        text, lines = lay_out(pieces, width=image.width, height=image.height)
        sure = [piece.confidence for piece in pieces if piece.confidence is not None]
        page = PageText(
            number=int(path.stem.rpartition("-")[2]),
            width_pt=0.0,
            height_pt=0.0,
            text=text,
            lines=lines,
            engine=name if text else "none",
            confidence=round(fmean(sure), 4) if sure else None,
        )
        save_recognised(scratch, page)
    return True


def _engine() -> tuple[Engine, Recogniser] | None:
    from cases.adapters.reading import rapid, tesseract

    rapid_reads = rapid.recogniser()
    if rapid_reads is not None:
        return "rapidocr", rapid_reads
    tesseract_reads = tesseract.recogniser()
    return None if tesseract_reads is None else ("tesseract", tesseract_reads)
