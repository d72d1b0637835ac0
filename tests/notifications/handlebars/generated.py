"""Random templates of the subset, with what each holds; and ones that lie outside it."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.notifications.handlebars.oracle import Asked

NAMES = (
    "name",
    "count",
    "link",
    "items",
    "who",
    "flag",
    "zero",
    "empty",
    "none",
    "price",
    "html",
    "words",
    "wide",
    "rows",
)
PATHS = (
    "who.first",
    "who.last.x",
    "who.none.y",
    "missing",
    "a.b.c",
    "this.name",
    "this.who.first",
    "items.length",
    "name.length",
    "words.length",
    "name.first",
)
INNER = ("this", "t", "n", "sub", "this.t", "this.n", "length", "this.sub.length")
DATA = ("@index", "@key", "@first", "@last")
SPACES = (
    "",
    " ",
    "\n",
    "\n\n",
    "  ",
    "\n  ",
    "  \n",
    "\r\n",
    "\t",
    " \r\n\t",
    "\u00a0",
    "\ufeff",
    "\v",
    "\x1c",
    "\x85",
    "\r",
    "\u2028",
)
WORDS = (
    "text",
    "a b",
    "{ one }",
    "}} two",
    "é",
    "שלום",
    "🎉x",
    "<b>&amp;</b>",
    "'\"`=",
    "$1 %s",
    "--}}",
    "e\u0301",
    "else",
    "a\nb",
    "{ {",
)
CONSTRUCTS = (
    "value",
    "path",
    "this",
    *DATA,
    "if",
    "unless",
    "each",
    "else",
    "else if",
    "each else",
    "two else ifs",
    "comment",
    "long comment",
    "~ before",
    "~ after",
    "~ on open",
    "~ on else",
    "~ on close",
    "~ on comment",
    "nesting 6",
    "alone on a line",
    "line end CR LF",
    "null",
    "markup in a value",
    "letters beyond ASCII",
    "length",
    "spaces in a tag",
    "list in list",
)


class Maker:
    """Makes templates from a seed; ``held`` are the constructs of the last one."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.held: set[str] = set()

    def asked(self) -> Asked:
        """A template of the subset with three sets of values."""
        self.held = set()
        chance = self.random.random()
        source = self._nest(6) if chance < 0.12 else self._program(0)
        if chance > 0.9:
            source = source.replace("\r\n", "\n").replace("\n", "\r\n")
        if "\r\n" in source:
            self.held.add("line end CR LF")
        if not source.isascii():
            self.held.add("letters beyond ASCII")
        values = tuple(self.values() for _ in range(3))
        return Asked(source=source, values=values, html=self.random.random() < 0.7)

    def values(self) -> dict[str, Any]:
        """Values of every kind that JSON has."""
        pick = self.random.choice
        items = [
            pick(
                [{"t": f"t{number}<", "n": number, "sub": pick([[1, 2], [], None])}, None, 0, "ü&", [1, [2, None]], {}]
            )
            for number in range(self.random.randint(0, 4))
        ]
        return {
            "name": pick(["Ana", "<b>", 'O\'Neil & "x"', "a=b`c", "", "ñandú 🎉", "\ufeff x \n"]),
            "count": pick([0, 1, 7, 10**15, -3, 2**53]),
            "link": "https://x.example/?a=1&b=2",
            "items": items,
            "who": pick([{"first": "A", "last": {"x": "Z"}, "none": None}, None, {}, "text", [1]]),
            "flag": pick([True, False]),
            "zero": pick([0, -0.0, 0.0]),
            "empty": "",
            "none": None,
            "price": pick([1.5, 2.0, 0.1, 1e21, 1e-7, 123456789.125, 1e16, 5e-324, 1.7976931348623157e308, 0.000001]),
            "html": "<p>&amp;</p>",
            "words": pick([[], [1, "a", None], ["x"], [[1, [2]], [], {}]]),
            "wide": pick(
                [{"b": 1, "a": "<"}, {"10": 1, "9": 2, "x": 3, "01": 4, "4294967295": 5, "-1": 6}, {}, {"length": 9}]
            ),
            "rows": [[1, 2], [], ["x"]],
            "length": pick([None, 4]),
            "t": "outer",
            "n": None,
            "sub": [3],
        }

    def _program(self, depth: int) -> str:
        return "".join(self._node(depth) for _ in range(self.random.randint(1, 4)))

    def _node(self, depth: int) -> str:
        chance = self.random.random()
        if chance < 0.22:
            return self._words()
        if chance < 0.34:
            return self.random.choice(SPACES)
        if chance < 0.52 or depth >= 6:
            return self._value()
        if chance < 0.62:
            return self._comment()
        if chance < 0.76:
            return self._alone(depth)
        return self._block(depth)

    def _words(self) -> str:
        # Two pieces of text beside one another make no tag together.
        return self.random.choice(WORDS) + " "

    def _path(self) -> str:
        chance = self.random.random()
        found = self.random.choice(
            NAMES if chance < 0.4 else PATHS if chance < 0.6 else INNER if chance < 0.8 else DATA
        )
        self.held.add("path" if "." in found else found if found in DATA or found == "this" else "value")
        held = {"length": "length" in found, "null": "none" in found, "list in list": found in {"rows", "sub"}}
        self.held |= {name for name, is_there in held.items() if is_there}
        if found in {"html", "name", "items"}:
            self.held.add("markup in a value")
        return found

    def _tag(self, before: str, inner: str, held: str) -> str:
        left, right = (self.random.random() < 0.2 for _ in "lr")
        if left:
            self.held |= {"~ before", held}
        if right:
            self.held |= {"~ after", held}
        room = self.random.choice(["", "", "", " ", "\n", "  "])
        if room:
            self.held.add("spaces in a tag")
        return f"{{{{{'~' * left}{before}{room}{inner}{room}{'~' * right}}}}}"

    def _value(self) -> str:
        return self._tag("", self._path(), "value")

    def _comment(self) -> str:
        left, right = ("~" if self.random.random() < 0.25 else "" for _ in "lr")
        if left or right:
            self.held.add("~ on comment")
        if self.random.random() < 0.5:
            self.held.add("comment")
            return f"{{{{{left}!{self.random.choice(['', ' c ', 'x{', '-', ' {{no ', ' a', chr(10)])}{right}}}}}"
        self.held.add("long comment")
        inner = self.random.choice(["", " d ", " }} ", " {{x}} ", "-", "\n", " -- "])
        return f"{{{{{left}!--{inner}--{right}}}}}"

    def _alone(self, depth: int) -> str:
        """A block or comment whose tags stand on lines of their own."""
        self.held.add("alone on a line")
        end = self.random.choice(["\n", "\n", "\r\n", " \n", "\t\r\n"])
        indent = self.random.choice(["", "  ", "\t"])
        if depth >= 6 or self.random.random() < 0.3:
            return f"{end}{indent}{self._comment()}{end}"
        return end + self._block(depth, f"{end}{indent}") + end

    def _nest(self, left: int) -> str:
        if left == 6:
            self.held.add("nesting 6")
        if not left:
            return self._value()
        kind = self.random.choice(["if", "unless", "each", "each"])
        path = {"if": "rows", "unless": "none", "each": "items"}[kind]
        self.held.add(kind)
        extra = self._value() if self.random.random() < 0.5 else self._words()
        return f"{{{{#{kind} {path}}}}}{extra}{self._nest(left - 1)}{{{{/{kind}}}}}{self.random.choice(SPACES)}"

    def _block(self, depth: int, around: str = "") -> str:
        kind = self.random.choice(["if", "if", "unless", "each", "each"])
        self.held.add(kind)
        parts = [self._tag("#", f"{kind} {self._path()}", "~ on open"), around, self._program(depth + 1), around]
        chains = self.random.choice([0, 0, 0, 1, 1, 2, 3])
        for _ in range(chains):
            self.held.add("else if")
            parts += [self._tag("", f"else{self._room()}if{self._room()}{self._path()}", "~ on else"), around]
            parts += [self._program(depth + 1), around]
        if chains > 1:
            self.held.add("two else ifs")
        if self.random.random() < 0.4:
            self.held |= {"else", "each else"} if kind == "each" else {"else"}
            parts += [self._tag("", "else", "~ on else"), around, self._program(depth + 1), around]
        return "".join((*parts, self._tag("/", kind, "~ on close")))

    def _room(self) -> str:
        return self.random.choice([" ", " ", "  ", "\n"])


