"""Plain text made fit for print: no markup, no control characters, a visible note for a missing glyph."""

from __future__ import annotations

import unicodedata
from collections.abc import Container
from itertools import groupby
from xml.sax.saxutils import escape

_JOINERS = frozenset("\u200b\u200c\u200d\u2060\ufe0e\ufe0f\u00ad")
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
_SPACES = frozenset({"\t", "\u2028", "\u2029", "\u0085", "\x0b", "\x0c"})


class Printer:
    """Turns text into paragraph markup for a font that has the glyphs of `covered` (code points).

    Emoji are named; letters of scripts the font lacks, and of right-to-left scripts (the PDF library cannot
    order them), become a bracketed note. `gaps` counts the characters replaced; the report says how many.
    """

    def __init__(self, covered: Container[int]) -> None:
        self._covered = covered
        self.gaps = 0

    def plain(self, text: str) -> str:
        """One line per line of the text, every character printable, not escaped."""
        text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
        return "".join(self._run(kind, "".join(run)) for kind, run in groupby(text, key=self._kind)).strip()

    def markup(self, text: str) -> str:
        """The same, escaped for a reportlab paragraph, line ends kept."""
        return escape(self.plain(text)).replace("\n", "<br/>")

    def paragraphs(self, text: str) -> list[str]:
        """Markup of each paragraph; an empty line ends one."""
        blocks = self.plain(text).split("\n\n")
        return [escape(block.strip()).replace("\n", "<br/>") for block in blocks if block.strip()]

    def _kind(self, char: str) -> str:
        if char == "\n":
            return "keep"
        category = unicodedata.category(char)
        if char in _SPACES or category == "Zs":
            return "space"
        # Format characters go too: an override of the writing direction can make a text look like another.
        if char in _JOINERS or category in {"Cc", "Cf", "Cs", "Cn"}:
            return "drop"
        if ord(char) in self._covered and unicodedata.bidirectional(char) not in _RIGHT_TO_LEFT:
            return "keep"
        return f"{'symbol' if category.startswith('S') else 'script'}:{_script(char)}"

    def _run(self, kind: str, run: str) -> str:
        if kind == "keep":
            return run
        if kind == "space":
            return " " * len(run)
        if kind == "drop":
            return ""
        self.gaps += len(run)
        if kind.startswith("symbol:"):
            return "".join(f"[{unicodedata.name(char, f'U+{ord(char):04X}').lower()}]" for char in run)
        return f"[{len(run)} {_script(run[0])} character{'s' if len(run) > 1 else ''}, not printable here]"


def _script(char: str) -> str:
    first = unicodedata.name(char, "UNNAMED").split(" ")[0]
    return {"CJK": "Chinese/Japanese/Korean", "UNNAMED": "unknown"}.get(first, first.capitalize())
