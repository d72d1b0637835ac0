"""Results that came with their code: what a line of a page says of a measurement, by part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class CodedResult:
    """One result. ``start``/``end`` index its page's text; whatever the source does not say is empty.

    ``value``, ``low`` and ``high`` are numbers as they are written, ``unit`` is UCUM where the source says so and else
    as it is written (``unit_printed``); ``range_unit`` is the unit of the bounds where it is written otherwise.
    ``date`` is a day (ISO 8601). Several codes of one result are separated by blanks.
    """

    start: int
    end: int
    system: str = ""
    code: str = ""
    display: str = ""
    value: str = ""
    comparator: str = ""
    unit: str = ""
    unit_printed: str = ""
    low: str = ""
    high: str = ""
    range_unit: str = ""
    specimen: str = ""
    flag: str = ""
    status: str = ""
    date: str = ""
    note: str = ""


_WORDS = tuple(field.name for field in fields(CodedResult) if field.name not in ("start", "end"))


def coded_to_json(result: CodedResult) -> dict[str, Any]:
    """Plain JSON, without what is empty."""
    return {name: value for name, value in asdict(result).items() if value != ""}


def coded_from_json(data: Mapping[str, Any], *, page_text: str) -> CodedResult:
    """The inverse of ``coded_to_json``. Raises ValueError, KeyError, TypeError or AttributeError."""
    start, end = data["start"], data["end"]
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(page_text):
        raise ValueError("a coded result is outside its page's text")
    words = {name: data.get(name, "") for name in _WORDS}
    if not all(isinstance(value, str) and "\x00" not in value for value in words.values()):
        raise TypeError("expected words in a coded result")
    return CodedResult(start=start, end=end, **words)
