"""Whose document is this? Name and birth date of the patient, looked for in what was read."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

Match = Literal["matched", "mismatched", "unknown"]
_LABELLED_NAME = re.compile(
    r"(?im)^\s*(?:patient(?:\s*name)?|name)\s*[:=]\s*(?P<name>[^\n|;]{3,80}?)(?:\s{2,}|\s*[|;]|$)"
)
_LABELLED_BIRTH = re.compile(
    r"(?i)\b(?:date of birth|birth ?date|d\.?o\.?b\.?|born|geb(?:oren|\.)?(?:\s+am)?)\s*[:=]?\s*"
    r"(?P<date>\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{4}|\d{1,2} [A-Za-z]{3,9} \d{4})"
)
_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d %B %Y", "%d %b %Y")


def match_identity(
    *, texts: Iterable[str], full_name: str, date_of_birth: date | None, header_name: str = "", header_birth: str = ""
) -> Match:
    """Compare a document with its patient.

    A labelled name or birth date of somebody else is a mismatch, whatever else fits. The patient's own name
    (in any order) or labelled birth date is a match. Neither is ``unknown``: a person must say.
    """
    joined = "\n".join(texts)
    names = [m["name"] for m in _LABELLED_NAME.finditer(joined)] + ([header_name] if header_name else [])
    births = [m["date"] for m in _LABELLED_BIRTH.finditer(joined)] + ([header_birth] if header_birth else [])
    own = _tokens(full_name)
    other_name = any(not _same_person(own, _tokens(name)) for name in names if _tokens(name))
    born = [possible for text in births if (possible := _dates(text))]
    other_birth = date_of_birth is not None and any(date_of_birth not in possible for possible in born)
    if other_name or other_birth:
        return "mismatched"
    named = bool(names) or (bool(own) and own <= _tokens(joined))
    return "matched" if named or (date_of_birth is not None and bool(born)) else "unknown"


def _same_person(own: frozenset[str], found: frozenset[str]) -> bool:
    """Every part of the shorter name stands in the longer: middle names and titles may be added or left out."""
    shorter, longer = sorted((own, found), key=len)
    return len(shorter) >= 2 and shorter <= longer


def _tokens(text: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKD", text.replace("^", " ")).encode("ascii", "ignore").decode().casefold()
    return frozenset(re.findall(r"[a-z]{2,}", plain))


def _dates(text: str) -> frozenset[date]:
    """Every date that the text may mean: 04/05/1961 is two."""
    found = set()
    for form in (*_FORMATS, "%Y%m%d"):
        try:
            found.add(datetime.strptime(text.strip(), form).date())  # noqa: DTZ007  a birth date has no zone
        except ValueError:
            continue
    return frozenset(found)
