"""Rows of knowledge as versions that two people make; what is in force is used by the next run."""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from uuid import UUID

from analysis.domain import knowledge
from analysis.domain.engine import analyse
from analysis.domain.row_check import columns, row_faults
from analysis.domain.spans import SourcePage
from config.kernel.editions import Body, EditionField, Kind, Problem, Shown, all_in_force, choices_of, fingerprint

_CODE = re.compile(r"([a-z_]+):(\S.{0,60})")
SAMPLE = "try_text"
_LONG = frozenset({"pattern", "synonyms", "names", "mechanism", "advice", "members", "classes", "meaning"})


def knowledge_in_force() -> AbstractContextManager[None]:
    """Within it, the published rows count; every finding names the release and this set of rows. One query."""
    found = all_in_force(context="analysis", kind="knowledge")
    exact = fingerprint({code: number for code, (number, _) in found.items()})
    return knowledge.using(f"e{exact[:8]}", _tables({code: body for code, (_, body) in found.items()}))


def _tables(bodies: dict[str, Body]) -> dict[str, dict[str, knowledge.Row]]:
    tables: dict[str, dict[str, knowledge.Row]] = {}
    for code, body in bodies.items():
        table, _, key = code.partition(":")
        tables.setdefault(table, {})[key] = _row(table, body)
    return tables


def _row(table: str, body: Body) -> knowledge.Row:
    return {name: str(body.get(name, "")).strip() for name in (*columns(table), knowledge.IN_USE)}


def _codes() -> tuple[str, ...]:
    """Those that staff have written; of the release's many rows the code is typed."""
    return tuple(sorted(all_in_force(context="analysis", kind="knowledge")))


def _fits(code: str) -> bool:
    found = _CODE.fullmatch(code)
    return found is not None and found[1] in knowledge.KEYS


def _shipped(code: str) -> Body | None:
    table, _, key = code.partition(":")
    row = next((one for one in knowledge.shipped(table) if one[knowledge.KEYS[table]] == key), None)
    return {**row, knowledge.IN_USE: "yes"} if row else None


def _blank(code: str) -> Body:
    table, _, key = code.partition(":")
    return {**dict.fromkeys(columns(table), ""), knowledge.KEYS[table]: key, knowledge.IN_USE: "yes"}


def _fields(code: str) -> tuple[EditionField, ...]:
    table = code.partition(":")[0]
    sources = (("", "—"), *((key, f"{key}: {one['title']}"[:90]) for key, one in knowledge.sources().items()))
    found = [
        EditionField(name, name.replace("_", " ").capitalize(), choices=sources)
        if name.endswith("source")
        else EditionField(name, name.replace("_", " ").capitalize(), rows=3 if name in _LONG else 1, longest=4000)
        for name in columns(table)
    ]
    sample = EditionField(SAMPLE, "A text to try it on", rows=4, longest=4000, help="Invented, never a patient's.")
    return (*found, EditionField(knowledge.IN_USE, "In use", choices=choices_of(("yes", "no"))), sample)


def _others(code: str) -> dict[str, Body]:
    found = all_in_force(context="analysis", kind="knowledge")
    return {name: body for name, (_, body) in found.items() if name != code}


def _check(code: str, body: Body) -> Iterator[Problem]:
    table, _, key = code.partition(":")
    for where, advice in row_faults(table, key, _row(table, body), _tables(_others(code))):
        yield Problem(where, advice)


def _preview(code: str, body: Body) -> Iterator[Shown]:
    """What the engine says of the sample text without and with the row."""
    text = str(body.get(SAMPLE, "")).strip()
    if not text:
        yield Shown("Nothing to try it on", ("Write a sample text into the draft to see what the engine says of it.",))
        return
    page = (SourcePage(UUID(int=0), 1, text),)
    others = _others(code)
    for title, bodies in (("As it is now", _now(code, others)), ("With this version", {**others, code: body})):
        with knowledge.using(f"p{fingerprint(bodies)[:12]}", _tables(bodies)):
            found = analyse(page).findings
        said = tuple(f"{one.kind.value}, {one.severity.value}: {one.title}" for one in found)
        yield Shown(title, said or ("No finding.",))


def _now(code: str, others: dict[str, Body]) -> dict[str, Body]:
    own = all_in_force(context="analysis", kind="knowledge").get(code)
    return {**others, code: own[1]} if own else others


KNOWLEDGE = Kind(
    context="analysis",
    name="knowledge",
    title="Row of knowledge",
    codes=_codes,
    shipped=_shipped,
    blank=_blank,
    fits_code=_fits,
    code_help="A row of knowledge: its table and key, as interactions:maoi-ssri. A new key is a new row.",
    fields=_fields,
    check=_check,
    preview=_preview,
)
