"""What the subset takes is rendered as handlebars.js renders it, letter for letter; what it does not take is explained.

`SOP_TEMPLATES` says how many random templates are tried.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest

from notifications.domain.handlebars import MAX_DEPTH, Fault, RenderingRefused, TemplateRefused, parse, render
from tests.notifications.handlebars.generated import CONSTRUCTS, Maker, outside
from tests.notifications.handlebars.oracle import Asked, handlebars

COUNT = int(os.environ.get("SOP_TEMPLATES", "300"))
BREAKS = ["", "{", "}", "~", "{{", "}}", "#", "/", "!", "-", " ", ".", "\\"]
WRITTEN = Path(__file__).with_name("written.txt")
VALUES: tuple[dict[str, Any], ...] = (
    {},
    {
        "name": "Ana",
        "person": {"first": "Ana", "last": "Ruiz", "address": {"street": "C/ Mayor 1", "city": "Jaén"}},
        "link": "https://x.example/?a=1&b=2",
        "note": "5 < 6 & \"7\" 'x' `y` a=b",
        "count": 3,
        "zero": 0,
        "total": 12.5,
        "paid": True,
        "urgent": False,
        "names": ["Eva", "<Tom>", "Zoë"],
        "nothing": [],
        "empty": None,
        "visits": [
            {"date": "1 May", "time": "10:00", "online": True},
            {"date": "2 May", "time": "11:30", "online": False},
        ],
        "settings": {"a": 1, "b": "<two>", "10": "x", "2": "y"},
        "groups": [{"title": "A", "members": ["x", "y"]}, {"title": "B", "members": []}, {"title": None}],
        "author": True,
        "license": "",
        "paragraphs": ["p1", "p2"],
        "mixed": [None, 0, "", "x", False, None, []],
        "matrix": [[1, 2], [3], []],
        "date": "3 May",
        "time": "9:00",
        "hours": 2,
        "platform": "P",
        "online": True,
        "one": False,
        "lines": [{"text": "T", "amount": 1.0, "free": True}, {"text": "<U>", "amount": 0.3}],
        "title": "outer",
        "firstName": "F",
        "LastName": "L",
        "line1": 1,
        "line_2": 2,
        "_private": "p",
        "elsewhere": "e",
        "iffy": 1,
        "trueish": "t",
    },
    {
        "name": "",
        "paid": False,
        "urgent": True,
        "count": 0,
        "names": [],
        "visits": [],
        "note": "<script>",
        "zero": "0",
        "online": False,
        "person": None,
        "settings": {},
        "groups": [],
        "one": True,
        "empty": {},
        "author": None,
        "license": "x",
        "nothing": {"k": []},
        "total": 1e21,
        "link": "",
        "mixed": [[None], {}],
        "matrix": [],
    },
)


def written() -> dict[str, str]:
    """Templates by their titles, as people write them who know Handlebars from its public description."""
    found = {}
    for part in WRITTEN.read_text("utf-8").split("%% ")[1:]:
        title, _, source = part.partition("\n")
        source = source.removesuffix("\n")
        found[title] = source.replace("\n", "\r\n") if "windows" in title else source
    return found


def compared(asked: list[Asked]) -> list[str]:
    """Every template that is rendered otherwise than by handlebars.js."""
    wrong = []
    for one, theirs in zip(asked, handlebars(asked), strict=True):
        tree = parse(one.source)
        ours = tuple(render(tree, values, html=one.html) for values in one.values)
        if ours != theirs:
            wrong.append(f"{one.source!r}, html={one.html}\n  ours   {ours!r}\n  theirs {theirs!r}")
    return wrong


def test_random_templates_are_rendered_as_handlebars_js_does() -> None:
    maker, asked, held = Maker(7), [], Counter[str]()
    while len(asked) < COUNT:
        one = maker.asked()
        try:
            tree = parse(one.source)
            for values in one.values:
                render(tree, values, html=one.html)
        except (TemplateRefused, RenderingRefused):
            continue
        asked.append(one)
        held.update(maker.held)
    rare = {name: held[name] for name in CONSTRUCTS if held[name] < COUNT / 20}
    assert not rare, f"of {COUNT} templates too few hold these"
    wrong = compared(asked)
    assert not wrong, f"{len(wrong)} of {COUNT}\n" + "\n".join(wrong[:5])


def test_templates_that_people_wrote_are_rendered_as_handlebars_js_does() -> None:
    inside = {title: source for title, source in written().items() if _is_taken(source)}
    named_outside = {title for title in written() if title.endswith("is outside")}
    assert len(written()) >= 200
    assert not named_outside & set(inside)
    asked = [Asked(source=source, values=VALUES, html=html) for source in inside.values() for html in (True, False)]
    wrong = compared(asked)
    assert not wrong, "\n".join(wrong[:5])
    assert len(inside) >= 150, "what people write is mostly taken"


def test_what_people_wrote_beyond_the_subset_is_refused_with_advice_at_its_place() -> None:
    for title, source in written().items():
        faults = faults_in(source)
        assert faults or not title.endswith("is outside"), title
        assert all(len(fault.advice) > 15 and 1 <= fault.line <= source.count("\n") + 1 for fault in faults), title


def test_what_lies_outside_is_refused_with_advice() -> None:
    random, count = Random(11), max(2000, COUNT // 10)
    told = {source: faults_in(source) for source in (outside(random) for _ in range(count))}
    assert not [source for source, faults in told.items() if not faults]
    assert all(fault.advice and fault.line >= 1 and fault.column >= 1 for faults in told.values() for fault in faults)


def test_what_handlebars_js_refuses_the_subset_refuses() -> None:
    """Broken in any way: letters of templates taken away, put in or exchanged."""
    maker, random, asked = Maker(3), Random(5), []
    while len(asked) < max(150, COUNT // 10):
        letters = list(maker.asked().source)
        for _ in range(random.randint(1, 3)):
            at = random.randrange(len(letters) + 1)
            letters[at : at + random.randint(0, 2)] = random.choice(
                ["", "{", "}", "~", "{{", "}}", "#", "/", "!", "-", " ", ".", "\\"]
            )
        source = "".join(letters)
        if _is_taken(source):
            asked.append(Asked(source=source, values=(maker.values(),), html=True))
    broken = [one.source for one, answer in zip(asked, handlebars(asked), strict=True) if isinstance(answer, str)]
    assert not broken, broken[:5]
    wrong = [fault for fault in compared_where_possible(asked) if fault]
    assert not wrong, "\n".join(wrong[:5])


def compared_where_possible(asked: list[Asked]) -> list[str]:
    """As ``compared``, without those whose lists are too long for us."""
    kept = []
    for one in asked:
        try:
            render(parse(one.source), one.values[0], html=one.html)
        except RenderingRefused:
            continue
        kept.append(one)
    return compared(kept)


def faults_in(source: str) -> tuple[Fault, ...]:
    """What is told of a template that is refused; nothing of one that is taken."""
    try:
        parse(source)
    except TemplateRefused as refusal:
        return refusal.faults
    return ()


def _is_taken(source: str) -> bool:
    return not faults_in(source)


@pytest.mark.parametrize("kind", ["if", "unless", "each"])
def test_a_seventh_block_in_blocks_is_refused(kind: str) -> None:
    def nested(depth: int) -> str:
        return f"{{{{#{kind} x}}}}" * depth + "y" + f"{{{{/{kind}}}}}" * depth

    assert _is_taken(nested(MAX_DEPTH))
    with pytest.raises(TemplateRefused, match="deep"):
        parse(nested(MAX_DEPTH + 1))
