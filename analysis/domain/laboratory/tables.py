"""The results of a page, line by line: headings of tables and specimens above them, rows, what belongs to a row below it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from analysis.domain.laboratory.cells import Row, Run, Sort, Token, invalid_in, pieces_of, rows_of, tokens_of
from analysis.domain.laboratory.columns import Column, Piece, Role, columns_of, merged, times_below
from analysis.domain.laboratory.days import Day, days_in, month_first, ordered
from analysis.domain.laboratory.names import name_of
from analysis.domain.laboratory.notes import HAEMOLYSIS, fault_in, haemolysed, is_comment, named_in
from analysis.domain.laboratory.numbers import NUMBER, Printed, decimal_sign
from analysis.domain.laboratory.prose import VITAL, Sentence, items_in, sentences_of, told_in
from analysis.domain.laboratory.ranges import PrintedRange, fitting, labelled, told_apart
from analysis.domain.laboratory.results import Earlier, Result, chosen, settled
from analysis.domain.laboratory.rows import Draft, Sheet, drafts_in, panel_edges
from analysis.domain.laboratory.specimens import column_specimen, heading_specimen
from analysis.domain.laboratory.units import ucums_of
from analysis.domain.spans import SourcePage, Span, TextLine
from analysis.domain.subject import Subject

_NUMBERS = re.compile(NUMBER)
_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[^\W\d_]")
_NO_ROW = re.compile(
    r"(?<!\w)(?:tel|fax|phone|page|seite|página|order\w*|auftrag\w*|dob|born|geb|date of birth|patient|paciente|valid\w*|freigegeben|"
    r"accredit\w*|akkredit\w*|iban|mrn|sex|geschlecht|birth|www|e-?mail|collected|received|reported|printed|entnahme|eingang|"
    r"extracción|prélevé|édité|nacimiento|né|room|zimmer|ward|fall|case|id|versicher\w*|insurance|nhs|nr|no|n°|n\.º|code postal|bed|"
    r"rr|bp|ta|puls|pulse|weight|gewicht|height|größe|temp\w*|spo2|heart rate|fc|age|alter|edad|âge)(?!\w)",
    re.IGNORECASE,
)
_ANALYSED = re.compile(r"(?:lab|biolog|analí|analy|blood|blut|sangre|result|résultat|resultad)[^.;:]{0,40}$", re.IGNORECASE)
_HEADS = re.compile(r"[\s)\d:.]{0,8}:")
_TELLS = re.compile(r":\s|=|[.!?]\s[A-ZÄÖÜ]\w+\s\w")
_ABBREVIATION = re.compile(r"\((?!ECLIA|CLIA|CMIA|ELISA|HPLC|ISE|IFT|IIF|NEPH|PCR|RIA|TIA|GC|LC)[A-Z][\w+-]{1,9}\)")
_FOOT = re.compile(r"(?<!\w)(?:page|seite|página|hoja|pagina)\s?\d|(?:auftrag|order|petici|dossier)\S{0,8}\s{0,2}\d{4}", re.IGNORECASE)
_MAX_HEADING = 70
_FAR_FROM_COLUMN = 0.05
_UNDER = 0.02
_LONG, _SHAPE = 62, 3
_MAX_DIGITS = 7
_FEW_LETTERS = 3
_FEW_WORDS = 20


@dataclass(frozen=True, slots=True)
class NotRead:
    """A place that looks like a result and was not understood."""

    span: Span
    reason: str


@dataclass(slots=True)
class _Page:
    """What is known while a page is read from top to bottom."""

    sign: str
    months: bool | None
    latest: tuple[int, int, int] = (0, 0, 0)
    sheet: Sheet = field(default_factory=Sheet)
    columns: tuple[Column, ...] = ()
    former: tuple[Column, ...] = ()
    heading_row: int = -9
    specimen: str = ""
    told_on: Day | None = None
    drafts: list[tuple[Draft, str]] = field(default_factory=list)
    remarks: list[tuple[int, str]] = field(default_factory=list)
    unread: list[NotRead] = field(default_factory=list)
    prose: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Carried:
    """What holds on for the next page of a document: the columns, and the specimen of the last heading."""

    columns: tuple[Column, ...]
    former: tuple[Column, ...]
    specimen: str


@dataclass(frozen=True, slots=True)
class PageRead:
    """The results of a page in order, what looks like one and was not understood, and what holds on for the next."""

    results: list[Result]
    unread: list[NotRead]
    carried: Carried


def read_page(page: SourcePage, subject: Subject | None = None, carried: Carried | None = None) -> PageRead:
    """Read a page; ``carried`` is what holds on from the page before it."""
    rows = rows_of(page)
    days = days_in(page.text)
    state = _Page(decimal_sign(found[0] for found in _NUMBERS.finditer(page.text)), month_first(days))
    state.latest = max((day.key(month_first=bool(state.months)) for day in days), default=(0, 0, 0))
    state.sheet = Sheet(edges=panel_edges(rows), range_first=_range_first(rows), months=state.months)
    if carried is not None:
        state.columns, state.former, state.specimen = carried.columns, carried.former, carried.specimen
    for number, row in enumerate(rows):
        _line(state, number, row)
    who = subject or Subject()
    results = [_result(state, draft, specimen, who) for draft, specimen in state.drafts]
    for sentence in sentences_of(state.prose):
        results += _prose(state, sentence, who)
    results.sort(key=lambda one: one.span.start)
    return PageRead(_remarked(results, state, page), state.unread, Carried(state.columns, state.former, state.specimen))


def _prose(state: _Page, sentence: Sentence, who: Subject) -> list[Result]:
    """The results of running text; a day in front of them is theirs: "laboratory of 25/11/2022: …"."""
    text = sentence.row.text
    items = items_in(sentence, state.sheet)
    found = [_result(state, draft, specimen, who) for draft, specimen in items]
    found += told_in(sentence, state.sign, state.months, [draft for draft, _ in items])
    days = days_in(text)
    lead = [day for day in days if _ANALYSED.search(text[max(0, day.start - 50) : day.start]) and _HEADS.match(text[day.end :])]
    state.told_on = lead[-1] if lead else state.told_on
    if state.told_on is None:
        return found
    return [replace(one, day=one.day or _iso(state.told_on, state)) for one in found]


def _range_first(rows: Sequence[Row]) -> bool:
    """Whether the rows of a page print the reference before the value."""
    found = [[token.sort for token in tokens_of(row) if token.sort in (Sort.RANGE, Sort.NUMBER)] for row in rows]
    pairs = [sorts for sorts in found if len(sorts) == 2 and len(set(sorts)) == 2]
    first = sum(sorts[0] is Sort.RANGE for sorts in pairs)
    return first >= 3 and first > len(pairs) / 2


def _line(state: _Page, number: int, row: Row) -> None:
    if _heading(state, number, row):
        return
    if is_comment(row.text):
        _remark(state, row)
        state.prose.append(row)
        return
    if _running(state, row):
        state.prose.append(row)
        return
    row = _without_names(state, row)
    if not row.runs:
        return
    found = drafts_in(row, _columns_for(state, row), state.sheet) if _DIGIT.search(row.text) or len(row.runs) > 1 else []
    found = [draft for draft in found if _acceptable(state, draft, row)]
    if found:
        state.drafts += [(draft, state.specimen) for draft in found]
        return
    if not _below(state, row):
        _other_line(state, row)


def _heading(state: _Page, number: int, row: Row) -> bool:
    """Whether a line heads a table, or adds its days to the heading right above."""
    pieces = [Piece(*piece) for piece in pieces_of(row)]
    close = bool(state.columns) and number - state.heading_row <= 1
    columns = columns_of(pieces)
    if not columns and close and row.placed:
        columns = times_below(state.columns, pieces)
        if columns:
            state.columns, state.heading_row = columns, number
            return True
    if not columns or (state.columns and _valued(row)):
        return False
    if close and row.placed:
        state.columns = merged(state.columns, columns)
    else:
        state.former = state.columns if any(column.unit for column in columns) else ()
        state.columns = columns
    state.heading_row = number
    latest = state.latest
    state.columns = tuple(
        replace(column, day=_dated(column.day, state, latest)) if column.day else column for column in state.columns
    )
    months = ordered([column.day for column in state.columns if column.day], state.months)
    state.sheet = replace(state.sheet, months=months if state.months is None else state.months)
    return True


def _columns_for(state: _Page, row: Row) -> tuple[Column, ...]:
    """The columns under which a row stands: not those of a differential count where it prints a unit of its own."""
    if state.former and any(column.unit for column in state.columns):
        own = [token for token in tokens_of(row) if token.sort is Sort.UNIT]
        return state.former if own else state.columns
    return state.columns


def _valued(row: Row) -> bool:
    """Whether a line that looks like a heading holds a number that is no day."""
    return any(token.sort in (Sort.NUMBER, Sort.RANGE) for token in tokens_of(row))


def _running(state: _Page, row: Row) -> bool:
    """Whether a line is one of running text: long, with commas, or the end of a sentence that was begun above."""
    if len(row.runs) > 1:
        return False
    before = state.prose[-1] if state.prose else None
    follows = before is not None and row.line.start == before.line.start + len(before.text) + 1
    goes_on = follows and before is not None and len(before.text) > _LONG and not before.text.rstrip().endswith((".", ":"))
    return goes_on or (len(row.text) > _LONG and bool(re.search(r"[;,] ", row.text)))


def _aligned(state: _Page, draft: Draft) -> bool:
    """Whether a name stands where other names of the page stand: the shape of its rows."""
    if not draft.row.placed or len(state.drafts) < _SHAPE:
        return False
    at = draft.row.x(draft.start)
    return sum(abs(one.row.x(one.start) - at) < _UNDER for one, _ in state.drafts) >= _SHAPE


def _acceptable(state: _Page, draft: Draft, row: Row) -> bool:
    """Whether a row is a result: known by name with a unit, a range or a column, or shaped like one in a table."""
    value = draft.value
    if value is None:
        return False
    ranged = bool(draft.ranges or draft.reference_words)
    if VITAL.search(draft.name.printed) and not draft.in_table:
        return False
    if draft.known:
        if draft.in_table and (draft.units or ranged or draft.unit_words or len(row.runs) > 1):
            return True
        if any(one.dimensionless for one in draft.name.analytes) and not draft.units and value.sort is not Sort.TEXT:
            return True
        ucums = [ucum for token in draft.units for ucum in token.ucums]
        ucums += ucums_of(draft.name.unit) if draft.name.unit else ()
        return ranged or any(one.takes(ucum) for one in draft.name.analytes for ucum in ucums) or _titre(draft)
    printed = draft.name.printed
    if _NO_ROW.search(printed) or len(printed) > _MAX_HEADING or len(row.runs) < 2 or _TELLS.search(printed):
        return False
    if _FOOT.search(row.text):
        return False
    shape = _aligned(state, draft)
    if (value.sort is Sort.TEXT and not (draft.in_table or shape)) or sum(sign.isdigit() for sign in value.text) > _MAX_DIGITS:
        return False
    measured = bool(draft.units or draft.unit_words or draft.column_unit or draft.name.unit)
    if draft.in_table and row.placed and draft.away > _FAR_FROM_COLUMN:
        return False
    return ((draft.in_table or shape) and (measured or ranged)) or (measured and bool(draft.ranges))


def _titre(draft: Draft) -> bool:
    return draft.value is not None and draft.value.sort is Sort.TEXT and ":" in draft.value.text


def _below(state: _Page, row: Row) -> bool:
    """Whether a line continues the row above it: with further ranges by sex or age."""
    if not state.drafts:
        return False
    draft = state.drafts[-1][0]
    tokens = tokens_of(row)
    ranges = [token for token in tokens if token.sort in (Sort.RANGE, Sort.BOUND)]
    if not ranges or any(token.sort in (Sort.NUMBER, Sort.TEXT) for token in tokens) or fault_in(row.text):
        return False
    made = labelled(row.text, [token.reference for token in ranges if token.reference], 0, len(row.text))
    if not any(one.sex or one.ages for one in made) and (draft.ranges or len(_LETTERS.findall(row.text)) > 3):
        return False
    draft.more.append((row, 0, len(row.text)))
    return True


def _without_names(state: _Page, row: Row) -> Row:
    """The line without the cells that are second lines of the names above them."""
    above = [draft for draft, _ in state.drafts[-4:] if 0 < row.line.start - draft.row.line.start <= len(draft.row.text) + 2]
    if not above or not row.placed:
        return row
    behind = [*(any(abs(run.x0 - edge) < _UNDER for edge in state.sheet.edges) for run in row.runs[1:]), True]
    alone = [run for run, free in zip(row.runs, behind, strict=True) if free]
    taken = [run for run in alone if any(_goes_on(draft, row, run) for draft in above)]
    return replace(row, runs=tuple(run for run in row.runs if run not in taken)) if taken else row


def _goes_on(draft: Draft, row: Row, run: Run) -> bool:
    """Whether a cell is the second line of a name: it stands under it, and with it the name is known or goes on."""
    text = row.text[run.start : run.end].strip()
    if abs(run.x0 - draft.row.x(draft.start)) > _UNDER or _DIGIT.search(text.replace("(1", "")) or len(text) > _MAX_HEADING:
        return False
    bracketed = text[0] in "([*" and not column_specimen(text) and not _ABBREVIATION.fullmatch(text)
    if text[0].isupper() and heading_specimen(text):
        return False
    if bracketed or fault_in(text) or is_comment(text) or invalid_in(text):
        return False
    longer, alone = name_of(f"{draft.name.printed} {text}"), name_of(text)
    last = draft.name.printed.split()[-1]
    open_ended = last[-1:] in "-/,(" or (last.isalpha() and last.islower() and len(last) <= _FEW_LETTERS)
    joined = bool(longer.analytes) and not (draft.name.analytes and alone.analytes)
    if not (joined or open_ended or (text[0].islower() and len(text) <= _FEW_WORDS) or text[0] == "("):
        return False
    draft.name = replace(longer, unit=longer.unit or draft.name.unit)
    return True


def _other_line(state: _Page, row: Row) -> None:
    """A line that is no result: a heading that names a specimen, a remark, prose, or a row that was not understood."""
    text = row.text.strip()
    specimen = heading_specimen(text) if len(text) <= _MAX_HEADING and not re.search(r"[.;!?]\s|\d{3}", text) else ""
    if fault_in(text):
        _remark(state, row)
    elif specimen and not _valued_strictly(row):
        state.specimen = specimen
        state.columns, state.former = state.former or state.columns, ()
    elif _shaped(state, row):
        state.unread.append(NotRead(row.line.whole(), "The name, the value or what belongs to it was not understood."))
        return
    if len(row.runs) <= 2 or not state.columns:
        state.prose.append(row)


def _valued_strictly(row: Row) -> bool:
    return any(token.sort in (Sort.NUMBER, Sort.BOUND) for token in tokens_of(row))


def _shaped(state: _Page, row: Row) -> bool:
    """Whether a line has the shape of a row: cells, a number, and a unit of measurement or a range beside it."""
    if len(row.runs) < 3 and not (len(row.runs) == 2 and state.columns):
        return False
    tokens = tokens_of(row)
    values = [token for token in tokens if token.sort in (Sort.NUMBER, Sort.BOUND, Sort.RANGE)]
    units = [token for token in tokens if token.sort is Sort.UNIT and "/" in token.text]
    named = len(_LETTERS.findall(row.text[: values[0].start])) > 1 if values else False
    ranged = any(token.sort is Sort.RANGE for token in tokens) and any(token.sort is Sort.NUMBER for token in tokens)
    return named and bool(units or ranged) and not _NO_ROW.search(row.text)


def _remark(state: _Page, row: Row) -> None:
    fault = fault_in(row.text)
    if fault:
        state.remarks.append((row.line.start, fault))


def _result(state: _Page, draft: Draft, specimen: str, who: Subject) -> Result:
    value = draft.value
    assert value is not None
    specimen = draft.name.specimen or column_specimen(draft.specimen_words) or specimen
    unit, ucums = _unit(draft, value)
    text = draft.row.text
    own = [token.reference for token in draft.ranges if token.reference is not None]
    ranges = labelled(text, own, draft.range_start, max(draft.range_end, max((one.end for one in own), default=0)))
    ranges += _two_cells(draft)
    for row, start, end in draft.more:
        ranges += labelled(row.text, [t.reference for t in tokens_of(row, start) if t.reference is not None], start, end)
    ranges = told_apart(ranges)
    which = chosen(draft.name, specimen, ucums, [one for one in ranges if not one.ages], unit)
    printed = value.printed or Printed(value.start, value.end, value.text, "", None)
    both = settled(printed, ranges, which.analyte, which.ucum, state.sign)
    reference, unfit = fitting(both.ranges, who)
    start, end = draft.start, max(draft.end, draft.row.text and value.end)
    return Result(
        analyte=which.analyte,
        name=draft.name.printed,
        printed_name=draft.name.printed,
        value=both.value,
        unit=unit,
        ucum=which.ucum,
        reference=reference,
        flag=_flag(draft.flags),
        span=draft.row.line.span(start, len(text[:end].rstrip())),
        specimen=specimen,
        day=_iso(draft.day, state),
        history=tuple(_earlier(token, day, state) for token, day in draft.history),
        note=draft.note or (value.text if value.sort is Sort.TEXT and invalid_in(value.text) else ""),
        valid=not draft.note and not (value.sort is Sort.TEXT and invalid_in(value.text)),
        doubt=draft.doubt or both.doubt,
        mismatch=which.doubt,
        unfit=unfit,
        reference_words=draft.reference_words if not reference else "",
    )


def _two_cells(draft: Draft) -> list[PrintedRange]:
    """The range whose bounds stand in columns of their own."""
    bounds = [token for token in draft.ranges if token.reference is None and token.printed is not None]
    if not bounds:
        return []
    low = bounds[0].printed
    high = bounds[-1].printed if len(bounds) > 1 else None
    assert low is not None
    start, end = bounds[0].start, bounds[-1].end
    return [PrintedRange(start, end, draft.row.text[start:end], low.value, high.value if high else None, (low.digits, high.digits if high else ""))]


def _iso(day: Day | None, state: _Page) -> str:
    """The ISO day; one without a year is of the latest year that the page prints."""
    if day is None:
        return ""
    return _dated(day, state, state.latest).iso(month_first=state.sheet.months)


def _dated(day: Day, state: _Page, latest: tuple[int, int, int]) -> Day:
    """A day without a year with the last year in which it is not later than the sheet."""
    if day.year or not latest[0]:
        return day
    whole = replace(day, year=latest[0])
    return replace(day, year=latest[0] - 1) if whole.key(month_first=bool(state.sheet.months)) > latest else whole


def _earlier(token: Token, day: Day | None, state: _Page) -> Earlier:
    when = (_iso(day, state) or day.text) if day else ""
    return Earlier(value=token.printed.text if token.printed else token.text, day=when)


def _unit(draft: Draft, value: Token) -> tuple[str, tuple[str, ...]]:
    """The unit of the value: behind it, before it, in brackets in the name, or as words of the column of units."""
    behind = [token for token in draft.units if token.start >= value.end]
    before = [token for token in draft.units if token.end <= value.start]
    for token in (*behind[:1], *before[-1:]):
        return token.text.strip("()[] "), token.ucums
    if draft.column_unit and not (behind or before):
        return draft.column_unit, ucums_of(draft.column_unit)
    if draft.name.unit:
        return draft.name.unit, ucums_of(draft.name.unit)
    if draft.unit_words:
        return draft.unit_words.strip("()[] "), ucums_of(draft.unit_words)
    return _unknown_unit(draft, value)


def _unknown_unit(draft: Draft, value: Token) -> tuple[str, tuple[str, ...]]:
    """A word with a stroke right behind the value is a unit that we do not know."""
    rest = draft.row.text[value.end :].split(maxsplit=1)
    word = rest[0].strip("()[],;") if rest else ""
    known = "/" in word and not _DIGIT.search(word[:1]) and bool(_LETTERS.search(word))
    return (word, ()) if known else ("", ())


def _flag(sides: Sequence[str]) -> str:
    found = [side for side in sides if side]
    sided = [side for side in found if side in ("H", "L")]
    return (sided or found or [""])[0]


def _remarked(results: list[Result], state: _Page, page: SourcePage) -> list[Result]:
    """The results with what the laboratory remarks of them, and with the second readings of their places."""
    for start, remark in state.remarks:
        names = named_in(remark)
        for index in _meant(results, start, remark, names):
            results[index] = replace(results[index], note=remark, valid=False)
    return [_doubted(one, page) for one in results]


def _meant(results: Sequence[Result], start: int, remark: str, names: frozenset[str]) -> Iterator[int]:
    above = [index for index, one in enumerate(results) if one.span.start < start]
    if names:
        same = [index for index, one in enumerate(results) if one.analyte and ({one.analyte.loinc, one.analyte.name} & names)]
        if same:
            yield from same
            return
    if above:
        last = above[-1]
        yield last
        if haemolysed(remark):
            touched = (n for n in above if n != last and (a := results[n].analyte) is not None and a.loinc in HAEMOLYSIS)
            yield from (index for index in touched if start - results[last].span.end > 200)


def _doubted(result: Result, page: SourcePage) -> Result:
    span = result.span
    for doubt in page.doubts:
        if doubt.start < span.end and span.start < doubt.end:
            here = page.text[doubt.start : doubt.end]
            return replace(result, doubt=f"two readings: {here} / {doubt.other}")
    return result


__all__ = ["NotRead", "Role", "TextLine", "name_of", "read_page"]
