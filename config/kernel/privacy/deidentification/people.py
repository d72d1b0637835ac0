"""People whom nobody told the engine of: by their titles, their relation to the patient, their part in a letter."""

import re
from collections.abc import Iterator

from config.kernel.privacy.deidentification.eponyms import EPONYMS, OF_MEDICINE
from config.kernel.privacy.deidentification.vocabulary import (
    ALSO_WORDS,
    CALLED,
    CREDENTIALS,
    LINKS,
    MORE_TITLES,
    RELATIONS,
    SALUTATIONS,
    SIGNED,
    SPEAKING,
    TITLES,
)
from config.kernel.privacy.deidentification.words import Words

_CLOSING = re.compile(
    r"(?im)^[ \t]*+(?:(?:kind|best|warm|with (?:best|kind|warm)|yours|sincerely|regards|respectfully|mfg\b"
    r"|mit [a-zäöü]{4,14}en"
    r"|hochachtungsvoll|freundliche|beste|herzliche|viele) ?|bien [àa-z]|cordialement|confraternellement"
    r"|amicalement|respectueusement"
    r"|veuillez|je vous|sentiments|avec mes|un (?:cordial )?saludo|un abrazo|atentamente|cordialmente|saludos"
    r"|reciba|fdo\b|gez\b"
    r"|signed|signature|unterschrift|firma\b|i\. ?[av]\. ?)[^\n]{0,60}$"
)
_COPY = re.compile(
    r"(?i)(?<![^\W\d_])(?:cc|c/c|copy to|copies to|copy|kopie an|kopie|nachrichtlich|verteiler|copies? [àa]|copie"
    r"|copia [apm]\w*|copia|z\. ?k\.)"
    r"(?![^\W\d_])[ \t]{0,4}:?"
)
_SPEAKER = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?:[ \t]?[ap]m)?\]?[ \t]{0,3}(?:[-–—][ \t]{0,3})?(?=[^\W\d_])")
_LINE = re.compile(r"(?m)^[ \t]*+(?=[^\W\d_])[^\n\d:;()/]{3,60}$")
_LINES_OF_SIGNATURE = 4
_MAX_LISTED = 6
_MAX_TITLES = 6
_BORN = frozenset({"born", "geb", "geboren", "nee", "ne", "nacido", "nacida"})
_DIGITS = re.compile(r"[ \t]{0,2}\([ \t]?\d{1,2}[^()\n]{0,12}\)")
_AND = frozenset({"and", "und", "et", "y", "e", "with", "mit", "avec", "con"})
_OF_SOMEBODY = frozenset(
    {"his", "her", "the", "their", "my", "seine", "ihre", "sein", "ihr", "die", "der"}
) | frozenset({"sa", "son", "la", "le", "ma", "mon", "su", "mi", "el", "une", "un", "una", "a", "an", "eine", "ein"})
_QUOTES = " \t\u00a0\"«»„“”‘’‚'(-–\n"
_REPLACED = (
    "repl",
    "remp",
    "sust",
    "subst",
    "relay",
    "follow",
    "suivi",
    "caus",
    "induc",
    "trait",
    "treat",
    "contr",
    "segu",
)


def people(words: Words) -> Iterator[tuple[int, int]]:
    """Where somebody is named, in no order, and wherever else in the text the same names stand."""
    found = list(_named(words))
    yield from (words.span(first, behind) for first, behind in found)
    yield from _elsewhere(words, found)


def titled_people(words: Words) -> Iterator[tuple[int, int]]:
    """Those behind a title alone."""
    yield from (words.span(first, behind) for first, behind in _with_titles(words))


def _named(words: Words) -> Iterator[tuple[int, int]]:
    for first, behind in _said(words):
        yield first, behind
        yield from _after_others(words, behind)


def _after_others(words: Words, behind: int) -> Iterator[tuple[int, int]]:
    """The names in full that stand behind another one, parted by commas or "and"."""
    for _ in range(_MAX_LISTED):
        at = behind
        if 0 < at < len(words) and words.plain[at] in _AND and words.gap(at - 1) in {" ", "\n", ", "}:
            at += 1
        elif words.gap(at - 1) not in {", ", ",\n"}:
            return
        behind = words.name_from(at)
        if (
            _capitals(words, at, behind) < 2
            or is_medical(words, at, behind)
            or not _is_written_as_name(words, at, behind)
        ):
            return
        yield at, behind


def _said(words: Words) -> Iterator[tuple[int, int]]:
    yield from _with_titles(words)
    yield from _relations(words)
    yield from _greeted(words)
    yield from _speaking(words)
    yield from _linked(words)
    yield from _labelled(words)
    yield from _accredited(words)
    yield from _in_letters(words)
    yield from _alone_in_lines(words)


