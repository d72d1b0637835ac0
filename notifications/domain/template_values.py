"""What a template may be given: values of a few types that can tell nobody's health and nobody's name.

A variable is named by its path: ``count``, ``visit.date``, ``visits[].date``, ``dates[]``; its type ends with ``?``
where it may be missing. There is no type for words: a text that somebody gives at sending could say anything.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from notifications.domain.handlebars import MAX_ITEMS

TYPES: Final = {
    "count": "a whole number, 0 to 9999",
    "hours": "a whole number of hours, 0 to 720",
    "date": "a day, as 2026-12-01, from a year ago to three years ahead",
    "time": "a time of day, as 14:30",
    "link": "an address of a page of ours, as /account/",
    "platform": "the platform's name; filled in by itself",
    "support_contact": "where people reach us; filled in by itself",
}
BY_US: Final = frozenset({"platform", "support_contact"})
MAX_COUNT, MAX_HOURS, MAX_VARIABLES = 9999, 720, 30
_PATH = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\[\])?(?:\.[A-Za-z_][A-Za-z0-9_]*(?:\[\])?)*")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# Of an address that a sender gives, every part is one of these or an id, so that nothing else can be told in it.
PAGES: Final = frozenset(
    {
        "account",
        "notifications",
        "dashboard",
        "cases",
        "messages",
        "offers",
        "practice",
        "questions",
        "follow-ups",
        "findings",
        "send-records",
    }
)
SAMPLE_PATH: Final = "/dashboard/cases/00000000-0000-4000-8000-000000000000/messages#follow-ups"
_MONTHS: Final = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}
_DAY: Final = {"en": "{day} {month} {year}", "de": "{day}. {month} {year}", "es": "{day} de {month} de {year}"}


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value: its type, and whether it may be missing."""

    type: str
    optional: bool = False


