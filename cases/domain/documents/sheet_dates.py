"""On which day a result was taken: by the dates that its own sheet prints, and never by one that means something else.

A birth, a next appointment, an admission or the day of printing dates no result. Of what is left the day of collection
counts first. 03/04/2026 is a day only where the sheet itself shows in which order it writes; else it stays as printed.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Final, Literal

from cases.domain.documents.plain_words import plain
from cases.domain.documents.written_dates import DATE, Order, order_shown, possible_dates

#: What a date says of a result: when it was taken, came in, was reported, or the date of the sheet as a whole.
Meaning = Literal["collected", "received", "dated", "reported", ""]

_RANK: Final[tuple[Meaning, ...]] = ("collected", "received", "dated", "reported")
_DATE = re.compile(rf"(?<![\w.,/-])(?:{DATE})(?![\w/]|[.-]\d)", re.IGNORECASE)
# 3.5-15 is a range, and no 3 May: both separators of a date are one.
_MIXED = re.compile(r"\d{1,2}([./-])\s?\d{1,2}(?!\1)[./-]")
# In a plain text (lower case, no accents); the first that is met decides.
_BIRTH = re.compile(
    r"birth|born|\bdob\b|\bd\. ?o\. ?b|\bgeb|naiss|\bnee? le|\bddn\b|nacim|nacid|\bf\.? ?(?:de )?nac|\*$"
)
_NO_RESULT = re.compile(
    r"print|druck|impr[ei]|\bnext|appoint|termin|\bcita\b|rendez|valid until|expir|gultig|accredit|akkredit|"
    r"admi(?:t|ss)|discharg|aufnahme|aufgenommen|entlass|ingres|\balta\b|hospitali|surgery|operat|\blast\b|since|seit\b|depuis|"
    r"desde|version|revision|\brev\b|upload|insur|versicher|order|auftrag|anforder|request|peticion|solicit|death|"
    r"verst|biops|\bct\b|\bmrt?\b|\bmri\b|rontgen|x-ray|\becho|endosc|gastrosc|gastrosk|colonosc|kolosk|\becg\b|\bekg\b|vaccin|impf"
)
# Papers in German and French write the day first, everywhere; English and Spanish ones do so in some countries only.
_DAY_FIRST = re.compile(r"\b(?:geburtsdatum|entnahme|befund|patientin|prelevements?|nee? le|ordonnance|resultats)\b")
_COLUMN = re.compile(r"^(?:tests?|analy[st]e|parameter|untersuchung|prueba|examen)$")
_MEANINGS: Final[tuple[tuple[Meaning, re.Pattern[str]], ...]] = (
    (
        "collected",
        re.compile(
            r"collect|\bdrawn|\btaken|obtained|entnahme|entnommen|abnahme|abgenommen|extrac|\btoma\b|tomad|prelev"
        ),
    ),
    ("received", re.compile(r"receiv|receipt|eingang|eingegangen|eingetroffen|recib|recep|\brecue?\b|arriv")),
    (
        "reported",
        re.compile(
            r"report|result|issued|validat|authori[sz]|released|befund|freigabe|freigegeben|validier|ausgang|informe|"
            r"emitid|emision|\bedite|compte|resultado|signed|verified|completed|ergebnis|"
            r"\banalitica\b|\banalisis de$|\bbilan\b|\banalyses? (?:de|du)$|\blaborwerte\b"
        ),
    ),
    ("collected", re.compile(r"sampl|specimen|probe|material|muestra|echantillon")),
    (
        "dated",
        re.compile(r"\bdate|datum|fecha|\bvom$|\bden$|\ble$|\bam$|" + _COLUMN.pattern),
    ),
)
_EARLIER = re.compile(r"previous|\bprior\b|earlier|formerly|vorwert|vorbefund|zuvor|fruher|anterior|previo|precedent")
_LINKING = re.compile(r"(?:on|of|at|from|am|vom|den|le|el|del|de|du|the|date|datum|fecha|\W)*$")
_PLACE_BEFORE = re.compile(r"[^\W\d_][\w .'-]{1,40},")
_MAX_WORDS: Final = 6
_AFTER_DATE = re.compile(r"[\s\d:.,]*+(?:(?:uhr|h|hrs|am|pm|utc|[tz])[\s\d:.,]*+)?$", re.IGNORECASE)
_CELL = re.compile(r"[;|\t(]|  +")
_NOT_GIVEN = "no date given"
_FIRST_YEAR: Final = 1970


@dataclass(frozen=True)
class SheetDate:
    """``day`` is ``None`` where nothing is printed, or where what is ``printed`` can mean several days."""

    printed: str = ""
    day: date | None = None
    means: Meaning = ""


@dataclass(frozen=True)
class ResultPlace:
    """Characters ``start`` to ``end`` of a page's text."""

    page: int
    start: int
    end: int


