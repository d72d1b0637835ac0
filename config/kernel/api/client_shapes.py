"""What generators of clients need of the OpenAPI document beyond what the framework writes into it.

Each is a hook of drf-spectacular over the finished document: it holds for every operation, present and to come.
``tests/clients`` generates a client in Python and one in TypeScript, without a flag, and lives a case by each.
"""

import re
from collections.abc import Iterator
from typing import Any

from config.kernel.api.representations import BYTES, is_text
from config.kernel.api.strict_bodies import TEXT, WORDS

Document = dict[str, Any]


def files_as_bytes(result: Document, **_: Any) -> Document:
    """An answer that is a file can be had as plain bytes: generators know these, and few other media types."""
    for operation in _operations(result):
        for status, answer in operation["responses"].items():
            content = answer.get("content", {})
            if status.startswith("2") and content and not any(map(is_text, content)):
                content.setdefault(BYTES, {"schema": {"type": "string", "format": "binary"}})
    return result


def members_named(result: Document, **_: Any) -> Document:
    """Values that make no name, or the same as another (GMT+0, GMT-0), have one in ``x-enum-varnames``."""
    for schema in _schemas(result):
        values = schema.get("enum")
        if values and all(isinstance(one, str) for one in values) and not all(map(_is_name, values)):
            schema["x-enum-varnames"] = [_member(one) for one in values]
    return result


def defaults_in_words(result: Document, **_: Any) -> Document:
    """What a body may leave out has its default in the description.

    A keyword ``default`` makes generators of TypeScript want the field of every caller, as an answer would have it.
    """
    for name, component in result["components"]["schemas"].items():
        if not name.endswith("Request"):
            continue
        for field, schema in component.get("properties", {}).items():
            if "default" in schema and field not in component.get("required", ()):
                default = schema.pop("default")
                if default not in ("", [], {}, None):
                    told = f"{str(default).lower() if isinstance(default, bool) else default}, if it is left out"
                    schema["description"] = "; ".join(filter(None, (schema.get("description"), told)))
    return result


def texts_that_are_taken(result: Document, **_: Any) -> Document:
    """A text of a body holds no NUL, and more than blanks where it may not be blank."""
    for name, component in result["components"]["schemas"].items():
        if name.endswith("Request"):
            for schema in component.get("properties", {}).values():
                _say_text(schema)
                _say_text(schema.get("items", {}))
    return result


def _say_text(schema: Document) -> None:
    if schema.get("type") in ("string", ["string", "null"]) and not {"pattern", "format", "enum"} & set(schema):
        schema["pattern"] = WORDS if schema.get("minLength", 0) else TEXT


def _operations(result: Document) -> Iterator[Document]:
    for path in result["paths"].values():
        yield from path.values()


def _schemas(node: Any) -> Iterator[Document]:
    """Every object of the document: those with an ``enum`` are schemas."""
    if isinstance(node, dict):
        yield node
        for one in node.values():
            yield from _schemas(one)
    elif isinstance(node, list):
        for one in node:
            yield from _schemas(one)


def _is_name(value: str) -> bool:
    return re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", value) is not None


def _member(value: str) -> str:
    signed = re.sub(r"\+(?=\d)", "_PLUS_", re.sub(r"-(?=\d)", "_MINUS_", value))
    return re.sub(r"[^A-Za-z0-9]+", "_", signed).strip("_").upper() or "EMPTY"
