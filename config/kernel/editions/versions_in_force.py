"""What is in force, and how two versions differ."""

import difflib
import hashlib
from collections.abc import Callable
from typing import Any

import orjson
from django.apps import apps

from config.kernel.editions.kinds import Body, Kind
from config.kernel.editions.states import EditionState

_EXACT = orjson.OPT_SORT_KEYS


def table_of(context: str) -> Any:
    """The context's model of versions."""
    return apps.get_model(context, "Edition")


def in_force(*, context: str, kind: str, code: str) -> tuple[int, str, Body] | None:
    """Number, SHA-256 and body of the published version; ``None``: the release's own counts."""
    rows = table_of(context).objects.filter(kind=kind, code=code, state=EditionState.PUBLISHED)
    found: tuple[int, str, Body] | None = rows.values_list("number", "sha256", "body").first()
    return found


def all_in_force(*, context: str, kind: str) -> dict[str, tuple[int, Body]]:
    """Number and body of every published version of a kind, by code; one query."""
    rows = (
        table_of(context).objects.filter(kind=kind, state=EditionState.PUBLISHED).values_list("code", "number", "body")
    )
    return {code: (number, body) for code, number, body in rows}


def fingerprint(body: Body) -> str:
    """SHA-256 of the body as canonical JSON, hex."""
    return hashlib.sha256(orjson.dumps(body, option=_EXACT)).hexdigest()


def before(kind: Kind, code: str) -> Body | None:
    """What counts now: the published version, else the release's."""
    found = in_force(context=kind.context, kind=kind.name, code=code)
    return found[2] if found else kind.shipped(code)


def differences(old: Body | None, new: Body, *, show: Callable[[Body], list[str]]) -> tuple[tuple[str, str], ...]:
    """Lines with their sign (``+``, ``-``, blank, ``…`` for what was left out), as ``diff -U2`` would show them.

    ``show``: a body as lines.
    """
    found = []
    for line in list(difflib.unified_diff(show(old) if old is not None else [], show(new), n=2, lineterm=""))[2:]:
        found.append(("…", "") if line.startswith("@@") else (line[0].strip(), line[1:]))
    return tuple(found)


def written(body: Body) -> str:
    """As JSON in one order, whatever order it was stored in."""
    return orjson.dumps(body, option=orjson.OPT_INDENT_2 | _EXACT).decode()
