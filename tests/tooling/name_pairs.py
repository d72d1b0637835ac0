"""Accounts and papers of ``tests/corpora/names``: read, compared as an upload is, and counted by their truth."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cases.domain.documents.identity_marks import marks_in
from cases.domain.documents.identity_match import IdentityCheck, Known, check_identity, facility_key, national_key

FOLDER = Path(__file__).parents[1] / "corpora" / "names"
_JOINED = ("hans", "kore")


@dataclass(frozen=True, kw_only=True)
class Pair:
    """One account and one paper; ``truth`` is own, stranger or name_only."""

    id: str
    full_name: str
    birth_date: date
    sex: str
    number: str
    paper: str
    truth: str
    why: str


def pairs_of(name: str) -> Iterator[Pair]:
    """The pairs of a file of the corpus."""
    for line in (FOLDER / name).read_text("utf-8").splitlines():
        row = json.loads(line)
        account = row["account"]
        yield Pair(
            id=row["id"],
            full_name=_full_name(account["name"], row["id"][:4]),
            birth_date=date.fromisoformat(account["birth_date"]),
            sex=account["sex"],
            number=account["patient_number"] or "",
            paper=row["paper"],
            truth=row["truth"],
            why=row["why"],
        )


def checked(pair: Pair) -> IdentityCheck:
    """The pair's paper against its account; a number is known from an earlier paper of the same house."""
    number = frozenset({"".join(filter(str.isalnum, pair.number)).upper()})
    marks = marks_in([pair.paper])
    givers = (facility_key(marks.facility), *(national_key(kind) for kind, _ in marks.national))
    known = Known(pair.full_name, pair.birth_date, pair.sex, dict.fromkeys(givers, number) if pair.number else {})
    return check_identity(texts=[pair.paper], known=known)


def counted(pairs: Iterable[Pair]) -> Mapping[str, Counter[str]]:
    """How often each truth got each answer."""
    found: dict[str, Counter[str]] = {}
    for pair in pairs:
        found.setdefault(pair.truth, Counter())[checked(pair).match] += 1
    return found


def _full_name(name: Mapping[str, str], script: str) -> str:
    """As people of that script write it: Chinese and Koreans in one word, these and the Japanese the family first."""
    family, given = name["family"], name["given"]
    if family.isascii() or script not in (*_JOINED, "jpan"):
        return f"{given} {family}".strip()
    return f"{family}{given}" if script in _JOINED else f"{family} {given}"
