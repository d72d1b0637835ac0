"""Questionnaires and checklists as versions that two people make; cases keep the version they were begun with."""

from collections.abc import Iterator
from typing import Any

from cases.adapters.questionnaires import CONDITIONS, GENERAL, Packaged, advice, packaged
from cases.domain.intake import checklist
from cases.domain.intake.questionnaire import Item, form_of
from cases.domain.intake.questionnaire_check import checklist_faults, questionnaire_faults
from config.kernel.editions import Body, Kind, Problem, Shown, in_force

_OWN = ("version", "checklist")


def in_use(code: str) -> Packaged:
    """The questionnaire that is asked now: the published version, else the release's; with the checklist in force."""
    shipped = packaged()[code]
    found = in_force(context="cases", kind="questionnaire", code=code)
    if found is None:
        return shipped
    number, sha256, body = found
    version = f"e{number}"
    return Packaged(code, version, sha256, {**body, "version": version, "checklist": shipped.definition["checklist"]})


def checklist_in_use(condition: str) -> tuple[checklist.Required, ...]:
    """The records that a case of this condition (empty: none is known) needs."""
    if not condition:
        return checklist.items_for(None)
    found = in_force(context="cases", kind="checklist", code=condition)
    return checklist.items_for(found[2] if found else packaged()[condition].definition)


def _questions(code: str) -> Body:
    return {name: value for name, value in packaged()[code].definition.items() if name not in _OWN}


def _records(code: str) -> Body:
    return {"checklist": packaged()[code].definition["checklist"]}


def _before(code: str) -> list[dict[str, Any]]:
    """What is asked ahead of it."""
    return [] if code == GENERAL else [in_use(GENERAL).definition]


def _check_questions(code: str, body: Body) -> Iterator[Problem]:
    known = advice().texts
    for where, told in questionnaire_faults(code, body, others=_before(code), advice=known, general=GENERAL):
        yield Problem(where, told)
    if code == GENERAL and isinstance(body.get("item"), list):
        yield from _still_asked(body)


def _still_asked(body: Body) -> Iterator[Problem]:
    """The conditions' questionnaires hang on the general one: what they name must stay."""
    try:
        asked = form_of([body]).by_id
    except (KeyError, TypeError, AttributeError):
        return
    for condition in CONDITIONS:
        form = form_of([in_use(condition).definition])
        named = {one.question for item in form.items for rules, _ in item.conditions for one in rules}
        named |= {one.question for flag in form.red_flags for one in flag.when}
        for link_id in sorted(one for one in named if one.startswith(f"{GENERAL}.") and one not in asked):
            yield Problem("item", f"{link_id} is needed by the questionnaire of {condition}.")


def _preview_questions(code: str, body: Body) -> Iterator[Shown]:
    form = form_of([body])
    shown = [_line(item) for item in form.items]
    yield Shown(f"{body['title']}: {len(form.items)} questions", tuple(shown))
    flags = tuple(f"{flag.code} → {flag.advice} ({flag.source})" for flag in form.red_flags)
    yield Shown(f"{len(flags)} red flags", flags)


def _line(item: Item) -> str:
    hangs = "; ".join(
        f" {'or' if behaviour == 'any' else 'and'} ".join(f"{w.question} {w.operator} {w.answer}" for w in rules)
        for rules, behaviour in item.conditions
    )
    parts = [item.type + (", required" if item.required else ""), ", ".join(item.options), hangs and f"only if {hangs}"]
    return f"{item.text} [{'; '.join(part for part in parts if part)}]"


def _check_records(code: str, body: Body) -> Iterator[Problem]:
    for where, told in checklist_faults(body):
        yield Problem(where, told)


def _preview_records(code: str, body: Body) -> Iterator[Shown]:
    for one in sorted(checklist.items_for(body), key=lambda item: (not item.required, -item.importance)):
        kind = "required" if one.required else "asked for, holds nothing up"
        yield Shown(f"{one.title} ({kind}, weight {one.importance})", (one.why, one.could_change))


QUESTIONNAIRES = Kind(
    context="cases",
    name="questionnaire",
    title="Questionnaire",
    codes=lambda: (GENERAL, *CONDITIONS),
    shipped=_questions,
    check=_check_questions,
    preview=_preview_questions,
)
CHECKLISTS = Kind(
    context="cases",
    name="checklist",
    title="Checklist of records",
    codes=lambda: CONDITIONS,
    shipped=_records,
    check=_check_records,
    preview=_preview_records,
)
