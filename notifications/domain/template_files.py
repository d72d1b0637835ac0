"""Files of another system's Handlebars templates: what each is, and which values it asks for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

from notifications.domain.handlebars import Block, Text, Tree, Value
from notifications.domain.mail_texts import LANGUAGES

ENDINGS: Final = (".hbs", ".handlebars")
_WORD = re.compile(r"[a-z0-9]+")
_CHANNELS: Final = {
    **dict.fromkeys(("email", "emails", "mail", "mails"), "email"),
    **dict.fromkeys(("inapp", "app", "web", "notification"), "in_app"),
    "sms": "sms",
    "push": "push",
}
_SUBJECT: Final = frozenset({"subject", "title", "betreff", "asunto"})
_LANGUAGES: Final = {"english": "en", "deutsch": "de", "german": "de", "espanol": "es", "spanish": "es"} | {
    code: code for code in LANGUAGES
}
# Say how a file is written, not what it is.
_FORMATS: Final = frozenset(
    {"txt", "text", "plain", "html", "htm", "body", "template", "templates", "tpl", "us", "gb", "at", "ch"}
)
# What a value's name tells of its type; the first that fits.
_TYPES: Final = (
    (("link", "url", "href"), "link"),
    (("support", "contact", "helpdesk"), "support_contact"),
    (("platform", "platformname", "appname", "productname", "sitename"), "platform"),
    (("hours",), "hours"),
    (("date", "day", "datum", "fecha"), "date"),
    (("time", "uhrzeit", "hora"), "time"),
    (("count", "total", "number", "num", "amount", "quantity", "anzahl"), "count"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class FilePlace:
    """Which part of which template a file is; ``html``: a mail written as a page."""

    code: str
    channel: str
    language: str
    part: str
    html: bool


@dataclass(slots=True)
class Wanted:
    """The values that texts ask for: by path, with their type or ``None`` where the name tells none."""

    types: dict[str, str | None] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)
    holders: set[str] = field(default_factory=set)


def place_of_file(path: PurePosixPath) -> FilePlace | None:
    """Read from the words of its path: channel, language and part; what is left is the code. ``None``: no template."""
    if path.suffix not in ENDINGS:
        return None
    words = [word for part in path.with_suffix("").parts for word in _WORD.findall(_plain(part))]
    channel, language, part, html, code = "", "en", "text", False, []
    for word in words:
        if word in _CHANNELS:
            # The folder says it before the name does: in_app/emailVerification.
            channel = channel or _CHANNELS[word]
        elif word in _LANGUAGES:
            language = _LANGUAGES[word]
        elif word in _SUBJECT:
            part = "subject"
        elif word in _FORMATS:
            html = html or word in {"html", "htm"}
        elif word != "in":
            code.append(word)
    name = "_".join(dict.fromkeys(code))[:60]
    if not name or not name[0].isalpha():
        return None
    return FilePlace(code=name, channel=channel or "email", language=language, part=part, html=html)


def subject_and_text(source: str) -> tuple[str, str, int]:
    """A subject that stands in the first line, as ``Subject: …`` or in a comment; the text; and the lines before it."""
    first, _, rest = source.partition("\n")
    told = first.strip()
    if told.startswith("{{!"):
        told = told.removeprefix("{{!").removeprefix("--").removesuffix("}}").removesuffix("--").strip()
    if not told.lower().startswith("subject:"):
        return "", source, 0
    text = rest.lstrip("\r\n")
    return told[len("subject:") :].strip(), text, source[: len(source) - len(text)].count("\n")


def collect(tree: Tree, wanted: Wanted, prefix: str = "") -> None:
    """Add what a text asks for."""
    for node in tree:
        if isinstance(node, Text):
            continue
        path = _full(node.path, prefix)
        if isinstance(node, Value) and path:
            wanted.shown.add(path)
        elif isinstance(node, Block):
            inner = prefix
            if node.kind == "each" and path:
                inner = f"{path}[]"
                wanted.holders.add(path)
            elif path:
                wanted.asked.add(path)
            collect(node.body, wanted, inner)
            collect(node.otherwise, wanted, prefix)


def variables_in(wanted: Wanted) -> tuple[dict[str, str], tuple[str, ...]]:
    """Name and type of what is asked for, and the names whose type nobody can tell."""
    parents = {path.rpartition(".")[0] for path in wanted.shown | wanted.asked if "." in path}
    holders = wanted.holders | parents | {path.removesuffix("[]") for path in parents}
    variables: dict[str, str] = {}
    unknown = []
    for path in sorted((wanted.shown | wanted.asked) - holders):
        kind = _type_of(path)
        if path not in wanted.shown:
            # Only asked about: 1 or 0, or missing.
            variables[path] = f"{kind or 'count'}?"
        elif kind is None:
            unknown.append(path)
        else:
            variables[path] = f"{kind}?" if path in wanted.asked else kind
    return variables, tuple(unknown)


def _full(path: tuple[str, ...], prefix: str) -> str:
    if path[0].startswith("@"):
        return ""
    names = path[1:] if path[0] == "this" else path
    if names and names[-1] == "length":
        return ""
    return ".".join(part for part in (prefix, *names) if part)


def _type_of(path: str) -> str | None:
    last = path.removesuffix("[]").rpartition(".")[2]
    words = [word.lower() for word in _parts(last)]
    whole = "".join(words)
    for names, kind in _TYPES:
        if words[-1:] and (words[-1] in names or words[-1].removesuffix("s") in names or whole in names):
            return kind
    return "support_contact" if words[:1] == ["support"] else None


def _parts(name: str) -> Iterator[str]:
    """``appointmentDate`` and ``appointment_date`` by their words."""
    word = ""
    for sign in name:
        if sign == "_" or (sign.isupper() and word and not word[-1].isupper()):
            if word:
                yield word
            word = "" if sign == "_" else sign
        else:
            word += sign
    if word:
        yield word


def _plain(part: str) -> str:
    return "-".join(_parts(part)).lower()
