"""What to write instead of what is outside the subset."""

from collections.abc import Sequence
from typing import Final

from notifications.domain.handlebars.limits import MAX_BRANCHES, MAX_DEPTH, MAX_SOURCE_BYTES

TOO_LONG: Final = f"A template has at most {MAX_SOURCE_BYTES} bytes; make it shorter."
TOO_DEEP: Final = (
    f"Blocks stand at most {MAX_DEPTH} deep in one another; ask for less, or in one condition after another."
)
TOO_MANY_BRANCHES: Final = f"A block has at most {MAX_BRANCHES} branches; make several blocks of it."
CONTROL: Final = "It holds a character that nobody can see; type it again."
BACKSLASH: Final = "A back-slash before braces is not read; leave it out, or write the words in another way."
NOT_CLOSED: Final = "This tag is not closed; write }} at its end, and no brace within."
BRACES: Final = "There is a brace too many behind the tag; write }} once, or a space before the next brace."
COMMENT: Final = "This comment is not closed; write --}} behind {{!--, or }} behind {{!."
EMPTY: Final = "Nothing stands between the braces; name what is to be filled in."
RAW: Final = "Values are always escaped; write {{name}} with two braces, and tags into the template itself."
RAW_BLOCK: Final = "Raw blocks are not read; write the words as they are, without double braces."
PARTIAL: Final = "Partials are not read; write the words here."
DECORATOR: Final = "Decorators and inline partials are not read; write the words where they are shown."
ELSE: Final = "Only {{else}} and {{else if name}} are read; put another block into the {{else}}."
INVERSE: Final = (
    "Write {{else}}; or {{#unless name}} … {{/unless}} for a block that is shown when something is missing."
)
WITH: Final = "with is not read; write whole paths, as {{visit.date}}."
CLOSING: Final = "A block is closed by its name alone, as {{/if}}."
OPENING: Final = "Name what is asked or listed: {{#if name}}, {{#unless name}}, {{#each names}}."
ONE_QUESTION: Final = "Only one name is asked or listed; put one block into another for more."
HELPER: Final = "Helpers are not called; give the value ready to be shown, and write its name alone."
HELPER_NAME: Final = "This word has a meaning of its own in Handlebars; call the value something else."
LITERAL: Final = "Write the word itself without braces, or the name of a value."
THIS: Final = "this stands alone or first, as {{this.date}}."
PARENT: Final = "Outer values are not seen from within; put what is needed into each item."
ROOT: Final = "Of the names with @ only @index, @key, @first and @last are read."
HERE: Final = "Write {{this}}, or the name alone."
SLASH: Final = "Write dots between names, as {{visit.date}}."
NAMES: Final = "A name has letters a to z, digits and underscores, and begins with no digit; dots stand between names."
PARAMETERS: Final = "Names for items are not read; write {{this}} or the item's own names, and @index."
SPACE_BEFORE: Final = "Write # or / directly behind the braces."


def of_block(inner: str) -> str:
    """For ``{{#…}}`` that is none of the known blocks."""
    if not inner:
        return OPENING
    if inner[0] == ">":
        return PARTIAL
    if inner[0] == "*":
        return DECORATOR
    name = inner.split()[0]
    if name == "with":
        return WITH
    return f"Only if, unless and each are read; write {{{{#if {name}}}}} or {{{{#each {name}}}}} if {name} is a value."


def of_arguments(name: str, words: Sequence[str]) -> str:
    """For a block that asks for nothing, or for more than one name."""
    if not words:
        return OPENING
    if "as" in words:
        return PARAMETERS
    joined = " ".join(words)
    if "(" in joined or '"' in joined or "'" in joined or "=" in joined:
        return HELPER
    return f"{ONE_QUESTION} ({name})"


def of_value(inner: str) -> str:
    """For what is no name."""
    first = inner[0]
    by_first = {
        "&": RAW,
        ">": PARTIAL,
        "*": DECORATOR,
        "^": INVERSE,
        "#": SPACE_BEFORE,
        "@": ROOT,
        "(": HELPER,
        '"': LITERAL,
        "'": LITERAL,
        "{": RAW,
    }
    if first in by_first:
        return by_first[first]
    if inner.startswith(".."):
        return PARENT
    if inner.startswith("/"):
        return SPACE_BEFORE
    if inner == "." or inner.startswith("./"):
        return HERE
    if any(sign in inner for sign in "('\"=|") or len(inner.split()) > 1:
        return HELPER
    if first.isdigit() or inner.lstrip("-").isdigit():
        return LITERAL
    return SLASH if "/" in inner else NAMES
