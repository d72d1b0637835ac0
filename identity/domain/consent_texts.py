"""The consent texts, by purpose and version. A published version never changes: its hash is kept with each grant."""

import hashlib
from dataclasses import dataclass

PURPOSES = ("service", "sharing", "ai_processing", "release", "research")


@dataclass(frozen=True)
class ConsentText:
    """One published wording."""

    purpose: str
    version: str
    text: str

    @property
    def sha256(self) -> str:
        """Hash of the wording, hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()


_TEXTS = (
    ConsentText(
        "service",
        "1",
        "I ask for a written second opinion on the case that I describe. I understand that it rests on the records"
        " I provide, that nobody examines me, and that it does not replace the care of my treating doctors. In an"
        " emergency I call the emergency services.",
    ),
    ConsentText(
        "sharing",
        "1",
        "The specialist who accepts my case, and a peer reviewer where one is asked, may read my case and its"
        " documents for as long as they work on it. Every time somebody reads them is recorded and shown to me.",
    ),
    ConsentText(
        "ai_processing",
        "1",
        "Computer programs may read my documents to find laboratory values, medicines and possible interactions."
        " What they find is checked by my specialist before I see it. Before anything leaves this service for an"
        " outside provider, what identifies me is removed.",
    ),
    ConsentText(
        "release",
        "1",
        "When the opinion is signed, the report may be delivered to me electronically through this service.",
    ),
    ConsentText(
        "research",
        "1",
        "My case may be used for research and quality assurance after everything that identifies me is removed.",
    ),
)


def current_text(purpose: str) -> ConsentText | None:
    """The newest wording of a purpose; ``None`` for an unknown purpose."""
    return next((text for text in reversed(_TEXTS) if text.purpose == purpose), None)


def text_of(purpose: str, version: str) -> ConsentText | None:
    """One published wording."""
    return next((text for text in _TEXTS if (text.purpose, text.version) == (purpose, version)), None)


def current_texts() -> tuple[ConsentText, ...]:
    """The newest wording of every purpose."""
    return tuple(text for purpose in PURPOSES if (text := current_text(purpose)))
