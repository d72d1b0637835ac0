"""Page pictures and thumbnails: new files made from pixels, so that nothing of the original but its look remains."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cases.adapters.reading.limits import Limits
from cases.adapters.reading.results import page_name, thumb_name, waiting_name

if TYPE_CHECKING:
    from PIL.Image import Image

WEBP_LIMIT: Final = 16_383
RECOGNITION_SIDE: Final = 2000
#: Ink: how far (of 255) a pixel must be from the paper, and how many parts per million make a page not blank.
INK_CONTRAST: Final = 40
INK_PPM: Final = 20


def rebuilt(image: Image) -> Image:
    """The same pixels in a fresh RGB image: no metadata, profile, comment or palette comes along."""
    from PIL import Image as images

    plain = image.convert("RGB")
    return images.frombytes("RGB", plain.size, plain.tobytes())


def save_page(image: Image, out: Path, number: int, limits: Limits) -> None:
    """Write page and thumbnail as WebP: `limits.long_side_px` and `limits.thumb_side_px` on the long side."""
    from PIL import Image as images

    page = within(image, limits.long_side_px)
    _save(page, out / page_name(number), quality=80)
    thumb = page.copy()
    thumb.thumbnail((limits.thumb_side_px, limits.thumb_side_px), images.Resampling.BILINEAR, reducing_gap=2.0)
    _save(thumb, out / thumb_name(number), quality=72)


def _save(image: Image, path: Path, *, quality: int) -> None:
    """Under its name only once it is whole: whoever stops this process keeps what is there."""
    part = path.with_suffix(".part")
    image.save(part, "WEBP", quality=quality, method=2, exif=b"", icc_profile=b"", xmp=b"")
    part.replace(path)


class Printer:
    """Writes pages beside the drawing of the next one: encoding is three quarters of the work and frees the GIL.

    At most `QUEUED` pictures are held; leaving the block waits for all and raises what went wrong with the first.
    """

    QUEUED: Final = 4

    def __init__(self, out: Path, limits: Limits) -> None:
        self._out, self._limits = out, limits
        self._pool = ThreadPoolExecutor(max_workers=min(os.cpu_count() or 1, 4))
        self._running: deque[Future[None]] = deque()

    def __enter__(self) -> Printer:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            while self._running:
                self._running.popleft().result()
        finally:
            self._pool.shutdown(cancel_futures=True)

    def print(self, image: Image, number: int) -> None:
        """Queue a page; waits for the oldest one when too many are queued."""
        if len(self._running) >= self.QUEUED:
            self._running.popleft().result()
        self._running.append(self._pool.submit(save_page, image, self._out, number, self._limits))


def save_waiting(image: Image, scratch: Path, number: int) -> None:
    """Put a page's picture where the recogniser finds it."""
    within(image, RECOGNITION_SIDE).save(scratch / waiting_name(number), "PNG", compress_level=1)


def within(image: Image, side: int) -> Image:
    """The image scaled down (never up) so that its long side is at most `side` pixels."""
    from PIL import Image as images

    longest = max(image.size)
    if longest <= side:
        return image
    scale = side / longest
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, images.Resampling.LANCZOS, reducing_gap=3.0)


def is_blank(image: Image) -> bool:
    """Whether a page shows nothing but paper: hardly any pixel differs from the commonest shade."""
    grey = within(image, 600).convert("L")
    shades = grey.histogram()
    paper = max(range(256), key=shades.__getitem__)
    ink = sum(count for shade, count in enumerate(shades) if abs(shade - paper) > INK_CONTRAST)
    return ink * 1_000_000 <= INK_PPM * grey.width * grey.height
