"""Each file of the corpus, taken in as an upload is: shown as its writer says, or refused with advice."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from PIL import Image

from cases.adapters.reading import (
    Limits,
    ReadingFailed,
    Refused,
    is_archive,
    load_imaging,
    page_name,
    read_in_child,
    unpack_in_child,
)
from cases.domain.documents.document_text import Reading

HERE: Final = Path(__file__).parent
#: Recognition of scans is measured elsewhere; here it would take minutes and change no picture.
LIMITS: Final = Limits(rounds=0)
#: A page's picture is WebP: colours move a little.
LOSS: Final = 6
SHOWN, REFUSED, FAILED = "shown", "refused_with_advice", "failed"

Truth = dict[str, Any]


@dataclass(kw_only=True)
class Judged:
    """How the file ended, the advice if it was refused, and every way in which that is not as its writer says."""

    truth: Truth
    outcome: str = SHOWN
    advice: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def as_written(self) -> bool:
        """Shown or refused as its writer says, with all that must be seen."""
        wanted = (self.truth["expect"], self.truth.get("also_ok"))
        return self.outcome in wanted and not self.faults

    @property
    def honest(self) -> bool:
        """As written, or else refused with advice: nothing false was shown and nothing was lost in silence."""
        return self.as_written or (self.outcome == REFUSED and not self.faults)


def corpus() -> list[Truth]:
    """What the writer of the files says of each."""
    found: list[Truth] = json.loads((HERE / "index.json").read_text(encoding="utf-8"))
    return found


def judged(truth: Truth, read: Callable[..., Reading] = read_in_child) -> Judged:
    """One file, from its bytes, its name and its declared type."""
    told = Judged(truth=truth)
    with tempfile.TemporaryDirectory(prefix="sop-files-") as folder:
        readings = list(_taken(HERE / truth["file"], Path(folder), told, read))
        if told.outcome == SHOWN and not readings:
            told.outcome = REFUSED if told.advice else FAILED
        if told.outcome == SHOWN:
            told.faults += _faults(truth, readings)
    if told.outcome == REFUSED and any(len(advice.split()) < 8 for advice in told.advice):
        told.faults.append("advice says nothing to do")
    return told


def _taken(source: Path, folder: Path, told: Judged, read: Callable[..., Reading]) -> Iterator[tuple[Reading, Path]]:
    name, declared = told.truth["sent_name"], told.truth["declared_type"]
    try:
        if is_archive(source):
            for number, entry in enumerate(unpack_in_child(source=source, workdir=folder / "unpacked"), start=1):
                if entry.file is not None:
                    yield from _read(entry.file, entry.path, "", folder / f"{number}", told, read)
                else:
                    told.advice.append(f"{entry.why}: this file of the archive was not taken, see the list of files.")
            return
        yield from _read(source, name, declared, folder / "out", told, read)
    except Refused as refusal:
        told.outcome = REFUSED
        told.advice.append(refusal.advice)


def _read(
    source: Path, name: str, declared: str, out: Path, told: Judged, read: Callable[..., Reading]
) -> Iterator[tuple[Reading, Path]]:
    try:
        reading = read(source=source, workdir=out, name=name, declared_type=declared, limits=LIMITS)
    except Refused as refusal:
        told.advice.append(refusal.advice)
        return
    except ReadingFailed as failure:
        told.faults.append(f"reading failed: {failure.reason}")
        return
    if reading.pages:
        yield reading, out
    else:
        told.faults.append(f"taken, and nothing is shown: {'; '.join(reading.reasons)}")


def _faults(truth: Truth, readings: list[tuple[Reading, Path]]) -> Iterator[str]:
    text = " ".join(" ".join(page.text for page in reading.pages) for reading, _ in readings)
    text = " ".join(text.split())
    yield from (f"text lacks “{word}”" for word in truth.get("must_contain") or [] if word not in text)
    yield from (f"text has “{word}”" for word in truth.get("must_not_contain") or [] if word in text)
    pages = sum(len(reading.pages) for reading, _ in readings)
    for kind in ("pages", "frames"):
        if truth.get(kind, pages) > pages:
            yield f"{pages} of {truth[kind]} {kind}"
    if truth.get("records", 0) > len(readings):
        yield f"{len(readings)} of {truth['records']} records"
    if truth["declared_type"].startswith("application/zip"):
        # Whichever of an archive's files is the one that its writer looked at.
        yield from min((list(_seen(truth, *one)) for one in readings), key=len)
        return
    yield from _seen(truth, *readings[0])


def _seen(truth: Truth, reading: Reading, out: Path) -> Iterator[str]:
    named = reading.metadata.get("patient_name")
    if truth.get("dicom_name", named) != named:
        yield f"name {named!r}"
    if "burned_in" in (truth.get("flags") or []):
        imaging = load_imaging(out)
        if imaging is None or imaging.burned_in == "unlikely":
            yield "a name in the picture is not expected"
    with Image.open(out / page_name(1)) as picture:
        yield from _picture_faults(truth, picture.convert("RGB"))


def _picture_faults(truth: Truth, picture: Image.Image) -> Iterator[str]:
    def grey(at: list[float]) -> float:
        return sum(_pixel(picture, *at)) / 3

    for spot in truth.get("pixels") or []:
        seen = _pixel(picture, spot["x"], spot["y"])
        if any(abs(one - wanted) > spot["tol"] + LOSS for one, wanted in zip(seen, spot["rgb"], strict=True)):
            yield f"at {spot['x']}, {spot['y']} {seen} for {spot['rgb']} ± {spot['tol']}"
    for darker, lighter in truth.get("order") or []:
        if grey(darker) >= grey(lighter):
            yield f"{darker} is not darker than {lighter}"
    for one, other, least in truth.get("contrast") or []:
        if abs(grey(one) - grey(other)) < least:
            yield f"contrast of {one} and {other}"
    for kind in ("size", "size_ratio"):
        if kind in truth:
            wanted = truth[kind][0] / truth[kind][1]
            if abs(picture.width / picture.height - wanted) > 0.02 * wanted:
                yield f"{picture.size} for {truth[kind]}"


def _pixel(picture: Image.Image, x: float, y: float) -> tuple[int, ...]:
    at = (min(int(x * picture.width), picture.width - 1), min(int(y * picture.height), picture.height - 1))
    return tuple(picture.getpixel(at))  # type: ignore[arg-type]  # RGB has three
