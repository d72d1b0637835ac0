"""Questionnaires: what is asked, when, and which answers must not wait.

A definition is shaped like a FHIR R4 Questionnaire (linkId, type, required, repeats, enableWhen, enableBehavior,
answerOption) and holds two things more: ``redFlags`` and ``checklist``. Answers are ``{linkId: value}``: true or false,
a number, an ISO date, text, an option's code, or a list of codes where the item repeats.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Answers = Mapping[str, Any]
TYPES = frozenset({"group", "display", "boolean", "decimal", "integer", "date", "string", "text", "choice"})
_SILENT = frozenset({"group", "display"})
_MAX_LENGTHS = {"string": 300, "text": 20_000}


@dataclass(frozen=True)
class When:
    """One condition on another answer; ``answer`` of ``exists`` is true or false."""

    question: str
    operator: str
    answer: Any


@dataclass(frozen=True)
class Item:
    """One question. ``inside`` are the conditions of the groups around it, each with its behaviour."""

    link_id: str
    text: str
    type: str
    required: bool
    repeats: bool
    options: tuple[str, ...]
    conditions: tuple[tuple[tuple[When, ...], str], ...]
    longest: int
    lowest: float | None
    highest: float | None


@dataclass(frozen=True)
class RedFlag:
    """Answers that must not wait for a second opinion; ``source`` is the guideline that says so."""

    code: str
    when: tuple[When, ...]
    behaviour: str
    advice: str
    source: str


@dataclass(frozen=True)
class Form:
    """One or several questionnaires, read as one."""

    items: tuple[Item, ...]
    red_flags: tuple[RedFlag, ...]

    @property
    def by_id(self) -> dict[str, Item]:
        """The questions by linkId."""
        return {item.link_id: item for item in self.items}


def form_of(definitions: Iterable[Mapping[str, Any]]) -> Form:
    """The questions and rules of ``definitions``, in order; one may refer to the answers of another."""
    items: list[Item] = []
    flags: list[RedFlag] = []
    for definition in definitions:
        items += _items(definition["item"], ())
        flags += [
            RedFlag(flag["code"], _when(flag["when"]), flag.get("behavior", "all"), flag["advice"], flag["source"])
            for flag in definition.get("redFlags", ())
        ]
    return Form(tuple(items), tuple(flags))


def enabled(form: Form, answers: Answers) -> frozenset[str]:
    """The linkIds that are asked now. A question that hangs on one that is not asked is not asked either."""
    asked: set[str] = set()
    for item in form.items:
        given = {name: value for name, value in answers.items() if name in asked}
        if all(_holds(when, behaviour, given) for when, behaviour in item.conditions):
            asked.add(item.link_id)
    return frozenset(asked)


def raised(form: Form, answers: Answers) -> tuple[RedFlag, ...]:
    """The red flags that the answers raise; what is not asked any more raises none."""
    asked = enabled(form, answers)
    given = {name: value for name, value in answers.items() if name in asked}
    return tuple(flag for flag in form.red_flags if _holds(flag.when, flag.behaviour, given))


def missing(form: Form, answers: Answers) -> tuple[Item, ...]:
    """Required questions that are asked and have no answer."""
    asked = enabled(form, answers)
    return tuple(i for i in form.items if i.required and i.link_id in asked and not _given(answers.get(i.link_id)))


def _items(raw: Sequence[Mapping[str, Any]], around: tuple[Any, ...]) -> list[Item]:
    found = []
    for one in raw:
        own = _when(one.get("enableWhen", ()))
        conditions = (*around, (own, one.get("enableBehavior", "all"))) if own else around
        if one["type"] not in _SILENT:
            found.append(_item(one, conditions))
        found += _items(one.get("item", ()), conditions)
    return found


def _item(one: Mapping[str, Any], conditions: tuple[Any, ...]) -> Item:
    return Item(
        one["linkId"],
        one["text"],
        one["type"],
        bool(one.get("required", False)),
        bool(one.get("repeats", False)),
        tuple(option["valueCoding"]["code"] for option in one.get("answerOption", ())),
        conditions,
        int(one.get("maxLength", _MAX_LENGTHS.get(one["type"], 0))),
        one.get("minValue"),
        one.get("maxValue"),
    )


def _when(raw: Iterable[Mapping[str, Any]]) -> tuple[When, ...]:
    return tuple(When(one["question"], one["operator"], one["answer"]) for one in raw)


def _holds(when: tuple[When, ...], behaviour: str, answers: Answers) -> bool:
    return (any if behaviour == "any" else all)(_true(one, answers.get(one.question)) for one in when)


def _true(when: When, value: Any) -> bool:
    if when.operator == "exists":
        return _given(value) is bool(when.answer)
    if not _given(value):
        return False
    values = value if isinstance(value, list) else [value]
    return any(_COMPARE[when.operator](one, when.answer) for one in values)


# As FHIR: of several answers one is enough, so "!=" holds when any of them differs.
_COMPARE = {
    "=": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
}
OPERATORS = frozenset({"exists", *_COMPARE})


def _given(value: Any) -> bool:
    return value is not None and value != [] and not (isinstance(value, str) and not value.strip())
