"""The texts of mails: those that the release brings, and which of them goes with which kind of notice.

To patients all news share one text, and so do most notices about an account: which kind it is would tell something of
the person. Who works here is told an offer from a deadline. Around each text stands a frame: who writes, and why.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from notifications.domain.kinds import KINDS, RECORDS_WANTED, Kind

LANGUAGES = {"en": "English", "de": "German", "es": "Spanish"}
# What is filled in: the link in every text, and in that of several pieces of news how many there are.
LINK, COUNT = "{link}", "{count}"
NEWS, ACCOUNT, WORK, SUMMARY = "news", "account", "work", "summary"
AT_WORK = frozenset({WORK, "offer", "deadline", "practice"})
RELEASE = 0


@dataclass(frozen=True)
class MailText:
    """What one mail says in one language, and since which version (``RELEASE``: the release's own words)."""

    code: str
    version: int
    language: str
    subject: str
    text: str

    def counting(self, pieces: int) -> "MailText":
        """The text with the number of pieces of news that it tells of."""
        return replace(self, text=self.text.replace(COUNT, str(pieces)))


@dataclass(frozen=True, kw_only=True)
class MailFrame:
    """What stands around a text, in its language: who writes from where, why to this address, the button's words."""

    origin: str
    why: str
    button: str
    stop: str


@cache
def release_texts() -> dict[str, dict[str, str]]:
    """Subject and text of every mail in every language, by code: ``subject_en``, ``text_en``, …"""
    texts: dict[str, dict[str, str]] = json.loads(Path(__file__).with_name("mail_texts.json").read_text("utf-8"))
    return texts


@cache
def _frames() -> Any:
    return json.loads(Path(__file__).with_name("mail_frames.json").read_text("utf-8"))


def frame_of(text: MailText, host: str) -> MailFrame:
    """The frame of a mail that leads to ``host``."""
    frames, language = _frames(), text.language
    about = text.code if text.code in frames["why"] else WORK if text.code in AT_WORK else ACCOUNT
    group = NEWS if text.code == SUMMARY else about
    button = frames["button"].get(text.code) or frames["button"][ACCOUNT if group == ACCOUNT else NEWS]
    return MailFrame(
        origin=frames["from"][language].format(host=host),
        why=frames["why"][group][language],
        button=button[language],
        stop=frames["stop"][language],
    )


def code_of(kind: Kind, *, at_work: bool = False) -> str:
    """The code of the text that goes with a kind, to a patient or to somebody ``at_work`` here."""
    if kind.name in release_texts():
        return kind.name
    if kind.security:
        return ACCOUNT
    return (kind.mail or WORK) if at_work else NEWS


def kinds_with(code: str) -> tuple[Kind, ...]:
    """The kinds whose mail has this text; several pieces of news have one of their own."""
    mailed = [kind for kind in (*KINDS.values(), RECORDS_WANTED) if kind.email]
    if code == SUMMARY:
        return tuple(kind for kind in mailed if kind.folds)
    return tuple(kind for kind in mailed if code in {code_of(kind), code_of(kind, at_work=True)})


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