def _elsewhere(words: Words, found: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The same words again, where they have a capital and are no term of medicine."""
    again = {
        words.plain[number]
        for first, behind in found
        for number in range(first, behind)
        if words.is_capital(number) and words.may_be_name(number) and len(words.plain[number]) > 1
    }
    again = again - EPONYMS - ALSO_WORDS
    for number in words.of(frozenset(again | {word + "s" for word in again if len(word) > 2})):
        # Two letters in capitals are a unit or a method more often than a name.
        if words.is_capital(number) and (len(words.plain[number]) > 2 or words.written[number][1:].islower()):
            yield words.span(number, number + 1)


def _with_titles(words: Words) -> Iterator[tuple[int, int]]:
    for number in words.of(TITLES):
        title = words.written[number]
        if not (words.is_capital(number) or len(title) > 3):
            continue
        at = number + 1
        while (
            at - number < _MAX_TITLES
            and at < len(words)
            and words.plain[at] in MORE_TITLES
            and words.gap(at - 1) in {" ", ". ", ".", "-", "/"}
        ):
            at += 1
        if at >= len(words) or words.gap(at - 1) not in {
            " ",
            ". ",
            ".",
            ".: ",
            ": ",
            "\n",
            ".\n",
            " \n",
            "  ",
            "/",
            ".  ",
        }:
            continue
        # In German, M. before an eponym is Morbus; small letters are no title.
        if len(title) == 1 and (words.plain[at] in EPONYMS or words.gap(number)[:1] != "."):
            continue
        behind = words.name_from(at, is_sure=True)
        if behind > at:
            yield at, behind
        elif words.is_initial(at) and words.gap(at)[:1] == ".":
            yield at, at + 1


def _relations(words: Words) -> Iterator[tuple[int, int]]:
    for number in words.of(RELATIONS):
        yield from _behind_relation(words, number)
        yield from _before_relation(words, number)
    for number in words.of(_BORN):
        yield from _before_relation(words, number)


def _behind_relation(words: Words, number: int) -> Iterator[tuple[int, int]]:
    at = number + 1
    while (
        at < len(words)
        and words.plain[at] in CALLED
        and at - number < 3
        and words.gap(at - 1) in {" ", "'", "’", ", ", "-"}
    ):
        at += 1
    if at >= len(words) or not _leads_on(words.gap(at - 1)):
        return
    if words.plain[at] in TITLES:
        return
    behind = words.name_from(at, most=4, is_sure=words.gap(at - 1) != "\n")
    for _ in range(_MAX_LISTED):
        if behind <= at or is_medical(words, at, behind):
            return
        yield at, behind
        at = _after_and(words, behind)
        behind = words.name_from(at, most=3, is_sure=True) if at else 0


def _after_and(words: Words, behind: int) -> int:
    """The number of the word behind "and", perhaps behind an age in brackets; 0 if there is none."""
    if behind + 1 >= len(words):
        return 0
    end = words.ends[behind - 1]
    aged = _DIGITS.match(words.text, end)
    between = words.text[aged.end() if aged else end : words.starts[behind]]
    if between.strip(" \n") == "," and words.may_be_name(behind, is_sure=True) and aged:
        return behind
    return behind + 1 if words.plain[behind] in _AND and between.strip(" \n,") == "" else 0


def _before_relation(words: Words, number: int) -> Iterator[tuple[int, int]]:
    """``Mia (receptionist)``, ``Ruth, her sister``."""
    last = number - 1
    while last >= 0 and words.plain[last] in _OF_SOMEBODY and number - last < 3 and words.gap(last) == " ":
        last -= 1
    if last < 0 or words.gap(last) not in {" (", ", ", ",\n", "\n(", " (("}:
        return
    first = words.name_before(last + 1)
    if first <= last and not is_medical(words, first, last + 1):
        yield first, last + 1


def _greeted(words: Words) -> Iterator[tuple[int, int]]:
    for number in words.of(SALUTATIONS):
        if words.is_capital(number) and words.gap(number) in {" ", "  "}:
            behind = words.name_from(number + 1, is_sure=True)
            if behind > number + 1:
                yield number + 1, behind


def _speaking(words: Words) -> Iterator[tuple[int, int]]:
    for number in words.of(SPEAKING):
        if words.gap(number - 1) not in {" ", "\n"} or words.is_capital(number):
            continue
        first = words.name_before(number)
        if first < number and not is_medical(words, first, number) and words.written[first][1:2].islower():
            yield first, number


def _linked(words: Words) -> Iterator[tuple[int, int]]:
    """Two words or more that may be a name, behind a word that leads to somebody."""
    for number in words.of(LINKS):
        if words.gap(number).strip(_QUOTES) not in {"", ":"} or "\n\n" in words.gap(number):
            continue
        at = number + 1
        signed = words.plain[number] in {"by", "von", "par", "por"} and number and words.plain[number - 1] in SIGNED
        behind = words.name_from(at, comma=bool(signed), is_sure=bool(signed))
        least = 1 if signed or _is_done_by(words, number) else 2
        if (
            _capitals(words, at, behind) >= least
            and not is_medical(words, at, behind)
            and _is_written_as_name(words, at, behind)
        ):
            yield at, behind


def _is_done_by(words: Words, number: int) -> bool:
    """``fitted by``, ``ajusté par``: but what is replaced or treated is so by a medicine."""
    if words.plain[number] not in {"by", "par", "por"} or number == 0 or words.gap(number) != " ":
        return False
    done = words.plain[number - 1]
    return done.endswith(("ed", "e", "ee", "ado", "ada", "ido", "ida")) and not done.startswith(_REPLACED)


def _capitals(words: Words, first: int, behind: int) -> int:
    return sum(map(words.is_capital, range(first, behind)))


def _leads_on(gap: str) -> bool:
    """Whether what is between two words leaves the second one to be the name of the first."""
    return gap.strip(_QUOTES) in {"", ",", ":"} and "\n\n" not in gap and "   " not in gap


def _labelled(words: Words) -> Iterator[tuple[int, int]]:
    for number in words.of(SIGNED):
        between = words.gap(number)
        if (
            between.strip(" \t:./-\n")
            or "\n\n" in between
            or not (":" in between or len(between) > 1 or between == " ")
        ):
            continue
        at = number + 1
        if at < len(words) and words.plain[at] == "in" and between in {"/", ":", "/-"}:
            between = words.gap(at)
            at += 1
        behind = words.name_from(at, comma=True, is_sure=":" in between)
        is_sure = ":" in between or "  " in between or _capitals(words, at, behind) >= 2
        if behind > at and is_sure and not is_medical(words, at, behind):
            yield at, behind


def _accredited(words: Words) -> Iterator[tuple[int, int]]:
    for number in words.of(CREDENTIALS):
        if words.gap(number - 1) in {", ", ",\n", " (", "\n", " - ", " – "}:
            first = words.name_before(number)
            if _capitals(words, first, number) >= 2 and not is_medical(words, first, number):
                yield first, number


def _in_letters(words: Words) -> Iterator[tuple[int, int]]:
    for closing in _CLOSING.finditer(words.text):
        yield from _signatures(words, closing.end())
    for copy in _COPY.finditer(words.text):
        yield from _listed(words, words.at(copy.end()), copy.end())
    for speaker in _SPEAKER.finditer(words.text):
        at = words.at(speaker.end())
        at += at < len(words) and words.plain[at] in TITLES and words.gap(at) in {" ", ". "}
        behind = words.name_from(at, is_sure=True)
        if behind > at and words.gap(behind - 1)[:1] == ":":
            yield at, behind


def _signatures(words: Words, offset: int) -> Iterator[tuple[int, int]]:
    """The names at the start of the lines below a closing, and what is parted from them by a stroke."""
    lines, begun = 0, offset
    while lines < _LINES_OF_SIGNATURE and begun < len(words.text):
        end = words.text.find("\n", begun, begun + 200)
        end = end if end >= 0 else min(len(words.text), begun + 200)
        lines += bool(words.text[begun:end].strip())
        at, most = words.at(begun), words.at(end)
        while at < most:
            behind = min(words.name_from(at, comma=True), most)
            starts = words.gap(at - 1).strip(" ")[-1:] in {"\n", "/", "(", ",", "|", "", "\0"}
            if behind > at and starts and not is_medical(words, at, behind):
                yield at, behind
            at = max(behind, at + 1)
        begun = end + 1


def _listed(words: Words, at: int, offset: int) -> Iterator[tuple[int, int]]:
    """Names behind one another, parted by commas."""
    for _ in range(6):
        if at >= len(words) or words.text[offset : words.starts[at]].strip(" \t,;/\n.-·•") != "":
            return
        at += at < len(words) and words.plain[at] in TITLES
        behind = words.name_from(at)
        if behind == at:
            return
        if not is_medical(words, at, behind):
            yield at, behind
        offset, at = words.ends[behind - 1], behind
        if words.text[offset : offset + 2].strip(" ") == "\n":
            return


def _alone_in_lines(words: Words) -> Iterator[tuple[int, int]]:
    """A line, or what is far from everything else in it, that is nothing but a name of two words or more."""
    for line in _LINE.finditer(words.text):
        if line.start() == 0:
            continue
        at, most = words.at(line.start()), words.at(line.end())
        behind = words.name_from(at, comma=True)
        if (
            behind == most
            and _capitals(words, at, behind) >= 2
            and not is_medical(words, at, behind)
            and not line[0].rstrip().endswith((".", "-"))
        ):
            yield at, behind


def is_medical(words: Words, first: int, behind: int) -> bool:
    """Whether what looks like a name is a term of medicine: an eponym, or beside a word of medicine."""
    around = (first - 2, first - 1, behind, behind + 1)
    beside = any(0 <= number < len(words) and words.plain[number] in OF_MEDICINE for number in around)
    inside = [words.plain[number] for number in range(first, behind)]
    if any(word in OF_MEDICINE for word in inside):
        return True
    if behind - first == 1 and inside[0] in EPONYMS:
        return True
    return (beside and any(word in EPONYMS for word in inside)) or all(word in EPONYMS for word in inside)


def _is_written_as_name(words: Words, first: int, behind: int) -> bool:
    """With small letters behind the capital, or all in capitals and parted by a comma."""
    written = [words.written[number] for number in range(first, behind)]
    return any(word[1:2].islower() for word in written) or any(
        "," in words.gap(number) for number in range(first, behind - 1)
    )
