"""RapidOCR (PP-OCR models inside its wheel, run by onnxruntime)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from cases.adapters.reading.layout import Piece, clean

if TYPE_CHECKING:
    from PIL.Image import Image

#: The detector sees the page at 1280 px: half the time and two thirds of the memory of its own default, no value
#: lost on pages of 9 pt print. Lines go one by one: in a batch all are padded to the longest, which cost a third
#: more time and 200 MB on dense pages. The classifier of upside-down lines is left out (see recognise.py).
_SETTINGS: Final = {
    "Global.log_level": "error",
    "Global.use_cls": False,
    "Det.limit_type": "max",
    "Det.limit_side_len": 1280,
    "Rec.rec_batch_num": 1,
}


def recogniser() -> Callable[[Image], list[Piece]] | None:
    """The engine, or None where the wheel is not installed."""
    if find_spec("rapidocr") is None or find_spec("onnxruntime") is None:
        return None
    import numpy as np
    from rapidocr import RapidOCR

    _without_spinning()
    engine = RapidOCR(params=_SETTINGS)

    def recognise(image: Image) -> list[Piece]:
        blue_green_red = np.ascontiguousarray(np.asarray(image)[:, :, ::-1])
        result: Any = engine(blue_green_red)
        if result.boxes is None or result.txts is None:
            return []
        found = (_piece(*each) for each in zip(result.boxes, result.txts, result.scores, strict=True))
        return [piece for piece in found if piece.text]

    return recognise


def _without_spinning() -> None:
    """Have threads that wait sleep instead of spin: spinning ones took 2.4 times as long on a busy machine.

    RapidOCR offers no setting for it, and makes the options of its sessions in one place.
    """
    from rapidocr.inference_engine.onnxruntime.main import OrtInferSession

    made = OrtInferSession._init_sess_opts

    def options(cfg: Any) -> Any:
        told = made(cfg)
        told.add_session_config_entry("session.intra_op.allow_spinning", "0")
        return told

    setattr(OrtInferSession, made.__name__, staticmethod(options))


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
