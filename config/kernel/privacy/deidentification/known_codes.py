"""Numbers, mail addresses, houses and addresses that the case holds, whatever signs part them and however spelt."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from config.kernel.privacy.deidentification.eponyms import EPONYMS, OF_MEDICINE, word_set
from config.kernel.privacy.deidentification.houses import GENERAL, KINDS
from config.kernel.privacy.deidentification.spelling import in_place, scanned_code
from config.kernel.privacy.deidentification.vocabulary import NAME_PARTICLES, TITLES, is_no_name
from config.kernel.privacy.deidentification.words import folded

_SIGN: Final = re.compile(r"\w")
_WORD: Final = re.compile(r"[^\W_]+")
_BETWEEN: Final = r"[\W_]{0,3}"
_MIN_PIECES: Final = 2
_MIN_DIGITS: Final = 5
_MIN_LOCAL_PART: Final = 5
_MIN_WORD: Final = 4
_MAX_HOUSE_WORDS: Final = 6
_MAX_PIECES: Final = 64
#: Where the signs that scanners confuse make a code of few signs a word, it is found as it is written.
_SCANNED_FROM: Final = 6
_PART: Final = re.compile(r"[,;\n]")
_STREET_KINDS: Final = {
    "street": "street|str|st",
    "road": "road|rd",
    "avenue": "avenue|ave|av|avda",
    "avenida": "avenida|avda|av",
    "avda": "avenida|avda|av",
    "av": "avenida|avenue|avda|ave|av",
    "lane": "lane|ln",
    "drive": "drive|dr",
    "boulevard": "boulevard|blvd|bd",
    "bd": "boulevard|bd",
    "court": "court|ct",
    "calle": "calle|cl|c",
    "plaza": "plaza|pza|pl",
    "place": "place|pl",
    "chemin": "chemin|ch",
    "platz": "platz|pl",
    "apartment": "apartment|apt",
    "apt": "apartment|apt",
}
#: Words of many addresses, which alone tell of none.
_OF_ADDRESSES: Final = word_set(
    "main high old new north south east west upper lower middle court house lodge villa garden gardens church station"
    " school mill park hill bridge market queen king victoria green cottage farm flat unit apt floor haupt bahnhof"
    " bahnhofstrasse hauptstrasse schulstrasse kirchstrasse dorfstrasse gartenstrasse hof markt kirche gare moulin"
    " mairie eglise ecole republique centre grande rue calle avenida avenue plaza place paseo camino carretera"
    " residence residencia urbanizacion barrio colonia strasse weg platz allee gasse ring ufer street road lane"
    " drive close way square terrace boulevard chemin impasse quai cours route mayor real principal centro etage"
    " bloc bloque piso"
    " puerta escalera batiment bajo izquierda derecha izda dcha esc bat appt"
)
_OF_MANY: Final = GENERAL | KINDS | NAME_PARTICLES | TITLES | _OF_ADDRESSES | EPONYMS | OF_MEDICINE


def known_codes(text: str, told: Iterable[str], addresses: Iterable[str] = ()) -> Iterator[tuple[int, int]]:
    """Where one of the codes or a part of one of the addresses stands."""
    codes, parts = tuple(told), tuple(part for address in addresses for part in _parts(address))
    if not codes and not parts:
        return
    plain = in_place(text)
    seen = scanned_code(plain)
    for pattern, is_scanned in _patterns(codes):
        for found in re.finditer(pattern, seen if is_scanned else plain):
            yield found.span()
    for part in dict.fromkeys(parts):
        for found in re.finditer(_of_part(part), plain):
            yield found.span()


def known_places(told: Iterable[str], addresses: Iterable[str]) -> frozenset[str]:
    """The words of houses and addresses that are theirs alone, to be found as names are."""
    houses = [code for code in told if not any(map(str.isdigit, code)) and "@" not in code]
    words = [word for house in houses if 1 < len(house.split()) <= _MAX_HOUSE_WORDS for word in _letters(house)]
    words += [word for address in addresses for word in _letters(address)]
    return frozenset(word for word in words if is_distinctive(word))


def is_distinctive(word: str) -> bool:
    """Whether a word of a house or an address is found alone: no kind of house or street, no word of the languages."""
    plain = folded(word)
    return (
        len(plain) >= _MIN_WORD
        and word[:1].isupper()
        and plain not in _OF_MANY
        and not is_no_name(plain, is_sure=False)
    )


def variants(code: str) -> Iterator[str]:
    """A code as a whole, its digits, a telephone as it is dialled at home, a mail address without its house."""
    yield code
    if "@" in code:
        local = code.partition("@")[0]
        if len(local) >= _MIN_LOCAL_PART:
            yield local
        return
    if ending := national(code):
        yield ending
    digits = re.sub(r"\D+", "", code)
    if len(digits) >= _MIN_DIGITS and len(digits) * 2 > len(re.sub(r"[\W_]", "", code)):
        yield digits
        if len(digits.lstrip("0")) >= _MIN_DIGITS:
            yield digits.lstrip("0")


def national(phone: str) -> str:
    """The last digits of a telephone number, which every way of dialling it ends with; nothing of what is none."""
    dialled = re.split(r"(?i)\s?(?:x|ext)", phone)[0]
    digits = re.sub(r"\D+", "", dialled)
    if not digits or re.search(r"[^\W\d_]", dialled):
        return ""
    return digits[-8:] if len(digits) > 8 else ""


def _patterns(codes: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """What to look for, and whether among signs that scanners confuse."""
    for one in dict.fromkeys(variant for code in codes for variant in variants(code)):
        plain = in_place(one)
        has_digits = any(map(str.isdigit, plain))
        pieces = (_SIGN if has_digits else _WORD).findall(plain.replace("_", ""))[:_MAX_PIECES]
        if len(pieces) < (_MIN_PIECES if has_digits or "@" not in one else 1) and "@" not in one and not _is_local(one):
            continue
        edge = ("(?<![^\\W_])", "(?![^\\W_])") if len("".join(pieces)) <= _SCANNED_FROM else ("", "")
        between = "[._-]{0,2}" if _is_local(one) else _BETWEEN
        yield edge[0] + between.join(map(re.escape, pieces)) + edge[1], False
        if has_digits and len(pieces) >= _SCANNED_FROM:
            yield _BETWEEN.join(scanned_code("".join(pieces))), True


def _is_local(one: str) -> bool:
    """What stands before the @ of a mail address: small letters, with nothing but points and strokes between."""
    return len(one) >= _MIN_LOCAL_PART and one.islower() and not re.search(r"[^\w.-]", one)


def _parts(address: str) -> Iterator[str]:
    """What stands between commas; and a street or a town without its number."""
    for part in (one.strip() for one in _PART.split(address)):
        yield part
        without = re.sub(r"\b(?:\w{0,4}\d\w{0,4}|bis|ter)\b", " ", part).strip(" .-/º°#")
        if without != part and any(is_distinctive(word) for word in _letters(without)):
            yield without


def _of_part(part: str) -> str:
    """A part of an address with its words short or long, and with two letters for one with dots."""
    pieces = [_of_word(word) for word in re.findall(r"[^\W\d_]+|\d+", in_place(_spelt(part)))]
    if not pieces or len(re.sub(r"[\W_]", "", part)) < _MIN_WORD:
        return r"(?!)"
    return r"(?<!\w)" + r"[\W_]{0,4}".join(pieces) + r"(?!\w)"


def _of_word(word: str) -> str:
    if kinds := _STREET_KINDS.get(word):
        return f"(?:{kinds})"
    for ending in ("strasse", "strase", "str"):
        if word.endswith(ending):
            return re.escape(word[: -len(ending)]) + r"[\W_]{0,2}(?:strasse|strase|str)"
    return re.sub(r"(?<=[aou])e", "e?", re.escape(word))


def _spelt(part: str) -> str:
    """Letters with dots as two, the second of which may be missing."""
    for letter, two in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("Ä", "Ae"), ("Ö", "Oe"), ("Ü", "Ue"), ("ß", "ss")):
        part = part.replace(letter, two)
    return part


def _letters(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text)
