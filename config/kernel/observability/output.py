"""Whatever a process writes that is no JSON line becomes one: banners, warnings, the tracebacks of those who die.

Only the place and the type of an error are kept of a traceback, as in our own lines: its message may quote a row.
"""

import io
import re
import sys
from datetime import UTC, datetime
from typing import Any, TextIO

import orjson

_PLACE = re.compile(r'\s+File "([^"]+)", line (\d+)')
_ERROR = re.compile(r"([A-Za-z_][\w.]*)(?::|$)")
_MAX_LENGTH = 4000


def json_line(event: str, *, logger: str, level: str = "info", **more: Any) -> str:
    """A line as the log formatter makes it, for those who have no logger."""
    told = {"event": event, "level": level, "logger": logger, "timestamp": datetime.now(UTC).isoformat(), **more}
    return orjson.dumps(told).decode() + "\n"


class JsonLines(io.TextIOBase):
    """Stands before a stream: lets JSON lines through, and tells of every other line without its text.

    ``keeping``: what is no traceback keeps its text; for programs of ours that meet no patient's data.
    """

    def __init__(self, stream: TextIO, logger: str, *, keeping: bool = False) -> None:
        self._stream, self._logger, self._begun, self._keeping = stream, logger, "", keeping
        self._in_traceback = False

    def write(self, text: str) -> int:
        """Whole lines go on; the beginning of one waits for its end."""
        *lines, self._begun = (self._begun + text).split("\n")
        if len(self._begun) > _MAX_LENGTH:
            lines, self._begun = [*lines, self._begun], ""
        self._stream.write("".join(self._clean(line) for line in lines))
        return len(text)

    def flush(self) -> None:
        """To the stream below."""
        self._stream.flush()

    def fileno(self) -> int:
        """That of the stream below, for those who duplicate it."""
        return self._stream.fileno()

    def isatty(self) -> bool:
        """No: whoever paints for a terminal must not."""
        return False

    def writable(self) -> bool:
        """Yes."""
        return True

    def _clean(self, line: str) -> str:
        if not line.strip():
            return ""
        if is_json(line):
            return line + "\n"
        if line.startswith("Traceback ("):
            self._in_traceback = True
        if place := _PLACE.match(line):
            return json_line("traceback", logger=self._logger, level="error", path=f"{place[1]}:{place[2]}")
        if self._in_traceback and not line[0].isspace() and (error := _ERROR.match(line)):
            self._in_traceback = False
            return json_line("traceback", logger=self._logger, level="error", error=error[1])
        if self._keeping and not self._in_traceback:
            return json_line(line, logger=self._logger)
        return json_line("output", logger=self._logger, level="warning", count=len(line))


def is_json(line: str) -> bool:
    """Whether the line is a JSON object."""
    if not line.startswith("{"):
        return False
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False


def write_json_lines(logger: str) -> None:
    """From now on all that this process writes by Python is lines of JSON."""
    out, errors = JsonLines(sys.__stdout__ or sys.stdout, logger), JsonLines(sys.__stderr__ or sys.stderr, logger)
    sys.stdout, sys.stderr = out, errors
    sys.__stdout__, sys.__stderr__ = out, errors  # type: ignore[misc,assignment]  # Celery's banner asks for this one
