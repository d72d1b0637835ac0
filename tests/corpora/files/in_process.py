"""Reading in this process, for the many small files whose reading must cost a test next to nothing."""

from __future__ import annotations

import warnings
from pathlib import Path

from PIL import Image, ImageFile

from cases.adapters.reading import Limits, Progress, inspect_upload
from cases.adapters.reading.formats import read_source
from cases.adapters.reading.progress import Told
from cases.adapters.reading.results import load_draft
from cases.adapters.reading.sandbox import SCRATCH
from cases.domain.documents.document_text import Reading


def read_again_here(*, source: Path, workdir: Path, name: str, declared_type: str, told: Told) -> Reading:
    """In the place of ``read_in_child``: asked before it begins, and not while it goes on."""
    told(Progress("reading"))
    return read_here(source=source, workdir=workdir, name=name, declared_type=declared_type, limits=Limits())


def read_here(*, source: Path, workdir: Path, name: str, declared_type: str, limits: Limits) -> Reading:
    """What a child would read, without one, and without recognition. Raises Refused."""
    media_type = inspect_upload(source=source, name=name, declared_type=declared_type, limits=limits)
    (workdir / SCRATCH).mkdir(parents=True, exist_ok=True)
    most, cut = Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES
    try:
        with warnings.catch_warnings():
            read_source(source, workdir, media_type, limits, "open")
    finally:
        Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES = most, cut
    draft = load_draft(workdir / SCRATCH)
    assert draft is not None
    return draft.reading