@dataclass(frozen=True)
class _Seen:
    """A date at its place. ``loose`` ones may be the heads of columns; ``weak`` ones stand alone, without a label."""

    page: int
    start: int
    found: SheetDate
    loose: bool = False
    weak: bool = False


class SheetDates:
    """The dates of one document.

    ``latest`` is the day on which it was sent in: no result is younger. ``born`` is the patient's birth.
    """

    def __init__(self, pages: Iterable[tuple[int, str]], *, latest: date, born: date | None = None) -> None:
        self._texts = dict(pages)
        self._latest, self._born = latest, born
        # Of each page for itself: the next one may be another laboratory's, on the other side of an ocean.
        self._orders = {
            page: order_shown(written_in(text), known=born) or _order_by_language(text)
            for page, text in self._texts.items()
        }

    def of_result(self, place: ResultPlace) -> SheetDate:
        """The date of the result at this place: its line's own, else its page's, else the whole document's."""
        own = self._on_the_line(place)
        if own is not None:
            return own
        here = [one for one in self._seen if one.page == place.page]
        columns = [one for one in here if one.loose and one.start < place.start]
        if columns:
            return _undecided(columns)
        return _chosen(here, before=place.start) or _chosen(self._seen) or SheetDate()

    def of_document(self) -> date | None:
        """The day of the document as a whole, when it can be one day only."""
        found = _chosen(self._seen)
        return found.day if found else None

    @cached_property
    def _seen(self) -> tuple[_Seen, ...]:
        return tuple(one for page, text in self._texts.items() for one in self._in_page(page, text))

    def _in_page(self, page: int, text: str) -> Iterator[_Seen]:
        offset, above = 0, ""
        for line in text.split("\n"):
            dates = list(_DATE.finditer(line))
            for written, label in zip(dates, _labels(line, dates, above), strict=True):
                seen = self._of_sheet(page, written, label, line, alone=len(dates) == 1)
                if seen is not None:
                    yield replace(seen, start=offset + written.start())
            offset += len(line) + 1
            above = line if line.strip() else above

    def _of_sheet(self, page: int, written: re.Match[str], label: str, line: str, *, alone: bool) -> _Seen | None:
        """A date as one of the whole sheet; ``None`` for one that says nothing of it."""
        found, means = self._read(written[0], "", page), _meaning(label)
        if found is None or means is None:
            return None
        births = self._born is not None and self._born in possible_dates(written[0])
        if births and means != "collected":
            return None
        if not alone and (not label or _COLUMN.fullmatch(plain(label))):
            return _Seen(page, 0, found, loose=True)
        if means:
            return _Seen(page, 0, replace(found, means=means))
        # Beside a name it may be a birth, which is known not to be so only where the patient's is known.
        lonely = alone and _AFTER_DATE.match(line[written.end() :]) and (not label or _PLACE_BEFORE.fullmatch(label))
        return _Seen(page, 0, replace(found, means="dated"), weak=True) if lonely and self._born else None

    def _on_the_line(self, place: ResultPlace) -> SheetDate | None:
        """``None`` when the line names no date of the result."""
        text = self._texts.get(place.page, "")
        begin = text.rfind("\n", 0, place.start) + 1
        stop = text.find("\n", place.end)
        line = text[begin : len(text) if stop < 0 else stop]
        if _NOT_GIVEN in line:
            return SheetDate()
        at, end = place.start - begin, place.end - begin
        named = [one for written in _DATE.finditer(line) if (one := self._of_value(place.page, line, written, at, end))]
        if len(named) == 1:
            return named[0]
        if named:
            return SheetDate(" / ".join(one.printed for one in named))
        return SheetDate() if _EARLIER.search(plain(line[:end])) else None

    def _of_value(self, page: int, line: str, written: re.Match[str], at: int, end: int) -> SheetDate | None:
        """A date on a result's line, unless words between them make it another thing's."""
        if written.start() >= end and _EARLIER.search(plain(line[at : written.start()])):
            return None
        label = _last_cell(line[: written.start()] if written.start() < at else line[end : written.start()])
        meaning = _meaning(label)
        if meaning is None or not (meaning in ("collected", "received") or _LINKING.match(plain(label))):
            return None
        return self._read(written[0], "collected" if meaning in ("", "dated") else meaning, page)

    def _read(self, printed: str, means: Meaning, page: int) -> SheetDate | None:
        """``None`` for digits that are no date at all."""
        possible = possible_dates(printed)
        if not possible or _MIXED.match(printed):
            return None
        fitting = {day for day in possible if day.year >= _FIRST_YEAR and day <= self._latest}
        if len(fitting) > 1:
            fitting &= possible_dates(printed, order=self._order_of(printed, page))
        return SheetDate(" ".join(printed.split()), next(iter(fitting)) if len(fitting) == 1 else None, means)

    def _order_of(self, printed: str, page: int) -> Order | None:
        # Dotted dates put the day first, unless this very page shows otherwise.
        return self._orders.get(page) or ("day" if "." in printed else None)


