"""What is wrong with a mail's text that somebody writes, field by field."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from notifications.domain.mail_texts import COUNT, LANGUAGES, LINK, around_link
from notifications.domain.text_segments import MAX_SEGMENTS, segments

# With "Subject: " before it, a header line that no mail server folds.
MAX_SUBJECT_LENGTH = 60
MAX_TEXT_LENGTH = 2000
# What a locked screen shows; and the longest address of ours, of a case below a long name.
MAX_PUSH_LENGTH, MAX_LINK_LENGTH = 160, 120
_TAG = re.compile(r"[<>]|&#?\w+;")
# Places to fill in, as any of the usual languages of templates would write them.
_FILLED = re.compile(r"[{}\[\]]|\$[A-Za-z_(]|%\(")
_ADDRESS = re.compile(r"://|www\.|@|[\w-]{2}\.[a-z]{2}", re.IGNORECASE)
_NO_TAG = "Write plain words: no tags, no < or >, no entities."
_ONLY_LINK = f"Only {LINK} is filled in, and in the text alone: a mail names nobody, and nothing about health."
_NO_ADDRESS = f"Write no address of a page or a mailbox; {LINK} leads to the right page."
# A template fills in what it declares, and in the braces of Handlebars.
_NO_ADDRESS_IN_A_TEMPLATE = (
    "Write no address of a page or a mailbox; a variable of the type link, {{link}}, leads to the right one."
)
_NO_CONTROL = "It holds characters that nobody can see; type it again."


def text_faults(body: Mapping[str, Any], *, counts: bool = False) -> Iterator[tuple[str, str]]:
    """(field, what to change) of everything that is wrong; ``counts``: the number of news is filled in too."""
    for language, name in LANGUAGES.items():
        for field, faults in ((f"subject_{language}", _subject), (f"text_{language}", _text)):
            value = body.get(field)
            if not isinstance(value, str) or not value.strip():
                yield field, f"Write it in {name} too."
                continue
            for advice in faults(value.replace(COUNT, "12") if counts else value):
                yield field, advice
        for field, faults in ((f"sms_{language}", _sms), (f"push_{language}", _push)):
            value = body.get(field)
            # Missing, the release's words are said.
            if value:
                yield from ((field, advice) for advice in (faults(value) if isinstance(value, str) else (_NO_TAG,)))
    known = {f"{part}_{language}" for part in ("subject", "text", "sms", "push") for language in LANGUAGES}
    for field in sorted(body.keys() - known):
        yield field, f"A mail has no such part; its languages are: {', '.join(LANGUAGES)}."


def plain_faults(value: str) -> Iterator[str]:
    """What is wrong with the words of a template, its places to fill in apart."""
    if _TAG.search(value):
        yield _NO_TAG
    if _ADDRESS.search(value):
        yield _NO_ADDRESS_IN_A_TEMPLATE
    if any(unicodedata.category(sign).startswith("C") and sign not in "\r\n\t" for sign in value):
        yield _NO_CONTROL


def _subject(value: str) -> Iterator[str]:
    if len(value) > MAX_SUBJECT_LENGTH:
        yield f"A subject has at most {MAX_SUBJECT_LENGTH} characters; this one has {len(value)}."
    if len(value.splitlines()) > 1:
        yield "A subject is one line."
    yield from _words(value)


def _text(value: str) -> Iterator[str]:
    if len(value) > MAX_TEXT_LENGTH:
        yield f"A text has at most {MAX_TEXT_LENGTH} characters; this one has {len(value)}."
    lines = [line.strip() for line in value.splitlines()]
    if value.count(LINK) != 1 or LINK not in lines:
        yield f"Write {LINK} once, on a line of its own: it becomes the address where people go on."
    elif not around_link(value)[0]:
        yield f"Say before {LINK} what it is for."
    yield from _words(" ".join(lines).replace(LINK, " "))


def _sms(value: str) -> Iterator[str]:
    if value.count(LINK) != 1:
        yield f"Write {LINK} once: it becomes the address where people go on."
    yield from _words(value.replace(LINK, " "))
    parts = segments(value.replace(LINK, "x" * MAX_LINK_LENGTH))
    if parts > MAX_SEGMENTS:
        yield f"A text message has at most {MAX_SEGMENTS} parts; with its link this one has {parts}."


def _push(value: str) -> Iterator[str]:
    if len(value) > MAX_PUSH_LENGTH:
        yield f"A push notice has at most {MAX_PUSH_LENGTH} characters; this one has {len(value)}."
    yield from _words(value)


def _words(value: str) -> Iterator[str]:
    if _TAG.search(value):
        yield _NO_TAG
    if _FILLED.search(value):
        yield _ONLY_LINK
    if _ADDRESS.search(value):
        yield _NO_ADDRESS
    if any(unicodedata.category(sign).startswith("C") for sign in value):
        yield _NO_CONTROL
