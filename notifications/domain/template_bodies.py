"""A template as staff write it: a category, variables one a line, and a text for each channel and language."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from notifications.domain.handlebars import (
    Block,
    Fault,
    RenderingRefused,
    TemplateRefused,
    Text,
    Tree,
    Value,
    nodes,
    parse,
    render,
)
from notifications.domain.mail_check import MAX_SUBJECT_LENGTH, MAX_TEXT_LENGTH, plain_faults
from notifications.domain.mail_texts import LANGUAGES
from notifications.domain.template_lint import WHOLE, Vocabulary, branches, glued, word_faults
from notifications.domain.template_values import Leaf, Shape, Surroundings, ValuesRefused, filled, samples, shape_of
from notifications.domain.text_segments import MAX_SEGMENTS, segments

CHANNELS: Final = {"in_app": "In the app", "email": "E-mail", "sms": "Text message", "push": "Push"}
# A text message has no subject, and neither has what is read on the page.
WITH_SUBJECT: Final = frozenset({"email", "push"})
LANGUAGE: Final = "en"
# It does not leave the platform.
READ_HERE: Final = "in_app"
# As rendered: with lists of fifty items, if there are lists.
MAX_TEXT: Final = {"in_app": 5 * MAX_TEXT_LENGTH, "email": 5 * MAX_TEXT_LENGTH, "sms": 480, "push": 240}
# What stands for a value where only the words around it are looked at.
MARK: Final = "…"

_SINGLE_BRACES = re.compile(r"\{ ?([A-Za-z_][A-Za-z0-9_.]{0,60}) ?\}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What one channel says in one language, as Handlebars."""

    subject: str
    text: str


Texts = Mapping[str, Mapping[str, Words]]


def field_names() -> tuple[str, ...]:
    """Every field of a body, in the order in which it is written."""
    texts = (
        f"{channel}_{part}_{language}"
        for channel in CHANNELS
        for language in LANGUAGES
        for part in (("subject", "text") if channel in WITH_SUBJECT else ("text",))
    )
    return ("category", "variables", *texts)


def texts_of(body: Mapping[str, Any]) -> Texts:
    """Channel → language → words, of those that are written."""
    found: dict[str, dict[str, Words]] = {}
    for channel in CHANNELS:
        for language in LANGUAGES:
            text = str(body.get(f"{channel}_text_{language}") or "")
            subject = str(body.get(f"{channel}_subject_{language}") or "")
            if text.strip():
                found.setdefault(channel, {})[language] = Words(subject=subject, text=text)
    return found


