"""Bounds on what one document may cost. Every value is a hard stop, not a target."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

MIB = 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds. Memory is address space (RLIMIT_AS), which resident memory never exceeds.

    The recogniser needs about 1.2 GiB of address space for 0.55 GiB resident, hence a limit of its own.
    """

    max_bytes: int = 25 * MIB
    max_dicom_bytes: int = 100 * MIB
    max_pages: int = 500
    max_frames: int = 200
    max_pixels: int = 40_000_000
    max_total_pixels: int = 200_000_000
    max_inflated_bytes: int = 256 * MIB
    max_inflation_ratio: int = 100
    max_page_chars: int = 200_000
    memory_bytes: int = 768 * MIB
    cpu_seconds: int = 25
    wall_seconds: float = 28.0
    drawing_seconds: float = 20.0
    recognition_memory_bytes: int = 2048 * MIB
    recognition_seconds: float = 80.0
    file_bytes: int = 48 * MIB
    frames_bytes: int = 128 * MIB
    output_bytes: int = 192 * MIB
    long_side_px: int = 1600
    thumb_side_px: int = 400

    @classmethod
    def of_a_glance(cls) -> Limits:
        """What a document may cost while others wait behind it: three seconds, and no text recognition."""
        return cls(cpu_seconds=3, wall_seconds=3.0, drawing_seconds=1.5, recognition_seconds=0.0)

    def to_json(self) -> dict[str, Any]:
        """All values by name, as `Limits(**…)` takes them back."""
        return asdict(self)
