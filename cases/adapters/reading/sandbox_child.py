"""The child process: `python -m cases.adapters.reading.sandbox_child` with its task as JSON on standard input."""

from __future__ import annotations

import errno
import json
import math
import os
import sys
from pathlib import Path
from typing import Any

from cases.adapters.reading import media_types, sandbox
from cases.adapters.reading.confinement import confine
from cases.adapters.reading.limits import Limits
from cases.adapters.reading.outcome import Refused


def main() -> int:
    """Run the task; the exit status says how it ended (see sandbox)."""
    spec = json.loads(sys.stdin.buffer.read())
    limits = Limits(**spec["limits"])
    recognising = spec["task"] == "recognise"
    network = confine(
        memory_bytes=limits.recognition_memory_bytes if recognising else limits.memory_bytes,
        cpu_seconds=max(1, math.ceil(limits.recognition_seconds)) if recognising else limits.cpu_seconds,
        file_bytes=limits.file_bytes,
        may_execute=recognising,
    )
    out = Path(spec["out"])
    try:
        return _perform(spec, out, limits, network)
    except Refused as refusal:
        told = {"code": refusal.code, "advice": refusal.advice}
        (out / sandbox.SCRATCH / sandbox.REFUSED_FILE).write_text(json.dumps(told))
        return sandbox.REFUSED_EXIT
    except MemoryError:
        return sandbox.MEMORY_EXIT
    except OSError as fault:
        return sandbox.OUTPUT_EXIT if fault.errno in {errno.EFBIG, errno.ENOSPC} else 1


def _perform(spec: dict[str, Any], out: Path, limits: Limits, network: str) -> int:
    source, media_type = Path(spec["source"]), spec["media_type"]
    if spec["task"] == "open":
        from cases.adapters.reading.pdf.pages import open_pdf

        open_pdf(source).close()
        return 0
    if spec["task"] == "unpack":
        from cases.adapters.reading.archive import unpack

        unpack(source, out, out / sandbox.SCRATCH, limits)
        return 0
    if spec["task"] == "pack_record":
        from cases.adapters.reading.health_records import pack_record

        pack_record(source, out, out / sandbox.SCRATCH, media_type)
        return 0
    if spec["task"] == "recognise":
        from cases.adapters.reading.recognition.recognition import recognise_pages

        read = recognise_pages(out / sandbox.SCRATCH, limits, turning=media_type != media_types.DICOM)
        return 0 if read else sandbox.UNAVAILABLE_EXIT
    if spec["task"] in ("draw", "draw_scanned"):
        from cases.adapters.reading.pdf.pages import draw_pages

        draw_pages(source, out, limits, tuple(spec["pages"]), scanned=spec["task"] == "draw_scanned")
        return 0
    from cases.adapters.reading.formats import read_source

    read_source(source, out, media_type, limits, network)
    return 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    # Native libraries may hang or crash in their tear-down; everything is written by now.
    os._exit(status)
