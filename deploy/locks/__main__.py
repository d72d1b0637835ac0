"""``python -m deploy.locks make [uv's options]`` makes the locks; ``… check`` proves that they are whole."""

import sys

from deploy.locks.closure import faults
from deploy.locks.pins import read_lock, wanted
from deploy.locks.record import NAMES, REQUIREMENTS, StaleRecord, read_record
from deploy.locks.recorder import make

# What is installed together: an image without anything, one without servers, a desk, the tests' set, and uv alone.
TOGETHER = (("base",), ("base", "ocr"), ("base", "local", "ocr"), ("base", "local", "ocr", "dev"), ("installer",))


def main(arguments: list[str]) -> int:
    """Carry the order out; the exit status of ``check`` is its verdict."""
    order, *rest = arguments or ["check"]
    if order == "make":
        make(REQUIREMENTS, rest, say)
    found = every_fault()
    for fault in found:
        say(fault)
    say(f"{len(found)} faults in {len(NAMES)} locks")
    return 1 if found else 0


def every_fault() -> list[str]:
    """The faults of each set of locks that is installed together."""
    try:
        record = read_record()
    except StaleRecord as error:
        return [str(error)]
    found: list[str] = []
    for names in TOGETHER:
        pins = [pin for name in names for pin in read_lock(REQUIREMENTS / f"{name}.txt")]
        roots = [one for name in names for one in wanted(REQUIREMENTS / f"{name}.in")]
        found += [f"{'+'.join(names)}: {fault}" for fault in faults(pins, roots, record)]
    return found


def say(text: str) -> None:
    """One line."""
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
