"""RapidOCR (PP-OCR models inside its wheel, run by OpenVINO: half the processor time of onnxruntime, the same text)."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, cast

from cases.adapters.reading.layout import Piece, clean

if TYPE_CHECKING:
    from PIL.Image import Image

#: The detector sees the page at 1280 px: half the time and two thirds of the memory of its own default, no value
#: lost on pages of 9 pt print. Lines go one by one: in a batch all are padded to the longest, which cost a third
#: more time and 200 MB on dense pages. The classifier of upside-down lines is left out (see recognition.py). A second
#: thread cost a third more processor time, and other documents have the other cores.
_SETTINGS: Final = {
    "Global.log_level": "error",
    "Global.use_cls": False,
    "Det.limit_type": "max",
    "Det.limit_side_len": 1280,
    "Rec.rec_batch_num": 1,
    "EngineConfig.openvino.inference_num_threads": 1,
}
_STAGES: Final = ("Det", "Cls", "Rec")


def recogniser() -> Callable[[Image], list[Piece]] | None:
    """The engine, or None where the wheel is not installed."""
    if find_spec("rapidocr") is None or find_spec("openvino") is None:
        return None
    import numpy as np

    _without_converter()
    from rapidocr import EngineType, RapidOCR

    engine = RapidOCR(params=_SETTINGS | {f"{stage}.engine_type": EngineType.OPENVINO for stage in _STAGES})

    def recognise(image: Image) -> list[Piece]:
        blue_green_red = np.ascontiguousarray(np.asarray(image)[:, :, ::-1])
        result: Any = engine(blue_green_red)
        if result.boxes is None or result.txts is None:
            return []
        found = (_piece(*each) for each in zip(result.boxes, result.txts, result.scores, strict=True))
        return [piece for piece in found if piece.text]

    return recognise


def _without_converter() -> None:
    """OpenVINO does without its converter of models where that cannot be imported: 0.4 s less, and no report of use."""
    sys.modules.setdefault("openvino.tools.ovc", cast(ModuleType, None))


def _piece(corners: Sequence[Sequence[float]], text: str, score: float) -> Piece:
    across = [float(corner[0]) for corner in corners]
    down = [float(corner[1]) for corner in corners]
    run = across[1] - across[0]
    slope = (down[1] - down[0]) / run if run > 1 else None
    x0, x1 = min(across), max(across)
    middle = (min(down) + max(down)) / 2
    half = max(math.dist(corners[0], corners[3]), 1.0) / 2
    confidence = min(max(float(score), 0.0), 1.0)
    return Piece(clean(text), x0, middle - half, x1, middle + half, confidence, slope)
