"""Whether an answer fits its question."""

from datetime import date
from typing import Any

from cases.domain.intake.questionnaire import Item


def fault(item: Item, value: Any) -> tuple[str, str] | None:
    """Why ``value`` is no answer to ``item``: (code, what to do); ``None`` when it is one."""
    if item.repeats:
        if not isinstance(value, list):
            return "invalid", "Send a list."
        if len(value) != len(set(map(str, value))):
            return "invalid", "Name each answer once."
        return next((found for one in value if (found := _fault_of_one(item, one))), None)
    return _fault_of_one(item, value)


def _fault_of_one(item: Item, value: Any) -> tuple[str, str] | None:
    check = _CHECKS[item.type]
    return check(item, value)


def _boolean(item: Item, value: Any) -> tuple[str, str] | None:
    return None if isinstance(value, bool) else ("invalid", "Answer true or false.")


def _number(item: Item, value: Any) -> tuple[str, str] | None:
    wanted = int if item.type == "integer" else (int, float)
    if isinstance(value, bool) or not isinstance(value, wanted):
        return "invalid", "Answer with a whole number." if item.type == "integer" else "Answer with a number."
    low, high = item.lowest, item.highest
    if (low is not None and value < low) or (high is not None and value > high):
        return "out_of_range", f"Answer with a number from {low:g} to {high:g}." if None not in (low, high) else (
            f"Answer with at least {low:g}." if low is not None else f"Answer with at most {high:g}."
        )
    return None


def _date(item: Item, value: Any) -> tuple[str, str] | None:
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        return "invalid", "Answer with a date such as 2026-03-31."
    return None


def _text(item: Item, value: Any) -> tuple[str, str] | None:
    if not isinstance(value, str):
        return "invalid", "Answer with text."
    return ("too_long", f"Write at most {item.longest} characters.") if len(value) > item.longest else None


def _choice(item: Item, value: Any) -> tuple[str, str] | None:
    return None if value in item.options else ("invalid", f"Choose among: {', '.join(item.options)}.")


_CHECKS = {
    "boolean": _boolean,
    "decimal": _number,
    "integer": _number,
    "date": _date,
    "string": _text,
    "text": _text,
    "choice": _choice,
}
