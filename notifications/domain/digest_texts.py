"""What a digest says: how many pieces of news there are, about how many cases, and where to read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from notifications.domain.mail_texts import LINK, RELEASE, MailText, language_of

CODE: Final = "digest"
# So many cases are counted each for itself; of more nobody reads the list.
MAX_CASES: Final = 5


@dataclass(frozen=True, kw_only=True)
class DigestCounts:
    """How many pieces of news each case has, most first, and how many are about none."""

    by_case: tuple[int, ...] = ()
    others: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_case) + self.others


@dataclass(frozen=True, kw_only=True)
class _Words:
    one: str
    many: str
    first: str
    next: str
    rest: str
    others: str
    before: str
    after: str


_WORDS: Final = {
    "en": _Words(
        one="1 piece of news for you",
        many="{n} pieces of news for you",
        first="{n} about one of your cases",
        next="{n} about another case",
        rest="{n} about {cases} more cases",
        others="{n} about your account and our service",
        before="What is new since your last summary:",
        after="You get this once a day because you chose so. To change it, open your account there.",
    ),
    "de": _Words(
        one="1 Neuigkeit für Sie",
        many="{n} Neuigkeiten für Sie",
        first="{n} zu einem Ihrer Fälle",
        next="{n} zu einem weiteren Fall",
        rest="{n} zu {cases} weiteren Fällen",
        others="{n} zu Ihrem Konto und unserem Dienst",
        before="Neu seit Ihrer letzten Zusammenfassung:",
        after="Das kommt einmal am Tag, weil Sie es so gewählt haben. Ändern können Sie es dort in Ihrem Konto.",
    ),
    "es": _Words(
        one="1 novedad para usted",
        many="{n} novedades para usted",
        first="{n} sobre uno de sus casos",
        next="{n} sobre otro caso",
        rest="{n} sobre {cases} casos más",
        others="{n} sobre su cuenta y nuestro servicio",
        before="Lo nuevo desde su último resumen:",
        after="Recibe esto una vez al día porque así lo eligió. Puede cambiarlo allí, en su cuenta.",
    ),
}


def digest_subject(counts: DigestCounts, locale: str) -> str:
    """One line: how many."""
    words = _WORDS[language_of(locale)]
    return words.one if counts.total == 1 else words.many.format(n=counts.total)


def digest_text(counts: DigestCounts, locale: str) -> MailText:
    """The mail of a digest."""
    language = language_of(locale)
    words = _WORDS[language]
    lines = "\n".join(f"- {line}" for line in _lines(words, counts.by_case, counts.others))
    text = f"{words.before}\n{lines}\n\n{LINK}\n\n{words.after}"
    return MailText(CODE, RELEASE, language, digest_subject(counts, locale), text)


def _lines(words: _Words, by_case: Sequence[int], others: int) -> list[str]:
    shown, rest = by_case[:MAX_CASES], by_case[MAX_CASES:]
    found = [(words.next if index else words.first).format(n=count) for index, count in enumerate(shown)]
    if rest:
        found.append(words.rest.format(n=sum(rest), cases=len(rest)) if len(rest) > 1 else words.next.format(n=rest[0]))
    if others:
        found.append(words.others.format(n=others))
    return found