def variables_of(written: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """``name: type`` of each line, and the lines that are none. A type may be written in words: support contact."""
    found: dict[str, str] = {}
    faults = []
    for number, line in enumerate(written.splitlines(), 1):
        if not line.strip():
            continue
        name, colon, kind = (part.strip() for part in line.partition(":"))
        if not (name and colon and kind):
            faults.append(f"Line {number}: write a name, a colon and a type, as visits[].date: date.")
        elif name in found:
            faults.append(f"Line {number}: {name[:60]} is there already.")
        else:
            found[name] = "_".join(kind.split())
    return found, tuple(faults)


@lru_cache(maxsize=1024)
def tree_of(source: str) -> Tree:
    """The tree of a text that was checked; texts are few, and each is rendered for many people."""
    return parse(source)


def body_faults(
    body: Mapping[str, Any], *, categories: frozenset[str], names: Vocabulary, around: Surroundings
) -> Iterator[tuple[str, str]]:
    """(field, what to change) of everything that is wrong."""
    for field in sorted(body.keys() - set(field_names())):
        yield field[:60], "A template has no such part."
    if body.get("category") not in categories:
        yield "category", f"Choose one of: {', '.join(sorted(categories))}."
    variables, faults = variables_of(str(body.get("variables") or ""))
    shape, more = shape_of(variables)
    yield from (("variables", told) for told in (*faults, *more))
    if not str(body.get(f"in_app_text_{LANGUAGE}") or "").strip():
        yield (
            f"in_app_text_{LANGUAGE}",
            "Write what people read on their page: every notice has that, in English first.",
        )
    found = [
        fault
        for channel in CHANNELS
        # Without right variables, nobody knows what may be filled in.
        for fault in _channel_faults(body, channel, None if faults or more else shape, names, around)
    ]
    yield from found
    if not (found or faults or more):
        yield from (("variables", told) for told in _unused(body, shape))


def _channel_faults(
    body: Mapping[str, Any], channel: str, shape: dict[str, Shape] | None, names: Vocabulary, around: Surroundings
) -> Iterator[tuple[str, str]]:
    parts = ("subject", "text") if channel in WITH_SUBJECT else ("text",)
    written = {
        (part, language): str(body.get(f"{channel}_{part}_{language}") or "")
        for part in parts
        for language in LANGUAGES
    }
    used = {language for (_, language), text in written.items() if text.strip()}
    if used and LANGUAGE not in used:
        yield f"{channel}_text_{LANGUAGE}", "Write it in English too; it is read where another language is missing."
    for (part, language), text in written.items():
        field = f"{channel}_{part}_{language}"
        if not text.strip():
            if language in used:
                yield field, f"Write the {part} too."
            continue
        found = _source_faults(text, (channel, part, language), shape, names, around)
        yield from ((field, told) for told in dict.fromkeys(found))


def _source_faults(
    text: str, place: tuple[str, str, str], shape: dict[str, Shape] | None, names: Vocabulary, around: Surroundings
) -> Iterator[str]:
    try:
        tree = parse(text)
    except TemplateRefused as refusal:
        yield from (str(fault) for fault in refusal.faults)
        return
    yield from _single_braces(tree)
    faults = [] if shape is None else list(_tree_faults(tree, shape))
    yield from faults
    yield from _words_faults(tree, place[0], names)
    if shape is not None and not faults:
        yield from _rendered_faults(tree, place, shape, around)


def _single_braces(tree: Tree) -> Iterator[str]:
    """What looks like a value and would reach people as it stands."""
    for node in nodes(tree):
        if isinstance(node, Text):
            for found in _SINGLE_BRACES.finditer(node.text):
                yield f"“{found[0]}” would be read as it stands: write {{{{{found[1]}}}}} to have it filled in."


def _unused(body: Mapping[str, Any], shape: dict[str, Shape]) -> Iterator[str]:
    """Variables whose values nobody would read. Asked of bodies without any other fault."""
    trees = [
        tree_of(one)
        for words in texts_of(body).values()
        for said in words.values()
        for one in (said.subject, said.text)
    ]
    used = {name for tree in trees for name in _outer_names(tree)}
    for name in shape:
        if name not in used:
            yield f"{name} stands in no text: take it out, or write it where it is to be filled in."


def _outer_names(tree: Tree) -> Iterator[str]:
    for node in tree:
        if isinstance(node, Value | Block):
            yield node.path[1] if node.path[0] == "this" and len(node.path) > 1 else node.path[0]
        if isinstance(node, Block):
            yield from _outer_names(node.otherwise)
            if node.kind != "each":
                yield from _outer_names(node.body)


def _tree_faults(tree: Tree, shape: Shape) -> Iterator[str]:
    for node, found in _paths(tree, shape):
        written = ".".join(node.path)
        if found is None:
            told = "no such variable is declared; outer ones are not seen within a list."
        elif isinstance(node, Value) and isinstance(found, dict | list):
            told = "this is no single value; name a part of it, or list it with {{#each}}."
        elif isinstance(node, Block) and node.kind == "each" and not isinstance(found, list):
            told = "only a list is listed; declare it with [] behind its name."
        else:
            continue
        yield str(Fault(node.line, node.column, f"{{{{{written[:60]}}}}}", told))


def _paths(tree: Tree, shape: Shape) -> Iterator[tuple[Value | Block, Shape | None]]:
    """Every path with what is declared for it, where it stands."""
    for node in tree:
        if isinstance(node, Value):
            yield node, _declared(node.path, shape)
        elif isinstance(node, Block):
            found = _declared(node.path, shape)
            yield node, found
            inner = found[0] if node.kind == "each" and isinstance(found, list) else shape
            yield from _paths(node.body, inner)
            yield from _paths(node.otherwise, shape)


def _declared(path: tuple[str, ...], shape: Shape) -> Shape | None:
    if path[0].startswith("@"):
        return Leaf("count")
    found: Shape | None = shape
    for name in path[1:] if path[0] == "this" else path:
        if isinstance(found, dict):
            found = found.get(name)
        elif isinstance(found, list) and name == "length":
            found = Leaf("count")
        else:
            return None
    return found


def _words_faults(tree: Tree, channel: str, names: Vocabulary) -> Iterator[str]:
    # Each piece, and what they say together. Further combinations are looked at when they are sent.
    said = [node.text for node in nodes(tree) if isinstance(node, Text)]
    said += [branches(tree, taken=True), branches(tree, taken=False)]
    for words in dict.fromkeys(said):
        yield from outward_faults(words, names) if channel != READ_HERE else plain_faults(words)
    if channel != READ_HERE:
        yield from (f"Line {line}, column {column}: {WHOLE}" for line, column in glued(tree))


def outward_faults(words: str, names: Vocabulary) -> Iterator[str]:
    """What is wrong with words that leave the platform; each value stands as a mark."""
    yield from plain_faults(words)
    yield from (f"“{found[:60]}”: {told}" for found, told in word_faults(words, names))


def _rendered_faults(
    tree: Tree, place: tuple[str, str, str], shape: dict[str, Shape], around: Surroundings
) -> list[str]:
    channel, part, language = place
    try:
        sample = filled(shape, samples(shape, around, longest=True), language, around)
        longest = render(tree, sample, html=False)
    except (RenderingRefused, ValuesRefused) as refusal:
        return [str(refusal)]
    return list(size_faults(longest, channel, part))


def size_faults(text: str, channel: str, part: str) -> Iterator[str]:
    """What is too long, or no line."""
    if part == "subject":
        if len(text) > MAX_SUBJECT_LENGTH:
            yield f"A subject has at most {MAX_SUBJECT_LENGTH} characters; this one may have {len(text)}."
        if len(text.splitlines()) > 1:
            yield "A subject is one line."
    elif channel == "sms" and segments(text) > MAX_SEGMENTS:
        yield f"A text message has at most {MAX_SEGMENTS} parts; this one may have {segments(text)}."
    elif len(text) > MAX_TEXT[channel]:
        yield f"It has at most {MAX_TEXT[channel]} characters; this one may have {len(text)}."
