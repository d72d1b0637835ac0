"""The second look: whether something known is left, found in another way than the masking finds it."""

import re

from config.kernel.privacy.deidentification.contacts import MAIL, PAGE
from config.kernel.privacy.deidentification.dates import written_dates
from config.kernel.privacy.deidentification.identifiers import Identifiers
from config.kernel.privacy.deidentification.known_names import elsewhere, is_small_name, is_whole, kept
from config.kernel.privacy.deidentification.vocabulary import TITLES
from config.kernel.privacy.deidentification.words import Words, folded

MASK = "#"
_MIN_DIGITS = 6
_MIN_INSIDE = 6
_LETTERS = re.compile(r"[^a-z]+")
_SMALL = re.compile(r"(?<![^\W_])[^\W\d_]{2}(?![^\W_])")
_BREAK = re.compile(r"[-‐‑\u00ad]\s*\n\s*")


def residual(text: str, known: Identifiers) -> str:
    """What is left of the known identifiers; empty if nothing."""
    if _has_name(_without_terms(text, known), known):
        return "name"
    if _has_code(text, known):
        return "code"
    born = frozenset(known.dates)
    if any(days & born for *_, days in written_dates(text)):
        return "date"
    return "rule" if any(MASK not in found[0] for rule in (MAIL, PAGE) for found in rule.finditer(text)) else ""


def _without_terms(text: str, known: Identifiers) -> str:
    """The text with nothing where a word that is also a name means something else."""
    pieces, last = [], 0
    for start, end in sorted(kept(Words(text), known.names)):
        pieces += [text[last:start], MASK]
        last = end
    return "".join((*pieces, text[last:]))


def _has_name(text: str, known: Identifiers) -> bool:
    plain = folded(text)
    if any(part in plain for name in known.names for part in elsewhere(name)):
        return True
    flat = _LETTERS.sub(" ", plain)
    words = f" {flat} {_LETTERS.sub(' ', _BREAK.sub('', plain))} "
    joined = flat.replace(" ", "")
    inside = "\n".join(_LETTERS.sub("", chunk) for chunk in plain.split() if not chunk.isalpha()) if known.names else ""
    small = {found[0] for found in _SMALL.finditer(text) if is_small_name(text, found[0], found.end())}
    for name in known.names:
        every = [part for part in _LETTERS.split(folded(name)) if part]
        parts = [part for part in every if is_whole(part)]
        if any(f" {part} " in words or (len(part) >= _MIN_INSIDE and part in inside) for part in parts):
            return True
        if any(
            len(each) > 1 and len("".join(each)) >= _MIN_INSIDE and "".join(each) in joined for each in (parts, every)
        ):
            return True
        if any(len(part) == 2 and part not in TITLES and part.title() in small for part in every):
            return True
    return False


def _has_code(text: str, known: Identifiers) -> bool:
    digits = re.sub(r"\D+", "", text)
    words = " ".join(re.findall(r"[a-z0-9]+", folded(text)))
    for code in (*known.codes, *known.addresses):
        wanted = re.sub(r"\D+", "", code)
        if len(wanted) >= _MIN_DIGITS and wanted in digits:
            return True
        if "@" in code and code.casefold() in text.casefold():
            return True
        whole = re.findall(r"[a-z0-9]+", folded(code))
        if len(whole) > 1 and f" {' '.join(whole)} " in f" {words} ":
            return True
    return False
