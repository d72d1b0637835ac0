"""Names that many people bear, wherever they stand: a second net under what titles, roles and relations tell.

``given_names.txt`` and ``family_names.txt`` were gathered from the providers of Faker (MIT licence) for some eighty
countries; words of the four languages, of medicine and of medicines are left out, so that they stay readable.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from config.kernel.privacy.deidentification.eponyms import word_set
from config.kernel.privacy.deidentification.people import is_medical
from config.kernel.privacy.deidentification.words import Words

_HERE: Final = Path(__file__).parent
GIVEN: Final = frozenset((_HERE / "given_names.txt").read_text("utf-8").split())
FAMILY: Final = frozenset((_HERE / "family_names.txt").read_text("utf-8").split())
#: Half of a name of two, and an eponym or a word by itself: Ann-Marie, Jean-Pierre, Jan-Ole.
_HALVES: Final = word_set(
    "ann anne marie maria claude pierre paul luc jean ole jan anna eva lena rose grace may jo lou lee louis charles"
    " thomas daniel christian francois yves marc michel philippe jacques bernard henri rene noel ange simone"
)
_OTHER_HALVES: Final = GIVEN | _HALVES
_LISTED: Final = GIVEN | FAMILY
_MAX_WORDS: Final = 4


def listed_names(words: Words) -> Iterator[tuple[int, int]]:
    """Where a listed given name stands with what follows it, and a listed family name."""
    for number in words.of(GIVEN):
        if _is_written_as_name(words, number):
            first, behind = _before(words, number), words.name_from(number, most=_MAX_WORDS, is_sure=True)
            behind = max(behind, number + 1)
            yield words.span(number, number + 1) if is_medical(words, first, behind) else words.span(first, behind)
    for number in words.of(_HALVES):
        following = number + 1
        if (
            words.gap(number) not in {"-", "‑"}
            or following >= len(words)
            or words.plain[following] not in _OTHER_HALVES
        ):
            continue
        if words.is_capital(number) and words.is_capital(following):
            yield words.span(number, max(words.name_from(following, is_sure=True), following + 1))
    for number in words.of(FAMILY):
        if _is_written_as_name(words, number) and not is_medical(words, number, number + 1):
            yield words.span(number, number + 1)


def _is_written_as_name(words: Words, number: int) -> bool:
    """With one capital; or in capitals beside another listed name."""
    written = words.written[number]
    if not written[0].isupper():
        return False
    if written[1:].islower() or not written.isupper():
        return True
    return any(
        0 <= other < len(words)
        and words.written[other].isupper()
        and len(words.written[other]) > 1
        and words.plain[other] in _LISTED
        and words.gap(min(number, other)) in {" ", ", ", "-", ","}
        for other in (number - 1, number + 1)
    )


def _before(words: Words, number: int) -> int:
    """What is joined to the name by a hyphen (Ann-Marie), or is a family name that stands before it."""
    first = number
    while first and words.gap(first - 1) in {"-", "‑"} and words.is_capital(first - 1):
        first -= 1
    before = first - 1
    if before >= 0 and words.gap(before) in {", ", " "} and words.is_capital(before):
        is_family = words.plain[before] in FAMILY or (words.written[before].isupper() and words.may_be_name(before))
        if is_family and len(words.written[before]) > 1:
            first = before
    return first
