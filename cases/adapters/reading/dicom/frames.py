"""Frames as the scanner measured them: 8 or 16 bits a sample, little endian, each packed with zlib."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pydicom import Dataset

    from cases.adapters.reading.limits import Limits

_LEVEL: Final = 1
_CHUNK: Final = 1024 * 1024


def frame_name(number: int) -> str:
    """The file name of a frame's raw values."""
    return f"frame-{number:04d}.z"


class FrameKeeper:
    """Writes frames until what they take together reaches its bound; ``kept`` counts them, ``why`` says why not all."""

    def __init__(self, out: Path, limits: Limits) -> None:
        self._out, self._left, self._most = out, limits.frames_bytes, limits.file_bytes
        self.kept, self.why = 0, ""
        self.form: dict[str, Any] = {}

    def keep(self, pixels: Any, data: Dataset) -> None:
        """Take one decoded frame: (rows, columns) or (rows, columns, 3)."""
        if self.why:
            return
        values, form = _plain(pixels, data)
        if values is None:
            self.why = "its values have more than 16 bits and are shown as a picture only"
            return
        packed = zlib.compress(values.tobytes(), _LEVEL)
        if len(packed) > min(self._left, self._most):
            self.why = f"only the first {self.kept} frames are kept as measured values"
            return
        (self._out / frame_name(self.kept + 1)).write_bytes(packed)
        self._left -= len(packed)
        self.kept, self.form = self.kept + 1, form


def opened_frame(packed: bytes, size: int) -> bytes:
    """The ``size`` bytes of a frame. Raises ValueError when it holds fewer or more."""
    inflater = zlib.decompressobj()
    try:
        plain = inflater.decompress(packed, size + 1)
    except zlib.error as fault:
        raise ValueError("not a packed frame") from fault
    if len(plain) != size or not inflater.eof:
        raise ValueError("a frame of another size than its header says")
    return plain


def _plain(pixels: Any, data: Dataset) -> tuple[Any, dict[str, Any]]:
    """The values in 8 or 16 bits, and the elements of the header that describe them; no values over 16 bits."""
    import numpy as np

    if pixels.dtype.kind not in "iu" or pixels.dtype.itemsize > 2:
        return None, {}
    coloured = pixels.ndim == 3
    stored = min(int(data.get("BitsStored") or 8 * pixels.dtype.itemsize), 8 * pixels.dtype.itemsize)
    spare = 8 * pixels.dtype.itemsize - stored
    values = (pixels << spare) >> spare if spare and not coloured else pixels
    form = {
        "SamplesPerPixel": 3 if coloured else 1,
        "PhotometricInterpretation": "RGB" if coloured else str(data.get("PhotometricInterpretation", "MONOCHROME2")),
        "Rows": values.shape[0],
        "Columns": values.shape[1],
        "BitsAllocated": 8 * values.dtype.itemsize,
        "BitsStored": stored,
        "HighBit": stored - 1,
        "PixelRepresentation": 1 if values.dtype.kind == "i" else 0,
    }
    if coloured:
        form["PlanarConfiguration"] = 0
    return np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<")), form
