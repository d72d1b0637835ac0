"""Bounds on what one document may cost. Every value is a hard stop, not a target."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

MIB = 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Sizes in bytes. Times are seconds of processor time, so that a busy or slow machine reads as much as a quiet one.

    ``stalled_seconds`` alone are of the clock: so long may a child be without using the processor. What the time of a
    child did not suffice for is done by the next one, ``rounds`` times at most and as long as each gets further.
    Memory is address space (RLIMIT_AS), which resident memory never exceeds.

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
    stalled_seconds: float = 120.0
    drawing_seconds: float = 20.0
    recognition_memory_bytes: int = 2048 * MIB
    recognition_seconds: float = 160.0
    rounds: int = 100
    file_bytes: int = 48 * MIB
    frames_bytes: int = 128 * MIB
    output_bytes: int = 192 * MIB
    long_side_px: int = 1600
    thumb_side_px: int = 400

    @classmethod
    def of_a_glance(cls) -> Limits:
        """What a document may cost while others wait behind it: three seconds, and no text recognition."""
        return cls(cpu_seconds=3, drawing_seconds=1.5, recognition_seconds=0.0, rounds=0)

    @classmethod
    def of_a_record(cls) -> Limits:
        """What a record that comes as data may cost while its sender waits for the answer."""
        return cls(memory_bytes=512 * MIB, cpu_seconds=10, stalled_seconds=20.0)

    def to_json(self) -> dict[str, Any]:
        """All values by name, as `Limits(**…)` takes them back."""
        return asdict(self)
