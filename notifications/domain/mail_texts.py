"""The texts of mails: those that the release brings, and which of them goes with which kind of notice.

All news share one text, and so do most notices about an account: which kind it is would tell something of the person.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from notifications.domain.kinds import KINDS, RECORDS_WANTED, Kind

LANGUAGES = {"en": "English", "de": "German", "es": "Spanish"}
# The one thing that is filled in.
LINK = "{link}"
NEWS, ACCOUNT = "news", "account"
RELEASE = 0


@dataclass(frozen=True)
class MailText:
    """What one mail says in one language, and since which version (``RELEASE``: the release's own words)."""

    code: str
    version: int
    language: str
    subject: str
    text: str


@cache
def release_texts() -> dict[str, dict[str, str]]:
    """Subject and text of every mail in every language, by code: ``subject_en``, ``text_en``, …"""
    texts: dict[str, dict[str, str]] = json.loads(Path(__file__).with_name("mail_texts.json").read_text("utf-8"))
    return texts


def code_of(kind: Kind) -> str:
    """The code of the text that goes with a kind."""
    return kind.name if kind.name in release_texts() else ACCOUNT if kind.security else NEWS


def kinds_with(code: str) -> tuple[Kind, ...]:
    """The kinds whose mail has this text."""
    return tuple(kind for kind in (*KINDS.values(), RECORDS_WANTED) if kind.email and code_of(kind) == code)


def language_of(locale: str) -> str:
    """The language that somebody is written to in; English when there is no text in theirs."""
    return locale if locale in LANGUAGES else "en"


def in_language(body: dict[str, str], language: str) -> tuple[str, str] | None:
    """Subject and text; ``None`` when the body was written before the language came."""
    subject, text = body.get(f"subject_{language}"), body.get(f"text_{language}")
    return (subject, text) if subject and text else None


def short_text(code: str, body: Mapping[str, str], channel: str, language: str) -> str:
    """What a text message (``sms``) or a push notice says: the body's words, else the release's of this or all news."""
    field, release = f"{channel}_{language}", release_texts()
    own = body.get(field) or release[code].get(field)
    return own or release[NEWS if any(not kind.security for kind in kinds_with(code)) else ACCOUNT][field]


def around_link(text: str) -> tuple[str, str]:
    """What stands before the link and what behind it. Nothing else in a text has a meaning."""
    before, _, after = "\n".join(text.splitlines()).partition(LINK)
    return before.strip(), after.strip()
