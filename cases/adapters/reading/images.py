"""Pictures of every kind: turned upright, rebuilt from pixels, left for the recogniser."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cases.adapters.reading import media_types
from cases.adapters.reading.limits import Limits
from cases.adapters.reading.outcome import Refused
from cases.adapters.reading.pictures import is_blank, rebuilt, save_page, save_waiting
from cases.adapters.reading.results import Draft
from cases.adapters.reading.sandbox import SCRATCH
from cases.domain.documents.document_text import PageText, Reading

if TYPE_CHECKING:
    from PIL.Image import Image

_FORMATS: Final = {
    media_types.JPEG: "JPEG",
    media_types.PNG: "PNG",
    media_types.TIFF: "TIFF",
    media_types.HEIC: "HEIF",
    media_types.WEBP: "WEBP",
    media_types.GIF: "GIF",
    media_types.BMP: "BMP",
}
#: Frames of these are pages of their own; a second picture in any other is a preview or a film's.
_MOVING: Final = frozenset({media_types.GIF, media_types.WEBP})
_PAGED: Final = _MOVING | {media_types.TIFF}
#: So much of a picture must have come before its file breaks off.
_MIN_SHARE: Final = 0.5
#: So many times the pixels that are decoded a JPEG may have: 240 million; phones make 200.
_LARGER: Final = 6
_A4_LONG_PT: Final = 841.89
#: 72 and 96 are what cameras and screens write without meaning it.
_MIN_DPI, _MAX_DPI = 100, 1200
_DEEP_MODES: Final = frozenset({"I", "F", "I;16", "I;16B", "I;16L"})


def read_image(source: Path, out: Path, media_type: str, limits: Limits, network: str) -> Draft:
    """One page per frame. Raises Refused `damaged` or `too_many_pixels`."""
    pages: list[PageText] = []
    pending: list[int] = []
    reasons: list[str] = []
    for number, frame in enumerate(_frames(source, media_type, limits, reasons), start=1):
        width, height = _size_pt(frame)
        picture = rebuilt(_upright(frame))
        if (picture.width > picture.height) != (frame.width > frame.height):
            width, height = height, width
        save_page(picture, out, number, limits)
        if not is_blank(picture) and (number == 1 or media_type not in _MOVING):
            save_waiting(picture, out / SCRATCH, number)
            pending.append(number)
        pages.append(PageText(number=number, width_pt=width, height_pt=height, text=""))
    if len(pages) > 1 and media_type in _MOVING:
        reasons.append(f"a moving picture of {len(pages)} frames: words were looked for on the first one only")
    reading = Reading(
        media_type=media_type,
        verdict="partial" if reasons else "complete",
        reasons=tuple(reasons),
        pages=tuple(pages),
        metadata={"page_count": len(pages)},
    )
    return Draft(reading=reading, pending=tuple(pending), network=network)


def _frames(source: Path, media_type: str, limits: Limits, reasons: list[str]) -> Iterator[Image]:
    from PIL import Image as images

    if media_type == media_types.HEIC:
        from pi_heif import register_heif_opener

        register_heif_opener(thumbnails=False, decode_threads=1)
    # A JPEG is decoded in a smaller size where it is too large, so that its own may be larger.
    images.MAX_IMAGE_PIXELS = limits.max_pixels * (_LARGER if media_type == media_types.JPEG else 1)
    warnings.simplefilter("error", images.DecompressionBombWarning)
    try:
        with images.open(source, formats=[_FORMATS[media_type]]) as image:
            count = getattr(image, "n_frames", 1) if media_type in _PAGED else 1
            total = 0
            for index in range(min(count, limits.max_frames)):
                image.seek(index)
                _make_smaller(image, limits.max_pixels)
                total += image.width * image.height
                if image.width * image.height > limits.max_pixels or total > limits.max_total_pixels:
                    raise Refused("too_many_pixels")
                yield _loaded(image, source, reasons)
            if count > limits.max_frames:
                reasons.append(f"only the first {limits.max_frames} of {count} pages were read")
    except (images.DecompressionBombError, images.DecompressionBombWarning) as fault:
        raise Refused("too_many_pixels") from fault
    except (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError, RuntimeError) as fault:
        if isinstance(fault, OSError) and fault.errno is not None:
            raise
        raise Refused("damaged") from fault


def _make_smaller(image: Image, most: int) -> None:
    """Have a JPEG of too many pixels decoded at a half, a quarter or an eighth: its blocks allow that for less work.

    Not a progressive one, which is held whole in memory whatever its size will be.
    """
    pixels = image.width * image.height
    if pixels <= most or image.format not in ("JPEG", "MPO") or image.info.get("progressive"):
        return
    width = image.width
    scale = next((scale for scale in (2, 4, 8) if pixels <= most * scale**2), 8)
    image.draft(image.mode, (image.width // scale, image.height // scale))
    if "dpi" in image.info:
        image.info["dpi"] = tuple(float(dpi) * image.width / width for dpi in image.info["dpi"])


def _loaded(image: Image, source: Path, reasons: list[str]) -> Image:
    """The decoded frame. Of a JPEG that breaks off, what came, if that is most of it, and the words that say so."""
    try:
        image.load()
    except OSError as fault:
        if fault.errno is not None or image.format not in ("JPEG", "MPO") or image.info.get("progressive"):
            raise
        return _cut_off(source, reasons)
    return image


def _cut_off(source: Path, reasons: list[str]) -> Image:
    import numpy as np
    from PIL import Image as images
    from PIL import ImageFile

    ImageFile.LOAD_TRUNCATED_IMAGES = True
    with images.open(source, formats=["JPEG"]) as image:
        image.load()
    rows = np.asarray(image.convert("L"))
    # What did not come is one grey, down to the last row.
    differing = np.flatnonzero((rows != rows[-1, -1]).any(axis=1))
    came = int(differing[-1]) + 1 if differing.size else 0
    if came < image.height * _MIN_SHARE:
        raise Refused("damaged")
    reasons.append("the file breaks off: the lower part of the picture is missing; take or send the picture again")
    return image


def _upright(frame: Image) -> Image:
    """Turned as EXIF says, on white where it was transparent, sixteen-bit greys stretched to eight."""
    from PIL import Image as images
    from PIL import ImageOps

    image = ImageOps.exif_transpose(frame)
    if image.mode in _DEEP_MODES:
        return _stretched(image)
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        paper = images.new("RGBA", image.size, (255, 255, 255, 255))
        return images.alpha_composite(paper, image.convert("RGBA"))
    return _in_srgb(image)


def _stretched(image: Image) -> Image:
    import numpy as np
    from PIL import Image as images

    values = np.nan_to_num(np.asarray(image, dtype=np.float32))
    low, high = float(values.min()), float(values.max())
    span = (high - low) or 1.0
    return images.fromarray(((values - low) * (255.0 / span)).astype(np.uint8))


def _in_srgb(image: Image) -> Image:
    """Colours as sRGB. A profile that cannot be applied is dropped: the picture is then shown as if it were sRGB."""
    import io

    from PIL import ImageCms

    profile = image.info.get("icc_profile")
    if not profile or image.mode not in {"RGB", "CMYK", "L"}:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        changed = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return image
    return changed or image


def _size_pt(frame: Image) -> tuple[float, float]:
    """The paper's size: by the DPI the file gives if it is believable, else as if its long side were A4's."""
    across, down = frame.info.get("dpi", (0, 0))[:2]
    if all(_MIN_DPI <= float(dpi or 0) <= _MAX_DPI for dpi in (across, down)):
        return round(frame.width * 72 / float(across), 2), round(frame.height * 72 / float(down), 2)
    scale = _A4_LONG_PT / max(frame.size)
    return round(frame.width * scale, 2), round(frame.height * scale, 2)
