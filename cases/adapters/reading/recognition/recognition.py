"""Text recognition: every waiting picture becomes text, by the first engine that is installed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cases.adapters.reading.layout import Piece, lay_out
from cases.adapters.reading.limits import Limits
from cases.adapters.reading.pictures import save_page
from cases.adapters.reading.results import Recognised, load_draft, recognised_name, save_recognised
from cases.domain.documents.document_text import Engine, PageText

if TYPE_CHECKING:
    from PIL.Image import Image

Recogniser = Callable[["Image"], list[Piece]]

#: Mean confidence above which a turned page is taken as found, and below which a page may stand on its head.
SURE: Final = 0.9
DOUBTFUL: Final = 0.8

#: Up to so many characters beside a scan are a stamp or a line of the scanner's program.
STAMP_LENGTH: Final = 120
_WAITING: Final = "recognise-*.png"


def recognise_pages(scratch: Path, limits: Limits, *, turning: bool = True) -> bool:
    """Read the waiting pictures one by one, saving each page when it is done. False if no engine is installed.

    Without ``turning`` they stay as they are: the picture of a scanner is never turned because of words on it. Nor is
    a page whose text is more than a stamp on a scan: both its readings must lie on each other.
    """
    engine = _engine()
    if engine is None:
        return False
    name, recognise = engine
    from PIL import Image as images

    images.MAX_IMAGE_PIXELS = limits.max_pixels
    draft = load_draft(scratch)
    lying = {page.number for page in draft.reading.pages if len(page.text) > STAMP_LENGTH} if draft else set()
    for path in sorted(scratch.glob(_WAITING)):
        number = int(path.stem.rpartition("-")[2])
        if (scratch / recognised_name(number)).exists():
            continue
        with images.open(path, formats=["PNG"]) as picture:
            image = picture.convert("RGB")
        turned, pieces = _held_upright(image, recognise) if turning and number not in lying else (0, recognise(image))
        upright = _turned(image, turned)
        if turned:
            save_page(upright, scratch.parent, number, limits)
        save_recognised(scratch, Recognised(page=_page(number, upright, pieces, name), turned=turned))
    return True


def _page(number: int, image: Image, pieces: list[Piece], engine: Engine) -> PageText:
    """The page with its size in pixels: the parent knows the paper's, and learns from these how it was turned."""
    text, lines = lay_out(pieces, width=image.width, height=image.height)
    return PageText(
        number=number,
        width_pt=image.width,
        height_pt=image.height,
        text=text,
        lines=lines,
        engine=engine if text else "none",
        confidence=round(_sureness(pieces), 4) if text else None,
    )


def _held_upright(image: Image, recognise: Recogniser) -> tuple[int, list[Piece]]:
    """By how many degrees clockwise text runs from left to right, and what was recognised then."""
    best = 0, recognise(image)
    for turn in _suspected(best[1]):
        pieces = recognise(_turned(image, turn))
        if _worth(pieces) > _worth(best[1]):
            best = turn, pieces
        if _sureness(best[1]) > SURE and best[0]:
            break
    return best


def _turned(image: Image, degrees: int) -> Image:
    """The picture turned clockwise; the library counts the other way round."""
    from PIL import Image as images

    turns = images.Transpose
    named = {90: turns.ROTATE_270, 180: turns.ROTATE_180, 270: turns.ROTATE_90}
    return image.transpose(named[degrees]) if degrees else image


def _suspected(pieces: list[Piece]) -> tuple[int, ...]:
    words = [piece for piece in pieces if len(piece.text) >= 4]
    if not words:
        return ()
    standing = sum(piece.height > piece.x1 - piece.x0 for piece in words)
    if standing > 0.6 * len(words):
        return 270, 90
    return (180,) if _sureness(pieces) < DOUBTFUL else ()


def _worth(pieces: list[Piece]) -> float:
    """How much was read, counting standing words for nothing: they are guesses on their side."""
    lying = (piece for piece in pieces if piece.x1 - piece.x0 >= piece.height or len(piece.text) < 4)
    return sum(len(piece.text) * (piece.confidence or 0.0) ** 2 for piece in lying)


def _sureness(pieces: list[Piece]) -> float:
    """The mean confidence, each piece weighing as much as it is long; 0 without any."""
    length = sum(len(piece.text) for piece in pieces)
    return sum(len(piece.text) * (piece.confidence or 0.0) for piece in pieces) / length if length else 0.0


def _engine() -> tuple[Engine, Recogniser] | None:
    from cases.adapters.reading.recognition import rapidocr_engine, tesseract_engine

    rapid_reads = rapidocr_engine.recogniser()
    if rapid_reads is not None:
        return "rapidocr", rapid_reads
    tesseract_reads = tesseract_engine.recogniser()
    return None if tesseract_reads is None else ("tesseract", tesseract_reads)
