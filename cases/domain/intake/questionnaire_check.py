"""What is wrong with a questionnaire or a checklist that somebody writes: where, and what to change."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cases.domain.intake.answers import fault
from cases.domain.intake.checklist import ASKED_IMPORTANCE
from cases.domain.intake.questionnaire import OPERATORS, TYPES, Form, When, form_of

Fault = tuple[str, str]
_CHOOSE = "choice"
_MAX_LENGTHS = {"code": 40, "title": 200, "why": 300, "could_change": 300}


def questionnaire_faults(
    code: str, body: Mapping[str, Any], *, others: Iterable[Mapping[str, Any]], advice: Iterable[str], general: str
) -> Iterator[Fault]:
    """(where, what to change). ``others``: the definitions asked before it; ``advice``: the kinds of fixed wording."""
    if not str(body.get("title", "")).strip():
        yield "title", "Give it a title."
    items = body.get("item")
    if not isinstance(items, list) or not items:
        yield "item", "Ask at least one question."
        return
    shape = [*_item_faults(items, "item", rf"({general}|{code})\.[a-z_0-9]+")]
    shape += _flag_shape(body.get("redFlags", []))
    yield from shape
    if shape:
        return
    form = form_of([*others, body])
    ids = [item.link_id for item in form.items]
    yield from ((one, "This linkId is used twice.") for one in sorted({one for one in ids if ids.count(one) > 1}))
    yield from _references(form, body, set(advice))


def checklist_faults(body: Mapping[str, Any]) -> Iterator[Fault]:
    """(where, what to change) of ``{"checklist": [{code, title, required, importance, why, could_change}, …]}``."""
    rows = body.get("checklist")
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
        yield "checklist", "Write a list of records."
        return
    codes = [str(one.get("code")) for one in rows]
    for number, one in enumerate(rows):
        where = f"checklist[{number}]"
        for name, longest in _MAX_LENGTHS.items():
            text = one.get(name)
            if not isinstance(text, str) or not text.strip() or len(text) > longest:
                yield f"{where}.{name}", f"Write 1 to {longest} characters."
        if not re.fullmatch(r"[a-z_0-9]+", codes[number]) or codes.count(codes[number]) > 1:
            yield f"{where}.code", "Small letters, digits and _, each code once."
        if not isinstance(one.get("required"), bool):
            yield f"{where}.required", "Say true or false."
        importance = one.get("importance")
        if not isinstance(importance, int) or not 1 <= importance < ASKED_IMPORTANCE:
            yield f"{where}.importance", f"A whole number from 1 to {ASKED_IMPORTANCE - 1}."
    if rows and not any(one.get("required") is True for one in rows):
        yield "checklist", "At least one record is required."


def _item_faults(items: Any, where: str, ids: str) -> Iterator[Fault]:
    for number, one in enumerate(items):
        here = f"{where}[{number}]"
        if not isinstance(one, dict):
            yield here, "Write an object."
            continue
        if not re.fullmatch(ids, str(one.get("linkId", ""))) and one.get("type") not in ("group", "display"):
            yield f"{here}.linkId", f"A linkId looks like {ids}."
        if not str(one.get("text", "")).strip():
            yield f"{here}.text", "Write the question."
        if one.get("type") not in TYPES:
            yield f"{here}.type", f"Choose one of: {', '.join(sorted(TYPES))}."
        if one.get("type") == _CHOOSE:
            yield from _option_faults(one.get("answerOption"), here)
        yield from _when_shape(one.get("enableWhen", []), f"{here}.enableWhen")
        nested = one.get("item", [])
        if isinstance(nested, list):
            yield from _item_faults(nested, f"{here}.item", ids)
        else:
            yield f"{here}.item", "Write a list."


def _option_faults(options: Any, where: str) -> Iterator[Fault]:
    codings = [one.get("valueCoding", {}) for one in options or () if isinstance(one, dict)]
    codes = [one.get("code") for one in codings if isinstance(one, dict) and one.get("code") and one.get("display")]
    if len(codes) < 2 or len(codes) != len(set(codes)) or len(codes) != len(options or ()):
        yield f"{where}.answerOption", "Offer two or more answers, each with a code of its own and a display."


def _when_shape(rules: Any, where: str) -> Iterator[Fault]:
    if not isinstance(rules, list):
        yield where, "Write a list of conditions."
        return
    for number, one in enumerate(rules):
        if not isinstance(one, dict) or not {"question", "operator", "answer"} <= set(one):
            yield f"{where}[{number}]", "A condition has question, operator and answer."
        elif one["operator"] not in OPERATORS:
            yield f"{where}[{number}].operator", f"Choose one of: {', '.join(sorted(OPERATORS))}."


def _flag_shape(flags: Any) -> list[Fault]:
    if not isinstance(flags, list):
        return [("redFlags", "Write a list.")]
    found: list[Fault] = []
    for number, one in enumerate(flags):
        here = f"redFlags[{number}]"
        if not isinstance(one, dict):
            found.append((here, "Write an object."))
            continue
        if not all(str(one.get(name, "")).strip() for name in ("code", "advice")) or not one.get("when"):
            found.append((here, "A red flag has code, when and advice."))
        if len(str(one.get("source", "")).strip()) < 10:
            found.append((f"{here}.source", "Name the guideline and its edition."))
        found += _when_shape(one.get("when", []), f"{here}.when")
    return found


def _references(form: Form, body: Mapping[str, Any], advice: set[str]) -> Iterator[Fault]:
    """Each rule speaks of a question that was asked before, and of an answer that can be given to it."""
    order = {item.link_id: place for place, item in enumerate(form.items)}
    for place, item in enumerate(form.items):
        for conditions, _ in item.conditions:
            for one in conditions:
                if one.question in order and order[one.question] >= place:
                    yield item.link_id, f"{one.question} is asked later; a question hangs on an earlier one."
                yield from _answerable(form, one, item.link_id)
    for flag in form.red_flags:
        for one in flag.when:
            yield from _answerable(form, one, flag.code)
    for number, raw in enumerate(body.get("redFlags", ())):
        if raw["advice"] not in advice:
            yield f"redFlags[{number}].advice", f"Choose one of: {', '.join(sorted(advice))}."


def _answerable(form: Form, one: When, where: str) -> Iterator[Fault]:
    target = form.by_id.get(one.question)
    if target is None:
        yield where, f"{one.question} is not asked."
        return
    value: Any = one.answer
    if one.operator == "exists":
        if not isinstance(value, bool):
            yield where, "exists is compared with true or false."
        return
    wrong = fault(target, [value] if target.repeats else value)
    if wrong:
        yield where, f"{one.question}: {wrong[1]}"
