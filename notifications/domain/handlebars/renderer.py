"""A tree and values become a text, as handlebars.js 4.7 writes it."""

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from notifications.domain.handlebars.limits import MAX_ITEMS, MAX_OUTPUT_BYTES, MAX_STEPS, RenderingRefused
from notifications.domain.handlebars.tree import Text, Tree, Value

_ESCAPED = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;", "`": "&#x60;", "=": "&#x3D;"}
)
_NO_DATA: Mapping[str, Any] = {}
# Beyond it JavaScript knows no neighbouring numbers.
_MAX_WHOLE = 2**53


def render(tree: Tree, values: Mapping[str, Any], *, html: bool, instead: str | None = None) -> str:
    """The text; values are escaped for HTML, or stand as they are in plain text. Raises ``RenderingRefused``.

    ``instead`` stands for every value that is filled in: then the words alone are seen, as these values choose them.
    """
    run = _Run(html, instead)
    run.write(tree, dict(values), _NO_DATA)
    return "".join(run.out)


class _Run:
    def __init__(self, html: bool, instead: str | None) -> None:
        self.out: list[str] = []
        self._html, self._instead = html, instead
        self._room, self._steps = MAX_OUTPUT_BYTES, MAX_STEPS

    def write(self, tree: Tree, this: Any, data: Mapping[str, Any]) -> None:
        for node in tree:
            self._step()
            if isinstance(node, Text):
                self._put(node.text)
            elif isinstance(node, Value):
                self._put(self._value(_found(node.path, this, data)))
            elif node.kind == "each":
                self._each(_found(node.path, this, data), node.body, node.otherwise, this, data)
            else:
                shown = _holds(_found(node.path, this, data)) is (node.kind == "if")
                # In a block, handlebars.js has an empty object where an item is null.
                inner = {} if this is None else this
                self.write(node.body if shown else node.otherwise, inner, data)

    def _each(self, value: Any, body: Tree, otherwise: Tree, this: Any, data: Mapping[str, Any]) -> None:
        items = _items(value)
        if len(items) > MAX_ITEMS:
            raise RenderingRefused(f"A list has at most {MAX_ITEMS} items; this one has {len(items)}.")
        if not items:
            self.write(otherwise, {} if this is None else this, data)
            return
        last = len(items) - 1
        for index, (key, item) in enumerate(items):
            self._step()
            named = {"@index": index, "@key": key, "@first": index == 0, "@last": index == last}
            self.write(body, item, named)

    def _put(self, text: str) -> None:
        self._room -= len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
        if self._room < 0:
            raise RenderingRefused(f"A text has at most {MAX_OUTPUT_BYTES} bytes.")
        self.out.append(text)

    def _step(self) -> None:
        self._steps -= 1
        if self._steps < 0:
            raise RenderingRefused("Too many items in items; make the lists shorter.")

    def _value(self, value: Any) -> str:
        if self._instead is not None:
            return self._instead
        text = self._text(value)
        return text.translate(_ESCAPED) if self._html else text

    def _text(self, value: Any) -> str:
        if isinstance(value, str):
            return value
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int | float):
            return _number(value)
        if isinstance(value, dict):
            return "[object Object]"
        if isinstance(value, list):
            return self._joined(value)
        raise RenderingRefused("A value is a text, a number, true, false, null, a list or an object.")

    def _joined(self, values: list[Any]) -> str:
        """As JavaScript writes a list. Lists in lists are walked without recursion: nobody knows how deep they go."""
        words: list[str] = []
        waiting: list[tuple[list[Any], int]] = [(values, 0)]
        while waiting:
            items, index = waiting.pop()
            while index < len(items):
                self._step()
                item = items[index]
                words.append("," if index else "")
                index += 1
                if isinstance(item, list):
                    waiting.append((items, index))
                    items, index = item, 0
                else:
                    words.append(self._text(item))
        return "".join(words)


def _found(path: tuple[str, ...], this: Any, data: Mapping[str, Any]) -> Any:
    first = path[0]
    if first[0] == "@":
        return data.get(first)
    value = this
    for name in path[1:] if first == "this" else path:
        if isinstance(value, dict):
            value = value.get(name)
        elif name == "length" and isinstance(value, str):
            value = len(value.encode("utf-16-le", "surrogatepass")) // 2
        elif name == "length" and isinstance(value, list):
            value = len(value)
        else:
            return None
    return value


def _holds(value: Any) -> bool:
    """What ``if`` takes for true: everything but false, null, 0, an empty text and an empty list."""
    return value is not None and (isinstance(value, dict) or bool(value))


def _items(value: Any) -> list[tuple[Any, Any]]:
    if isinstance(value, list):
        return list(enumerate(value))
    if not isinstance(value, dict):
        return []
    # JavaScript puts keys that are small whole numbers first, in their order.
    whole = sorted((key for key in value if _is_index(key)), key=int)
    return [(key, value[key]) for key in (*whole, *(key for key in value if not _is_index(key)))]


def _is_index(key: str) -> bool:
    return key.isascii() and key.isdecimal() and len(key) <= 10 and str(int(key)) == key and int(key) < 2**32 - 1


def _number(value: float) -> str:
    """As JavaScript writes it."""
    if not math.isfinite(value) or (isinstance(value, int) and abs(value) > _MAX_WHOLE):
        raise RenderingRefused("A number is finite, and a whole one at most 2⁵³.")
    if isinstance(value, int):
        return str(value)
    if value == 0:
        return "0"
    exact = Decimal(repr(value))
    if 1e-6 <= abs(value) < 1e21:
        text = f"{exact:f}"
        return text.removesuffix(".0")
    sign, digits, _ = exact.normalize().as_tuple()
    power = exact.adjusted()
    mantissa = f"{digits[0]}.{''.join(map(str, digits[1:]))}" if len(digits) > 1 else str(digits[0])
    return f"{'-' if sign else ''}{mantissa}e{'+' if power > 0 else '-'}{abs(power)}"
