"""Units: from the printed spelling to UCUM, and how units of one kind are converted."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from analysis.domain import knowledge

_MICRO = str.maketrans({"µ": "u", "μ": "u", "×": "x", "·": "*", "∙": "*", "²": "2", "−": "-", "⁄": "/", "∕": "/"})
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_POWER = re.compile(
    r"^(?:x|\*)?(?:10)(?:\^|\*|\*\*|e|exp|hoch|\()?(?P<power>3|6|9|12)\)?/?(?P<per>u?[ln]|mm3|cmm|cumm)$"
)
_SUPER = re.compile(r"10(?P<power>[⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_IU = re.compile(r"^(?P<prefix>[munk]?)(?:ie|ui|iu|iu\.)(?=/|$)")
_PER_DAY = re.compile(r"/(?:24\s*(?:h|hr|hrs|std|stunden|hours|horas|heures)\.?|d|day|tag|dia|día|jour|j)$")
_VOLUME = {
    "l": "L",
    "lt": "L",
    "ltr": "L",
    "liter": "L",
    "litre": "L",
    "dl": "dL",
    "100ml": "dL",
    "ml": "mL",
    "ul": "uL",
    "nl": "nL",
    "pl": "pL",
    "mm3": "uL",
    "cmm": "uL",
    "cumm": "uL",
    "fl": "fL",
}
_AMOUNT = {
    **{name: name for name in ("kg", "g", "mg", "ug", "ng", "pg", "fg", "mol", "mmol", "umol", "nmol", "pmol", "fmol")},
    "mcg": "ug",
    "gm": "g",
    "gr": "g",
    "gms": "g",
    "meq": "meq",
    "mval": "meq",
    "mekv": "meq",
    "u": "U",
    "mu": "mU",
    "ku": "k[U]",
    "uu": "uU",
    "units": "U",
    "iu": "[IU]",
    "miu": "m[IU]",
    "uiu": "u[IU]",
    "kiu": "k[IU]",
    "ukat": "ukat",
    "nkat": "nkat",
    "mosm": "mosm",
    "osm": "osm",
    "mosmol": "mosm",
    "mmole": "mmol",
}
_OTHER = {"24h": "(24.h)", "kg": "kg", "mol": "mol", "mmol": "mmol", "g": "g", "h": "h"}
_COUNT = {
    "tsd": "10*3",
    "tsd.": "10*3",
    "th": "10*3",
    "thou": "10*3",
    "k": "10*3",
    "miles": "10*3",
    "mil": "10*3",
    "mio": "10*6",
    "mio.": "10*6",
    "mill": "10*6",
    "mill.": "10*6",
    "millones": "10*6",
    "millions": "10*6",
    "millionen": "10*6",
    "giga": "10*9",
    "gpt": "10*9",
    "g": "10*9",
    "tera": "10*12",
    "téra": "10*12",
    "tpt": "10*12",
    "t": "10*12",
    "million": "10*6",
    "thousand": "10*3",
    "m": "10*6",
    "mrd": "10*9",
    "zellen": "",
    "cells": "",
    "cell": "",
    "cel": "",
    "células": "",
    "celulas": "",
    "cellules": "",
    "leuko": "",
    "el": "",
    "": "",
    "elements": "",
    "éléments": "",
}
#: Single letters are counts in these volumes alone: elsewhere they are grams, or mean nothing.
_SMALL = frozenset({"ul", "mm3", "cmm", "cumm"})
_COUNTED_IN = {"g": {"l"}, "t": {"l"}, "m": _SMALL, "k": _SMALL, "th": _SMALL, "": _SMALL | {"nl", "pl", "fl"}}
_SCALE = {
    "k": Decimal(1000),
    "": Decimal(1),
    "m": Decimal("1e-3"),
    "u": Decimal("1e-6"),
    "n": Decimal("1e-9"),
    "p": Decimal("1e-12"),
    "f": Decimal("1e-15"),
    "d": Decimal("0.1"),
}
_UCUM = re.compile(r"(?P<count>10\*\d{1,2})?(?P<amount>[^/]*)/(?P<per>.+)")
_PREFIXED = re.compile(r"(?P<prefix>[kmunpfd]?)(?P<atom>g|mol|eq|osm|L|U|\[IU\]|\[U\]|IU|kat)(?P<note>\{\w+\})?")
_PLAIN: dict[str, tuple[str, Decimal]] = {
    "%": ("fraction", Decimal("0.01")),
    "L/L": ("fraction", Decimal(1)),
    "mm[Hg]": ("pressure", Decimal("0.133322")),
    "kPa": ("pressure", Decimal(1)),
    "s": ("time", Decimal(1)),
}
MAX_LENGTH = 24


def normal_unit(printed: str) -> str:
    """A printed unit without case, blanks and brackets, with one way to write micro, powers and international units."""
    text = _SUPER.sub(lambda found: f"10^{found['power'].translate(_RAISED)}", printed.translate({0xB2: 0xB2}))
    text = "".join(text.replace("³", "3").translate(_MICRO).casefold().split())
    if text[:1] in "([{" and text[-1:] in ")]}":
        text = text[1:-1]
    text = text.strip("[],;:").rstrip(".")
    if text.count("(") != text.count(")"):
        text = text.strip("()")
    text = text.replace("1,73", "1.73").replace("feu", "{feu}") if "1,73" in text or "feu" in text else text
    text = _PER_DAY.sub("/24h", text.replace("mc", "u", 1) if text.startswith("mcg") else text)
    return _IU.sub(lambda found: f"{found['prefix']}iu", text)


def ucum_of(printed: str) -> str | None:
    """The first UCUM unit that a print can mean; ``None`` when unknown."""
    found = ucums_of(printed)
    return found[0] if found else None


def ucums_of(printed: str) -> tuple[str, ...]:
    """Every UCUM unit that a print can mean: ``G/L`` is grams, and giga of cells."""
    return _ucums(printed, knowledge.release()) if 0 < len(printed) <= MAX_LENGTH else ()


@knowledge.per_release
def units() -> dict[str, str]:
    """UCUM units by normalised printed spelling, where the grammar does not give them."""
    return {normal_unit(row["printed"]): row["ucum"] for row in knowledge.rows("units")}


@lru_cache(maxsize=4096)
def _ucums(printed: str, release: str) -> tuple[str, ...]:
    del release  # part of the key: rows may change with it
    text = normal_unit(printed)
    known = units().get(text)
    found = [known] if known else []
    found += [unit for unit in (_counted(text), _divided(text)) if unit and unit not in found]
    if printed[:1] in "GT" and printed[1:2] == "/" and len(found) > 1:
        found.reverse()
    return tuple(found)


def _counted(text: str) -> str | None:
    """Cells per volume: powers of ten, words for thousands and millions, or nothing before the stroke."""
    power = _POWER.match(text)
    if power is not None:
        return f"10*{power['power']}/{_VOLUME.get(power['per'], 'L')}"
    amount, stroke, per = text.partition("/")
    if not stroke or per not in _VOLUME or amount not in _COUNT or per not in _COUNTED_IN.get(amount, _VOLUME):
        return None
    return f"{_COUNT[amount]}/{_VOLUME[per]}"


def _divided(text: str) -> str | None:
    amount, stroke, per = text.partition("/")
    if not stroke or amount not in _AMOUNT:
        return None
    below = _VOLUME.get(per) or _OTHER.get(per)
    return f"{_AMOUNT[amount]}/{below}" if below else None


@lru_cache(maxsize=1024)
def scale(ucum: str) -> tuple[str, Decimal] | None:
    """The kind of a unit and its size in the kind's own; ``None`` for a unit that converts to no other."""
    if ucum in _PLAIN:
        return _PLAIN[ucum]
    found = _UCUM.fullmatch(ucum)
    if found is None:
        return None
    below = _part(found["per"])
    if below is None or below[0] != "L":
        return None
    if not found["amount"]:
        count = Decimal(10) ** int(found["count"][3:]) if found["count"] else Decimal(1)
        return "cells", count / below[1]
    above = None if found["count"] else _part(found["amount"])
    if above is None:
        return None
    kind = "activity" if above[0] in ("U", "[IU]", "[U]", "IU", "kat") else above[0]
    factor = Decimal(60_000_000) if above[0] == "kat" else Decimal(1)
    return f"{kind} a litre", factor * above[1] / below[1]


def _part(text: str) -> tuple[str, Decimal] | None:
    found = _PREFIXED.fullmatch(text)
    return None if found is None else (found["atom"] + (found["note"] or ""), _SCALE[found["prefix"]])


def factor_between(ucum: str, other: str) -> Decimal | None:
    """What a value in ``ucum`` is multiplied with to be one in ``other``; ``None`` where they are of two kinds."""
    if ucum == other:
        return Decimal(1)
    left, right = scale(ucum), scale(other)
    if left is None or right is None or left[0] != right[0]:
        return None
    return left[1] / right[1]