def _order_by_language(text: str) -> Order | None:
    return "day" if _DAY_FIRST.search(plain(text)) else None


def written_in(text: str) -> Iterator[str]:
    """Every date of a text, as it is written there."""
    return (found[0] for found in _DATE.finditer(text))


def _labels(line: str, dates: Sequence[re.Match[str]], above: str) -> list[str]:
    """What stands before each date: on its line, or, where a line holds nothing but dates, in the line above."""
    if not dates:
        return []
    starts = [0, *(found.end() for found in dates[:-1])]
    labels = [_next_to(line[start : found.start()]) for start, found in zip(starts, dates, strict=True)]
    if any(labels) or not _AFTER_DATE.match(_DATE.sub("", line)):
        return labels
    heads = [cell.strip() for cell in re.split(r"\t|\||  +", above.strip()) if cell.strip()]
    if len(heads) == len(dates) and not _DATE.search(above) and all(_meaning(head) != "" for head in heads):
        return heads
    return labels


def _next_to(text: str) -> str:
    """The cell before a date; or all of what stands there, where it speaks of a birth in any of its cells."""
    return text.strip() if _BIRTH.search(plain(text.rstrip(" \t:=|"))) else _last_cell(text)


def _last_cell(text: str) -> str:
    """The words next to a date: what stands in the cell, or behind the bracket or semicolon, before it."""
    return _CELL.split(text.rstrip(" \t:=|"))[-1].strip()


def _meaning(label: str) -> Meaning | None:
    """What a label says of its date; empty when it says nothing, ``None`` when the date is of no result."""
    words = plain(label)
    if _BIRTH.search(words.rstrip(" \t:=|")) or _NO_RESULT.search(words):
        return None
    if len(words.split()) > _MAX_WORDS:
        return ""
    return next((meaning for meaning, pattern in _MEANINGS if pattern.search(words)), "")


def _chosen(seen: Iterable[_Seen], *, before: int | None = None) -> SheetDate | None:
    """The date of the kind that says most; of several the last one above the result, where that is known."""
    whole = [one for one in seen if not one.loose]
    kinds = [[one for one in whole if one.found.means == meaning and not one.weak] for meaning in _RANK]
    rows = next((rows for rows in kinds if rows), [one for one in whole if one.weak])
    if not rows:
        return None
    if len({one.found.day or one.found.printed for one in rows}) == 1:
        return rows[0].found
    above = [one for one in rows if before is not None and one.start < before]
    return above[-1].found if above and rows[0].found.means in ("collected", "received") else _undecided(rows)


def _undecided(rows: Iterable[_Seen]) -> SheetDate:
    return SheetDate(" / ".join(dict.fromkeys(one.found.printed for one in rows)))