# A leaf, an object of named shapes, or a list of one shape.
Shape = Leaf | dict[str, "Shape"] | list["Shape"]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What values are checked against and filled in from: our address, our name, how to reach us, today.

    Without ``today`` days are not asked how far away they are: who reads an old notice reads it as it was.
    """

    origin: str
    platform: str
    support_contact: str
    today: date | None


def shape_of(variables: Mapping[str, str]) -> tuple[dict[str, Shape], tuple[str, ...]]:
    """The shape that the variables name, and what is wrong with them."""
    shape: dict[str, Shape] = {}
    faults = []
    if len(variables) > MAX_VARIABLES:
        faults.append(f"A template has at most {MAX_VARIABLES} variables.")
    for path, kind in variables.items():
        if not _PATH.fullmatch(path):
            faults.append(f"{path[:60]}: write letters, digits, underscores, dots, and [] behind the name of a list.")
        elif kind.removesuffix("?") not in TYPES:
            types = ", ".join(TYPES)
            faults.append(f"{path}: {kind[:30]} is no type; there are {types}. Names and other words are no values.")
        elif not _placed(shape, path, Leaf(kind.removesuffix("?"), kind.endswith("?"))):
            faults.append(f"{path}: this name is used for something else already.")
    return shape, tuple(faults)


def _placed(shape: dict[str, Shape], path: str, leaf: Leaf) -> bool:
    holder: dict[str, Shape] | list[Shape] = shape
    key: str | int = ""
    steps = [step for part in path.split(".") for step in _steps(part)]
    for number, step in enumerate(steps):
        last, listed = number == len(steps) - 1, number + 1 < len(steps) and steps[number + 1] == "[]"
        if isinstance(holder, list):
            key = 0
            fresh: Shape = leaf if last else [] if listed else {}
            if not holder:
                holder.append(fresh)
            elif last or type(holder[0]) is not type(fresh):
                return False
        else:
            key = step
            fresh = leaf if last else [] if listed else {}
            if step in holder and (last or type(holder[step]) is not type(fresh)):
                return False
            holder.setdefault(step, fresh)
        inner = holder[key]  # type: ignore[index]  # a name of an object, or 0 of a list
        if isinstance(inner, Leaf):
            return last
        holder = inner
    return True


def _steps(part: str) -> Iterator[str]:
    yield part.removesuffix("[]")
    if part.endswith("[]"):
        yield "[]"


def filled(shape: Mapping[str, Shape], values: Mapping[str, Any], language: str, around: Surroundings) -> Any:
    """The values as a text in ``language`` shows them; raises ``ValuesRefused`` with everything that is wrong."""
    faults: list[tuple[str, str]] = []
    found = _object(shape, values, "", language, around, faults)
    if faults:
        raise ValuesRefused(tuple(faults))
    return found


class ValuesRefused(ValueError):
    """Values that a template may not be given: (which, what to change)."""

    def __init__(self, faults: tuple[tuple[str, str], ...]) -> None:
        super().__init__("; ".join(f"{where}: {advice}" for where, advice in faults))
        self.faults = faults


def _object(
    shape: Mapping[str, Shape], values: Any, where: str, language: str, around: Surroundings, faults: Any
) -> dict[str, Any]:
    if not isinstance(values, Mapping):
        faults.append((where or "values", "Give an object of named values."))
        return {}
    for name in values:
        if name not in shape:
            # What nobody asked for is not repeated: it may be anything.
            faults.append((where or "values", f"Only these are asked for: {', '.join(shape) or 'none'}."))
            break
    return {
        name: _value(inner, values.get(name), f"{where}.{name}".lstrip("."), language, around, faults)
        for name, inner in shape.items()
    }


def _value(shape: Shape, value: Any, where: str, language: str, around: Surroundings, faults: Any) -> Any:
    if isinstance(shape, dict):
        # An object of which we fill in everything, or nothing must be, need not be given.
        return _object(shape, {} if value is None else value, where, language, around, faults)
    if isinstance(shape, list):
        if not isinstance(value, list):
            faults.append((where, "Give a list."))
            return []
        if len(value) > MAX_ITEMS:
            faults.append((where, f"A list has at most {MAX_ITEMS} items."))
            return []
        return [
            _value(shape[0], item, f"{where}[{number}]", language, around, faults) for number, item in enumerate(value)
        ]
    return _leaf(shape, value, where, language, around, faults)


def _leaf(leaf: Leaf, value: Any, where: str, language: str, around: Surroundings, faults: Any) -> Any:
    if leaf.type in BY_US:
        if value is not None:
            faults.append((where, "It is filled in by itself; leave it out."))
        return around.platform if leaf.type == "platform" else around.support_contact
    if value is None and leaf.optional:
        return None
    shown = _shown(leaf.type, value, language, around)
    if shown is None:
        faults.append((where, f"Give {TYPES[leaf.type]}."))
    return shown


def _shown(kind: str, value: Any, language: str, around: Surroundings) -> Any:
    """What the text shows, ``None`` where the value is none of its type."""
    if kind in {"count", "hours"}:
        most = MAX_COUNT if kind == "count" else MAX_HOURS
        return value if type(value) is int and 0 <= value <= most else None
    if not isinstance(value, str) or not value.isascii():
        return None
    if kind == "time":
        return value if _TIME.fullmatch(value) else None
    return own_address(value, around.origin) if kind == "link" else _day(value, language, around.today)


def _day(value: str, language: str, today: date | None) -> str | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    if len(value) != 10:
        return None
    # Further away lie days of birth.
    if today is not None and not today - timedelta(days=366) <= day <= today + timedelta(days=3 * 366):
        return None
    month = _MONTHS[language].split()[day.month - 1]
    return _DAY[language].format(day=day.day, month=month, year=day.year)


def own_address(value: str, origin: str) -> str | None:
    """The whole address of a page of ours, of whose parts each is a word of ours or an id; else ``None``."""
    path = value.removeprefix(origin)
    if not path.startswith("/") or path.startswith("//") or len(path) > len(SAMPLE_PATH):
        return None
    page, _, mark = path.partition("#")
    parts = [part for part in (*page.removeprefix("/").removesuffix("/").split("/"), mark) if part]
    if "//" in page or not all(part in PAGES or _ID.fullmatch(part) for part in parts):
        return None
    return origin + path


def samples(shape: Shape, around: Surroundings, *, longest: bool = False) -> Any:
    """Invented values of a shape, as a sender would give them; ``longest``: those that need the most room."""
    if isinstance(shape, dict):
        return {
            name: samples(inner, around, longest=longest)
            for name, inner in shape.items()
            if not (isinstance(inner, Leaf) and inner.type in BY_US)
        }
    if isinstance(shape, list):
        return [samples(shape[0], around, longest=longest) for _ in range(MAX_ITEMS if longest else 2)]
    if shape.type == "link":
        return SAMPLE_PATH if longest else "/account/"
    # Of all months, September is the longest in each language.
    today = around.today or date.min
    day = date(today.year + 1, 9, 28) if longest else today + timedelta(days=7)
    by_type = {"count": MAX_COUNT if longest else 3, "hours": MAX_HOURS if longest else 24}
    return by_type.get(shape.type, day.isoformat() if shape.type == "date" else "14:30")
