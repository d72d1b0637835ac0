"""JPEG, HEIC, PNG and TIFF: turned upright, rebuilt from pixels, left for the recogniser."""

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

_FORMATS: Final = {media_types.JPEG: "JPEG", media_types.PNG: "PNG", media_types.TIFF: "TIFF", media_types.HEIC: "HEIF"}
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
        if not is_blank(picture):
            save_waiting(picture, out / SCRATCH, number)
            pending.append(number)
        pages.append(PageText(number=number, width_pt=width, height_pt=height, text=""))
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
    images.MAX_IMAGE_PIXELS = limits.max_pixels
    warnings.simplefilter("error", images.DecompressionBombWarning)
    try:
        with images.open(source, formats=[_FORMATS[media_type]]) as image:
            count = getattr(image, "n_frames", 1) if media_type == media_types.TIFF else 1
            total = 0
            for index in range(min(count, limits.max_frames)):
                image.seek(index)
                total += image.width * image.height
                if image.width * image.height > limits.max_pixels or total > limits.max_total_pixels:
                    raise Refused("too_many_pixels")
                image.load()
                yield image
            if count > limits.max_frames:
                reasons.append(f"only the first {limits.max_frames} of {count} pages were read")
    except (images.DecompressionBombError, images.DecompressionBombWarning) as fault:
        raise Refused("too_many_pixels") from fault
    except (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError, RuntimeError) as fault:
        if isinstance(fault, OSError) and fault.errno is not None:
            raise
        raise Refused("damaged") from fault


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
