"""From stored values to what an eye sees: rescaled, windowed as the file says or over their range, turned once."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pydicom import Dataset

_LINEAR: Final = "LINEAR"
_FUNCTIONS: Final = frozenset({_LINEAR, "LINEAR_EXACT", "SIGMOID"})
_FAULTY: Final = (ValueError, TypeError, AttributeError, KeyError, IndexError, ArithmeticError, NotImplementedError)
_GROUPS: Final = ("PerFrameFunctionalGroupsSequence", "SharedFunctionalGroupsSequence")


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """A window of rescaled values (PS3.3 C.11.2.1.2) and the function that it is applied by."""

    centre: float
    width: float
    function: str = _LINEAR


def shown_grey(pixels: Any, data: Dataset, index: int) -> Any:
    """Frame ``index`` in 0-255: by the file's table or window if it has a usable one, else over its values' range."""
    import numpy as np
    from pydicom.pixels.processing import apply_voi

    values = _rescaled(pixels, data, index)
    holder = _holder(data, "FrameVOILUTSequence", index)
    window = window_of(holder)
    if _has_table(holder):
        grey = _of_table(apply_voi(np.asarray(values).astype(np.int64), holder), holder)
    elif window is not None:
        grey = _windowed(np.asarray(values, dtype=np.float64), window)
    else:
        grey = _over_range(np.asarray(values, dtype=np.float64), _kept(pixels, data))
    return 255 - grey if _inverted(data) else grey


def shown_colour(pixels: Any, data: Dataset) -> Any:
    """Red, green and blue in 0-255: of more bits, the upper eight, so that black and white stay what they are."""
    import numpy as np

    if pixels.dtype == np.uint8:
        return pixels
    bits = _table_bits(data) if data.get("PhotometricInterpretation") == "PALETTE COLOR" else _bits(data)
    top = int(pixels.max(initial=0))
    # Tables that say sixteen bits and hold eight.
    return (pixels if top < 256 and bits > 8 else pixels >> max(bits - 8, 0)).astype(np.uint8)


def unknown_function(data: Dataset) -> str:
    """A window's function that the standard does not know, and that is therefore not applied; else nothing."""
    function = _function(_holder(data, "FrameVOILUTSequence", 0))
    return "" if function in _FUNCTIONS else function


def window_of(holder: Dataset) -> Window | None:
    """The first window, when both of its numbers are there and make one; empty, single or zero ones make none."""
    centre, width, function = _number(holder, "WindowCenter"), _number(holder, "WindowWidth"), _function(holder)
    if centre is None or width is None or width <= 0 or (function == _LINEAR and width < 1):
        return None
    return Window(centre=centre, width=width, function=function if function in _FUNCTIONS else _LINEAR)


def _function(holder: Dataset) -> str:
    return str(holder.get("VOILUTFunction") or _LINEAR).strip().upper()[:16]


def _holder(data: Dataset, sequence: str, index: int) -> Dataset:
    """Where an attribute of a frame stands: in its own group, in the shared one, or at the top."""
    for group in _GROUPS:
        items = data.get(group) or []
        at = index if group == _GROUPS[0] else 0
        if at < len(items) and items[at].get(sequence):
            found: Dataset = items[at][sequence].value[0]
            return found
    return data


def _rescaled(pixels: Any, data: Dataset, index: int) -> Any:
    import numpy as np
    from pydicom.pixels.processing import apply_modality_lut

    holder = _holder(data, "PixelValueTransformationSequence", index)
    if holder.get("ModalityLUTSequence"):
        return apply_modality_lut(pixels, holder)
    slope, intercept = _number(holder, "RescaleSlope"), _number(holder, "RescaleIntercept")
    return np.asarray(pixels, dtype=np.float64) * (slope or 1.0) + (intercept or 0.0)


def _number(holder: Dataset, keyword: str) -> float | None:
    """The first value of an element as a finite number; ``None`` for an empty or a spoilt one."""
    try:
        value = holder.get(keyword)
        value = value[0] if not isinstance(value, int | float | str) else value
        found = float(value)
    except _FAULTY:
        return None
    return found if math.isfinite(found) else None


def _has_table(holder: Dataset) -> bool:
    tables = holder.get("VOILUTSequence")
    return bool(tables) and bool(tables[0].get("LUTDescriptor")) and tables[0].get("LUTData") is not None


def _of_table(values: Any, holder: Dataset) -> Any:
    """A table's values are greys of as many bits as it says."""
    import numpy as np

    top = 2 ** max(1, min(int(holder.VOILUTSequence[0].LUTDescriptor[2]), 16)) - 1
    highest = int(values.max(initial=0))
    if highest * 16 <= top:
        # Written with more bits than its values use.
        top = 2 ** max(8, highest.bit_length()) - 1
    return (np.clip(np.asarray(values, dtype=np.float64) / top, 0.0, 1.0) * 255).astype(np.uint8)


def _windowed(values: Any, window: Window) -> Any:
    import numpy as np

    if window.function == "SIGMOID":
        with np.errstate(over="ignore"):
            share = 1.0 / (1.0 + np.exp(-4.0 * (values - window.centre) / window.width))
    elif window.function == "LINEAR_EXACT":
        share = (values - window.centre) / window.width + 0.5
    elif window.width == 1:
        share = (values > window.centre - 0.5).astype(np.float64)
    else:
        share = (values - (window.centre - 0.5)) / (window.width - 1) + 0.5
    return (np.clip(share, 0.0, 1.0) * 255).astype(np.uint8)


def _over_range(values: Any, kept: Any) -> Any:
    """From the lowest to the highest value of the picture, what pads it left aside."""
    import numpy as np

    finite = np.isfinite(values) & kept
    chosen = values[finite] if finite.any() else values
    low, high = float(chosen.min()), float(chosen.max())
    return (np.clip((values - low) / ((high - low) or 1.0), 0.0, 1.0) * 255).astype(np.uint8)


def _kept(pixels: Any, data: Dataset) -> Any:
    """Where a picture is none of its padding (PS3.3 C.7.5.1.1.2)."""
    import numpy as np

    first, last = _number(data, "PixelPaddingValue"), _number(data, "PixelPaddingRangeLimit")
    if first is None:
        return np.ones(pixels.shape, dtype=bool)
    last = first if last is None else last
    return (pixels < min(first, last)) | (pixels > max(first, last))


def _inverted(data: Dataset) -> bool:
    """Low values are bright: said by the photometric interpretation, by the presentation, or (once) by both."""
    return data.get("PhotometricInterpretation") == "MONOCHROME1" or data.get("PresentationLUTShape") == "INVERSE"


def _bits(data: Dataset) -> int:
    return int(data.get("BitsStored") or data.get("BitsAllocated") or 8)


def _table_bits(data: Dataset) -> int:
    return int(data.RedPaletteColorLookupTableDescriptor[2])
