"""From a source to its tree."""

from dataclasses import dataclass

from notifications.domain.handlebars import advice
from notifications.domain.handlebars.limits import MAX_BRANCHES, MAX_DEPTH, TemplateRefused
from notifications.domain.handlebars.scanner import Source, Tag, pieces
from notifications.domain.handlebars.tree import Tree
from notifications.domain.handlebars.whitespace import Branch, Program, Words, tidied


@dataclass(slots=True)
class _Open:
    """A block that is not closed yet: its branches in order, and where text goes now."""

    branches: list[Branch]
    into: Program
    outer: Program
    ended: bool = False


def parse(text: str) -> Tree:
    """The tree of a template; raises ``TemplateRefused`` with every fault and its place."""
    source = Source(text)
    program = _program(source)
    if source.faults:
        raise TemplateRefused(source.faults)
    return tidied(program, source)


def _program(source: Source) -> Program:
    root = into = Program()
    stack: list[_Open] = []
    for piece in pieces(source):
        if not isinstance(piece, Tag):
            into.body.append(Words(piece[1], piece[0]))
        elif piece.kind in {"value", "comment"}:
            into.body.append(piece)
        elif piece.kind == "open":
            into = _opened(source, stack, piece, into)
        elif not stack:
            source.fault(piece.at, _shown(piece), "No block is open here; leave it out, or open one before.")
        elif piece.kind == "close":
            into = _closed(source, stack, piece)
        else:
            into = _other(source, stack[-1], piece)
    for block in stack:
        opening = block.branches[0].tag
        source.fault(opening.at, _shown(opening), f"This block is not closed; write {{{{/{opening.name}}}}}.")
    return root


def _opened(source: Source, stack: list[_Open], tag: Tag, outer: Program) -> Program:
    if len(stack) == MAX_DEPTH:
        source.fault(tag.at, _shown(tag), advice.TOO_DEEP)
    branch = Branch(tag, (tag.before, tag.after))
    outer.body.append(branch)
    stack.append(_Open([branch], branch.program, outer))
    return branch.program


def _other(source: Source, block: _Open, tag: Tag) -> Program:
    """An ``else`` or ``else if``."""
    if block.ended:
        source.fault(tag.at, _shown(tag), "This block has its {{else}} already; nothing of it comes after that.")
        return block.into
    if tag.kind == "chain" and len(block.branches) == MAX_BRANCHES:
        source.fault(tag.at, _shown(tag), advice.TOO_MANY_BRANCHES)
    last, strip = block.branches[-1], (tag.before, tag.after)
    last.inverse, last.inverse_strip = Program(), strip
    block.into = last.inverse
    if tag.kind == "else":
        block.ended = True
        return block.into
    # As in handlebars.js: the first one's end is the whole block's, each further one's is its own beginning.
    branch = Branch(tag, strip, close_strip=strip)
    last.inverse.body.append(branch)
    last.inverse.chained = True
    block.branches.append(branch)
    block.into = branch.program
    return block.into


def _closed(source: Source, stack: list[_Open], tag: Tag) -> Program:
    block = stack.pop()
    name = block.branches[0].tag.name
    if tag.name != name:
        told = f"{{{{#{name}}}}} of line {source.place(block.branches[0].tag.at)[0]} is open; write {{{{/{name}}}}}."
        source.fault(tag.at, _shown(tag), told)
    for branch in block.branches[:2]:
        branch.close_strip = tag.before, tag.after
    return block.outer


def _shown(tag: Tag) -> str:
    path = ".".join(tag.path)
    written = {"open": f"#{tag.name} {path}", "close": f"/{tag.name}", "else": "else", "chain": f"else if {path}"}
    return f"{{{{{written.get(tag.kind, path).strip()}}}}}"
