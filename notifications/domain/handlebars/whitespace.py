"""White space as Handlebars takes it away: beside ``~``, and the rest of a line on which a block's tag stands alone.

Follows handlebars.js step by step: what stays there stays here, its oddities in a row of ``else if`` included.
"""

from dataclasses import dataclass, field

from notifications.domain.handlebars.scanner import SPACE, Source, Tag
from notifications.domain.handlebars.tree import Block, Node, Text, Tree, Value


@dataclass(slots=True)
class Words:
    """Text of which white space may be taken; ``original`` is what is asked for line ends."""

    original: str
    at: int
    value: str = ""
    cut_left: bool = False
    cut_right: bool = False

    def __post_init__(self) -> None:
        self.value = self.original


@dataclass(slots=True)
class Program:
    """What stands between two tags; ``chained``: an ``else if`` that stands for an ``else`` and a block in it."""

    body: list["Words | Tag | Branch"] = field(default_factory=list)
    chained: bool = False


Strip = tuple[bool, bool]


@dataclass(slots=True)
class Branch:
    """A block while it is read, with the ``~`` of its tags."""

    tag: Tag
    open_strip: Strip
    program: Program = field(default_factory=Program)
    inverse: Program | None = None
    inverse_strip: Strip = (False, False)
    close_strip: Strip = (False, False)


@dataclass(frozen=True, slots=True)
class _Strip:
    open: bool
    close: bool
    open_alone: bool = False
    close_alone: bool = False
    alone: bool = False


def tidied(program: Program, source: Source) -> Tree:
    """The tree, with the white space that is left."""
    _tidy(program, root=True)
    return _tree(program, source)


def _tidy(program: Program, *, root: bool = False) -> None:
    body = program.body
    for index, node in enumerate(body):
        if isinstance(node, Words):
            continue
        strip = _of_block(node) if isinstance(node, Branch) else _of_tag(node)
        left, right = _line_begins(body, index, root=root), _line_ends(body, index, root=root)
        if strip.close:
            _cut_right(body, index + 1, everything=True)
        if strip.open:
            _cut_left(body, index - 1, everything=True)
        if strip.alone and left and right:
            _cut_right(body, index + 1)
            _cut_left(body, index - 1)
        if isinstance(node, Branch) and strip.open_alone and left:
            _cut_right(node.program.body, 0)
            _cut_left(body, index - 1)
        if isinstance(node, Branch) and strip.close_alone and right:
            _cut_right(body, index + 1)
            last = (node.inverse or node.program).body
            _cut_left(last, len(last) - 1)


def _of_tag(tag: Tag) -> _Strip:
    return _Strip(tag.before, tag.after, alone=tag.kind == "comment")


def _of_block(block: Branch) -> _Strip:
    _tidy(block.program)
    program, inverse = block.program.body, block.inverse
    first = block.program
    if inverse is not None:
        _tidy(inverse)
        first = _only_block(inverse).program if inverse.chained else inverse
    strip = _Strip(
        block.open_strip[0],
        block.close_strip[1],
        open_alone=_line_ends(program, -1),
        close_alone=_line_begins(first.body, len(first.body)),
    )
    if block.open_strip[1]:
        _cut_right(program, 0, everything=True)
    if inverse is None:
        if block.close_strip[0]:
            _cut_left(program, len(program) - 1, everything=True)
        return strip
    _tidy_else(block, first, _only_block(inverse).program if inverse.chained else inverse)
    return strip


def _tidy_else(block: Branch, first: Program, last: Program) -> None:
    program = block.program.body
    if block.inverse_strip[0]:
        _cut_left(program, len(program) - 1, everything=True)
    if block.inverse_strip[1]:
        _cut_right(first.body, 0, everything=True)
    if block.close_strip[0]:
        _cut_left(last.body, len(last.body) - 1, everything=True)
    if _line_begins(program, len(program)) and _line_ends(first.body, -1):
        _cut_left(program, len(program) - 1)
        _cut_right(first.body, 0)


def _only_block(inverse: Program) -> Branch:
    block = inverse.body[0]
    if not isinstance(block, Branch):
        raise TypeError("an else if holds its block alone")
    return block


def _line_begins(body: list[Words | Tag | Branch], index: int, *, root: bool = False) -> bool:
    """Whether only blanks stand between the line's beginning and what is at ``index``."""
    if index < 1:
        return root
    before = body[index - 1]
    if not isinstance(before, Words):
        return False
    blanks = before.original[len(before.original.rstrip(SPACE)) :]
    whole_text = root and index == 1 and blanks == before.original
    return "\n" in blanks or whole_text


def _line_ends(body: list[Words | Tag | Branch], index: int, *, root: bool = False) -> bool:
    """Whether only blanks stand between what is at ``index`` and the line's end."""
    if index + 1 >= len(body):
        return root
    behind = body[index + 1]
    if not isinstance(behind, Words):
        return False
    blanks = behind.original[: len(behind.original) - len(behind.original.lstrip(SPACE))]
    whole_text = root and index + 2 == len(body) and blanks == behind.original
    return "\n" in blanks or whole_text


def _cut_right(body: list[Words | Tag | Branch], index: int, *, everything: bool = False) -> None:
    words = body[index] if index < len(body) else None
    if not isinstance(words, Words) or (not everything and words.cut_right):
        return
    old = words.value
    if everything:
        words.value = old.lstrip(SPACE)
    else:
        rest = old.lstrip(" \t")
        words.value = rest[2:] if rest.startswith("\r\n") else rest[1:] if rest[:1] in {"\r", "\n"} else rest
    words.cut_right = words.value != old


def _cut_left(body: list[Words | Tag | Branch], index: int, *, everything: bool = False) -> None:
    words = body[index] if 0 <= index < len(body) else None
    if not isinstance(words, Words) or (not everything and words.cut_left):
        return
    old = words.value
    words.value = old.rstrip(SPACE if everything else " \t")
    words.cut_left = words.value != old


def _tree(program: Program, source: Source) -> Tree:
    found: list[Node] = []
    for node in program.body:
        if isinstance(node, Words):
            if node.value:
                found.append(Text(node.value, *source.place(node.at)))
        elif isinstance(node, Branch):
            otherwise = _tree(node.inverse, source) if node.inverse is not None else ()
            place = source.place(node.tag.at)
            found.append(Block(node.tag.name, node.tag.path, _tree(node.program, source), otherwise, *place))
        elif node.kind == "value":
            found.append(Value(node.path, *source.place(node.at)))
    return tuple(found)
