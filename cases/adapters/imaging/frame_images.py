"""A frame as a picture of 8 bits, through a window, as PS3.18 calls it rendered."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, Final

from cases.domain.documents.imaging.instances import first, number
from cases.domain.documents.imaging.stacks import Slice

PICTURE_TYPES: Final = {"image/jpeg": "JPEG", "image/png": "PNG"}


def rendered(
    header: Mapping[str, Any], one: Slice, values: bytes, *, window: tuple[float, float] | None, media_type: str
) -> bytes:
    """A picture of a frame. ``window`` is (centre, width) in the unit of the rescaled values, else the file's first.

    Without either, the values' whole range is shown. Raises KeyError for a media type that is not drawn.
    """
    import numpy as np
    from PIL import Image as images

    kind = PICTURE_TYPES[media_type]
    rows, columns, samples, bits = (
        int(number(header, name) or 0) for name in ("Rows", "Columns", "SamplesPerPixel", "BitsAllocated")
    )
    signed = number(header, "PixelRepresentation") == 1
    stored = np.frombuffer(values, dtype=f"<{'i' if signed else 'u'}{bits // 8}")
    if samples == 3:
        picture = _stretched(stored.reshape(rows, columns, 3), bits)
    else:
        measured = stored.reshape(rows, columns).astype(np.float32) * one.slope + one.intercept
        picture = _windowed(measured, window or (one.windows[0][:2] if one.windows else None))
        if first(header, "PhotometricInterpretation") == "MONOCHROME1":
            picture = 255 - picture
    buffer = io.BytesIO()
    images.fromarray(picture).save(buffer, kind)
    return buffer.getvalue()


def _stretched(values: Any, bits: int) -> Any:
    import numpy as np

    return values if bits == 8 else (values >> (bits - 8)).astype(np.uint8)


def _windowed(values: Any, window: tuple[float, float] | None) -> Any:
    """PS3.3 C.11.2.1.2.1, the linear function."""
    import numpy as np

    if window is None:
        low, high = float(values.min()), float(values.max())
        window = ((low + high + 1) / 2, max(high - low + 1, 2.0))
    centre, width = window[0], max(window[1], 2.0)
    share = (values - (centre - 0.5)) / (width - 1) + 0.5
    return (np.clip(share, 0.0, 1.0) * 255).astype(np.uint8)