def outside(random: Random) -> str:
    """A template with one thing in it that the subset does not have."""
    word = random.choice(["name", "visit", "items", "x1", "who.first", "größe"])
    wrong = random.choice(
        [
            "{{{%s}}}",
            "{{&%s}}",
            "{{~{%s}~}}",
            "{{> %s}}",
            "{{#> %s}}y{{/%s}}",
            '{{#*inline "%s"}}y{{/inline}}',
            "{{* %s}}",
            "{{#with %s}}y{{/with}}",
            "{{../%s}}",
            "{{@root.%s}}",
            "{{lookup %s 1}}",
            "{{log %s}}",
            "{{upper %s}}",
            "{{upper %s x=1}}",
            "{{#if (eq %s 1)}}y{{/if}}",
            "{{#if %s includeZero=true}}y{{/if}}",
            "{{#each %s as |a b|}}y{{/each}}",
            "{{{{raw}}}}%s{{{{/raw}}}}",
            "\\{{%s}}",
            "{{#%s}}y{{/%s}}",
            "{{^%s}}y{{/%s}}",
            "{{#if %s}}y{{^}}z{{/if}}",
            "{{#if %s}}y{{else unless z}}z{{/if}}",
            "{{./%s}}",
            "{{%s/x}}",
            "{{%s.[0]}}",
            "{{[%s]}}",
            "{{%s.0}}",
            "{{%s-y}}",
            '{{"%s"}}',
            "{{'%s'}}",
            "{{#if true}}%s{{/if}}",
            "{{#if 1}}%s{{/if}}",
            "{{null}}%s",
            "{{#if %s}}",
            "{{/if}}%s",
            "{{#if %s}}y{{/each}}",
            "{{else}}%s",
            "{{%s",
            "{{%s}",
            "{{%s}}}",
            "{{}}%s",
            "{{#if}}%s{{/if}}",
            "{{#if %s y}}z{{/if}}",
            "{{#if %s}}a{{else}}b{{else}}c{{/if}}",
            "{{!-- %s }}",
            "{{! %s }",
            "{{ #if %s}}y{{/if}}",
            "{{.}}%s",
            "{{each}}%s",
            "{{this.this}}%s",
            "{{if}}%s",
            "{{@root}}%s",
            "{{%s.@index}}",
            "{{%s~ }}",
        ]
    )
    return (
        random.choice(["", "a ", "{{x}} ", "\n", "{{#if y}}z{{/if}}"])
        + wrong.replace("%s", word)
        + random.choice(["", " b", "\n"])
    )
