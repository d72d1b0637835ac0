"""Where something stands that identifies people, and the text without it."""

import re
from collections.abc import Iterator

from config.kernel.privacy.deidentification.addresses import addresses
from config.kernel.privacy.deidentification.check import MASK, residual
from config.kernel.privacy.deidentification.contacts import contacts
from config.kernel.privacy.deidentification.dates import births, great_ages
from config.kernel.privacy.deidentification.houses import houses
from config.kernel.privacy.deidentification.identifiers import Identifiers, NotDeidentified
from config.kernel.privacy.deidentification.known_codes import known_codes, known_places
from config.kernel.privacy.deidentification.known_dates import known_days
from config.kernel.privacy.deidentification.known_names import known_names, known_words
from config.kernel.privacy.deidentification.labels import labelled
from config.kernel.privacy.deidentification.listed_names import listed_names
from config.kernel.privacy.deidentification.numbers import numbers
from config.kernel.privacy.deidentification.people import people, titled_people
from config.kernel.privacy.deidentification.words import Words

# A script in which no page of Latin letters is written: what stands in it there is a name, as its bearer writes it.
_OTHER_SCRIPT = re.compile(
    r"[^\W\d_\u0000-\u02ff\u0370-\u03ff\u1d00-\u1fff\u2000-\u2bff\ufb00-\ufb06\uff00-\uff5e]+"
    r"|[\u0370-\u03ff\u1f00-\u1fff]{4,}"
)
_FEW = 10


def masked_text(text: str, known: Identifiers) -> str:
    """The text with everything that identifies people masked, of the same length. Raises ``NotDeidentified``."""
    letters = list(text)
    for start, end in places(text, known):
        for index in range(start, end):
            if not letters[index].isspace():
                letters[index] = MASK
    masked = "".join(letters)
    left = residual(masked, known)
    if left:
        raise NotDeidentified(left)
    return masked


def without(text: str, known: Identifiers, *, instead: str) -> str:
    """The text with ``instead`` in place of everything that identifies people; nothing is checked afterwards.

    For readers inside, who are not to know whom they judge; what leaves is masked.
    """
    pieces, last = [], 0
    for start, end in sorted(places(text, known, are_listed=False)):
        if start >= last:
            pieces += [text[last:start], instead]
        last = max(last, end)
    return "".join((*pieces, text[last:]))


def places(
    text: str, known: Identifiers, *, is_letter: bool = True, are_listed: bool = True
) -> Iterator[tuple[int, int]]:
    """Where something stands that identifies people, in no order; places may overlap.

    In a text that is no letter about somebody, people are looked for by their titles alone. Names of lists
    (``are_listed``) are taken where a name too many does no harm.
    """
    words = Words(text)
    yield from labelled(text)
    yield from contacts(text)
    yield from numbers(text)
    yield from addresses(words)
    yield from births(text, known.dates)
    yield from great_ages(text)
    yield from houses(words)
    yield from people(words) if is_letter else titled_people(words)
    if is_letter and are_listed:
        yield from listed_names(words)
    yield from _other_scripts(text)
    yield from known_names(words, known.names)
    yield from known_words(words, known_places(known.codes, known.addresses))
    yield from known_codes(text, known.codes, known.addresses)
    yield from known_days(text, known.dates)


def _other_scripts(text: str) -> Iterator[tuple[int, int]]:
    """Words of another script on a page of Latin letters."""
    if text.isascii():
        return
    found = [one.span() for one in _OTHER_SCRIPT.finditer(text)]
    others = sum(end - start for start, end in found)
    if others * _FEW < sum(map(str.isalpha, text)):
        yield from (place for place in found if place[1] - place[0] > 1)
