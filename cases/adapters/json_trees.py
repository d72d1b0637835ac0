"""JSON from strangers: size, depth and number of values are looked at in the bytes, before anything is made of them.

A list of empty objects takes forty times its bytes in memory, and one sign outside of the basic plane quadruples the
text that it stands in. Long strings without such signs (attachments in base64) are taken out and read by themselves.
"""

from __future__ import annotations

import json
import re
import secrets
from decimal import Decimal
from typing import Any, Final

MAX_DEPTH: Final = 60
MAX_VALUES: Final = 150_000
# All that is no long string of ASCII.
MAX_TEXT_BYTES: Final = 4_000_000
_LONG: Final = 1024
# Possessive, so that it never looks twice; a quotation mark that nothing closes is a token of its own.
_TOKEN: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[{\]},:]|"', re.DOTALL)

_WIDE: Final = re.compile(rb"[\x80-\xff]")
_ESCAPED: Final = re.compile(rb"[\x00-\x1f\\]")


class UnfitJson(Exception):
    """It is no JSON that is taken; the message says what to change."""


def json_tree(content: bytes) -> Any:
    """The value; numbers keep the digits they were written with. Raises UnfitJson."""
    # Nobody else can write it, so that nothing else is taken for a place.
    mark = f"\0{secrets.token_hex(8)}:"
    try:
        short, long = _looked_at(content, mark)
        value = json.loads(
            short.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_distinct
        )
        return _filled(value, mark, [_text(content, start, end) for start, end in long])
    except (ValueError, ArithmeticError, RecursionError) as fault:
        raise UnfitJson("This is not JSON in UTF-8, or it holds an invalid number or character.") from fault


def _looked_at(content: bytes, mark: str) -> tuple[bytes, list[tuple[int, int]]]:
    """The content with a mark in each long string's stead, and where these are."""
    depth, values, done, text = 0, 1, 0, 0
    kept: list[bytes] = []
    long: list[tuple[int, int]] = []
    for count, token in enumerate(_TOKEN.finditer(content)):
        (start, end), sign = token.span(), content[token.start()]
        if sign in b"[{":
            depth, values = depth + 1, values + 1
        elif sign in b"]}":
            depth -= 1
        elif sign in b",:":
            values += 1
        elif end - start == 1:
            raise ValueError("a string without an end")
        elif end - start > _LONG and not _WIDE.search(content, start, end):
            kept += (content[done:start], json.dumps(f"{mark}{len(long)}").encode())
            long.append((start, end))
            text, done = text + start - done, end
        # No JSON has more than two or three signs for each of its values.
        _require_bounds(depth, max(values, count // 3), text + end - done)
    _require_bounds(depth, values, text + len(content) - done)
    return b"".join((*kept, content[done:])), long


def _require_bounds(depth: int, values: int, text: int) -> None:
    if depth > MAX_DEPTH:
        raise UnfitJson(f"The JSON is nested deeper than {MAX_DEPTH} levels.")
    if values > MAX_VALUES:
        raise UnfitJson(f"The JSON has more than {MAX_VALUES} values; send it in parts.")
    if text > MAX_TEXT_BYTES:
        raise UnfitJson(
            f"Beside its attachments the JSON has more than {MAX_TEXT_BYTES // 10**6} MB; send it in parts."
        )


def _filled(value: Any, mark: str, long: list[str]) -> Any:
    """Long strings in their places. A NUL of the sender's would cut an attachment's name short and lose the file."""
    if isinstance(value, str):
        return _whole(value, mark, long)
    if isinstance(value, list):
        for index, one in enumerate(value):
            value[index] = _filled(one, mark, long)
    elif isinstance(value, dict):
        for key in value:
            _whole(key, mark, [])
            value[key] = _filled(value[key], mark, long)
    return value


def _whole(text: str, mark: str, long: list[str]) -> str:
    found = long[int(text.removeprefix(mark))] if long and text.startswith(mark) else text
    # Half a surrogate pair has no bytes: the encoder raises.
    if b"\0" in found.encode():
        raise ValueError("a NUL")
    return found


def _text(content: bytes, start: int, end: int) -> str:
    """One long string; without a second copy of it where it is written as it reads."""
    if _ESCAPED.search(content, start, end):
        found: str = json.loads(content[start:end])
        return found
    return str(memoryview(content)[start + 1 : end - 1], "ascii")


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of two values under one name one would be lost, and nobody knows which was meant."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise UnfitJson("An object in the JSON says the same name twice; send each once.")
    return found


def _no_number(written: str) -> None:
    raise ValueError(f"{written} is no number")
