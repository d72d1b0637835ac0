"""The results of a page, line by line: headings of tables and specimens, rows, and what belongs to a row below it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from analysis.domain.laboratory.cells import Row, Run, Sort, Token, crowded, pieces_of, rows_of
from analysis.domain.laboratory.columns import Column, Piece, Role, columns_of, label_at, merged, times_below
from analysis.domain.laboratory.days import Day, days_in, month_first, ordered
from analysis.domain.laboratory.drafts import Draft, Sheet, listed, titre
from analysis.domain.laboratory.layout import arranged
from analysis.domain.laboratory.layout.remainders import remainders
from analysis.domain.laboratory.layout.sheets import sheet_of
from analysis.domain.laboratory.names import name_of
from analysis.domain.laboratory.notes import fault_in, is_comment
from analysis.domain.laboratory.numbers import NUMBER, decimal_sign
from analysis.domain.laboratory.prose import VITAL, Sentence, items_in, sentences_of, told_in
from analysis.domain.laboratory.ranges import labelled
from analysis.domain.laboratory.result_words import invalid_in
from analysis.domain.laboratory.results import Result
from analysis.domain.laboratory.row_results import Habits, dated, iso_of, remarked, result_of
from analysis.domain.laboratory.rows import drafts_in
from analysis.domain.laboratory.specimens import BLOOD, column_specimen, heading_specimen, specimen_of
from analysis.domain.laboratory.tokens import tokens_of
from analysis.domain.laboratory.units import ucums_of
from analysis.domain.spans import SourcePage, Span
from analysis.domain.subject import Subject

_NUMBERS = re.compile(NUMBER)
_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[^\W\d_]")
_NO_ROW = re.compile(
    r"(?<!\w)(?:tel|fax|phone|page|seite|página|order\w*|auftrag\w*|dob|born|geb|date of birth|patient|paciente|"
    r"valid\w*|freigegeben|"
    r"accredit\w*|akkredit\w*|iban|mrn|sex|geschlecht|birth|www|e-?mail|collected|received|reported|printed|"
    r"entnahme|eingang|"
    r"extracción|prélevé|édité|nacimiento|né|room|zimmer|ward|fall|case|id|versicher\w*|insurance|nhs|nr|no|n°|"
    r"n\.º|code postal|bed|"
    r"rr|bp|ta|puls|pulse|weight|gewicht|height|größe|temp\w*|spo2|heart rate|fc|age|alter|edad|âge)(?!\w)",
    re.IGNORECASE,
)
_ANALYSED = re.compile(
    r"(?:lab|biolog|analí|analy|blood|blut|sangre|result|résultat|resultad)[^.;:]{0,40}$", re.IGNORECASE
)
_HEADS = re.compile(r"[\s)\d:.]{0,8}:")
_TELLS = re.compile(r":\s|=|[.!?]\s[A-ZÄÖÜ]\w+\s\w")
_ABBREVIATION = re.compile(r"\((?!ECLIA|CLIA|CMIA|ELISA|HPLC|ISE|IFT|IIF|NEPH|PCR|RIA|TIA|GC|LC)[A-Z][\w+-]{1,9}\)")
_FOOT = re.compile(
    r"(?<!\w)(?:page|seite|página|hoja|pagina)\s?\d|(?:auftrag|order|petici|dossier)\S{0,8}\s{0,2}\d{4}", re.IGNORECASE
)
_CALLED = re.compile(r"(?<!\w)(?:tel|tél|fax|phone|telefon|teléfono|téléphone)(?!\w)", re.IGNORECASE)
_NOT_UNDERSTOOD = "The name, the value or what belongs to it was not understood."
_MAX_HEADING = 70
_FAR_FROM_COLUMN, _UNDER = 0.05, 0.02
_LONG, _SHAPE, _MAX_DIGITS = 62, 3, 7
#: No row of a table is so long without a gap.
_ENDLESS = 300
_FEW_LETTERS = 3
_FEW_WORDS = 20
#: "from … to" beside the bounds of a range.
_LINKING = 6
_MAX_WORD = 16


@dataclass(frozen=True, slots=True)
class NotRead:
    """A place that looks like a result and was not understood."""

    span: Span
    reason: str


@dataclass(slots=True)
class _Page:
    """What is known while a page is read from top to bottom."""

    habits: Habits
    sheet: Sheet = field(default_factory=Sheet)
    columns: tuple[Column, ...] = ()
    former: tuple[Column, ...] = ()
    heading_row: int = -9
    specimen: str = ""
    told_on: Day | None = None
    drafts: list[tuple[Draft, str]] = field(default_factory=list)
    places: list[float] = field(default_factory=list)
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
    every = rows_of(page)
    rows = arranged([row for row in every if not crowded(row)])
    days = days_in(page.text)
    months = month_first(days)
    latest = max((day.key(month_first=bool(months)) for day in days), default=(0, 0, 0))
    sign = decimal_sign(found[0] for found in _NUMBERS.finditer(page.text))
    state = _Page(Habits(sign=sign, months=months, latest=latest))
    first = next((row for row in every if crowded(row)), None)
    if first is not None:
        state.unread.append(NotRead(first.line.whole(), "The line holds more numbers than a result has."))
    state.sheet = sheet_of(rows, months)
    if carried is not None:
        state.columns, state.former, state.specimen = carried.columns, carried.former, carried.specimen
    for row in rows:
        _line(state, row)
    who = subject or Subject()
    results = [result_of(state.habits, draft, specimen, who) for draft, specimen in state.drafts]
    for sentence in sentences_of(state.prose):
        results += _prose(state, sentence, who)
    results.sort(key=lambda one: one.span.start)
    told = {one.span.start for one in state.unread}
    left = remainders(rows, [span for one in results for span in (one.span, *one.places)])
    state.unread += [NotRead(span, _NOT_UNDERSTOOD) for span in left if span.start not in told]
    return PageRead(
        remarked(results, state.remarks, page), state.unread, Carried(state.columns, state.former, state.specimen)
    )


def _prose(state: _Page, sentence: Sentence, who: Subject) -> list[Result]:
    """The results of running text; a day in front of them is theirs: "laboratory of 25/11/2022: …"."""
    text = sentence.row.text
    items = items_in(sentence, state.sheet)
    found = [result_of(state.habits, draft, specimen, who) for draft, specimen in items]
    found += told_in(sentence, state.habits.sign, state.habits.months, [draft for draft, _ in items])
    days = days_in(text)
    lead = [
        day
        for day in days
        if _ANALYSED.search(text[max(0, day.start - 50) : day.start]) and _HEADS.match(text[day.end :])
    ]
    # A letter tells the results of admission first, and those of discharge behind them.
    told, starts = [state.told_on, *lead], [sentence.row.line.start + day.start for day in lead]
    state.told_on = told[-1]
    led = [(one, told[bisect_right(starts, one.span.start)]) for one in found]
    return [replace(one, day=one.day or iso_of(day, state.habits)) for one, day in led]


def _line(state: _Page, row: Row) -> None:
    if row.unclear:
        return
    if not row.made and not row.columns and _heading(state, row):
        return
    if is_comment(row.text):
        _remark(state, row)
        state.prose.append(row)
        return
    if _running(state, row):
        if state.drafts and row.order == state.drafts[-1][0].row.order + 1:
            _remark(state, row)
        state.prose.append(row)
        return
    _beside(state, row)
    row = _without_names(state, row)
    if not row.runs:
        return
    found = (
        drafts_in(row, _columns_for(state, row), state.sheet) if _DIGIT.search(row.text) or len(row.runs) > 1 else []
    )
    found = [draft for draft in found if _acceptable(state, draft, row)]
    for draft in found:
        state.drafts.append((draft, state.specimen))
        insort(state.places, draft.row.x(draft.start))
    if found:
        return
    if not _below(state, row):
        _other_line(state, row)


def _beside(state: _Page, row: Row) -> None:
    """What a cell says of the result above it, where results of another table stand in the same line."""
    above = [draft for draft, _ in state.drafts[-4:] if row.order == draft.row.order + 1]
    for run in row.runs if len(row.runs) > 1 else ():
        text = row.text[run.start : run.end].strip()
        if len(text) > _MAX_WORD and fault_in(text):
            for draft in above:
                under = abs(draft.row.x(draft.start) - run.x0) < _UNDER if row.placed else draft.start == run.start
                if under:
                    draft.note = draft.note or text


def _heading(state: _Page, row: Row) -> bool:
    """Whether a line heads a table, or adds its days to the heading right above."""
    pieces = [Piece(*piece) for piece in pieces_of(row)]
    close = bool(state.columns) and row.order - state.heading_row <= 1
    columns = columns_of(pieces)
    if not columns and close and row.placed and specimen_of(row.text) in ("", BLOOD):
        columns = times_below(state.columns, pieces)
        if columns:
            state.columns, state.heading_row = columns, row.order
            return True
    if not columns or (state.columns and _valued(row)):
        return False
    if close and row.placed:
        state.columns = merged(state.columns, columns)
    else:
        state.former = state.columns if any(column.unit for column in columns) else ()
        state.columns = columns
    state.heading_row = row.order
    state.columns = tuple(
        replace(column, day=dated(column.day, state.habits)) if column.day else column for column in state.columns
    )
    months = ordered([column.day for column in state.columns if column.day], state.habits.months)
    state.sheet = replace(state.sheet, months=months)
    return True


def _columns_for(state: _Page, row: Row) -> tuple[Column, ...]:
    """The columns under which a row stands: not those of a differential count where it prints a unit of its own."""
    if row.made or row.columns:
        return row.columns
    if any(column.unit for column in state.columns):
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
    follows = before is not None and row.order == before.order + 1
    goes_on = (
        follows and before is not None and len(before.text) > _LONG and not before.text.rstrip().endswith((".", ":"))
    )
    sentence = len(row.text) > _LONG / 2 and row.text.rstrip().endswith(".")
    endless = len(row.text) > _ENDLESS
    return goes_on or sentence or endless or (len(row.text) > _LONG and bool(re.search(r"[;,] ", row.text)))


def _aligned(state: _Page, draft: Draft) -> bool:
    """Whether a name stands where other names of the page stand: the shape of its rows."""
    if not draft.row.placed or len(state.drafts) < _SHAPE:
        return False
    at = draft.row.x(draft.start)
    return bisect_left(state.places, at + _UNDER) - bisect_right(state.places, at - _UNDER) >= _SHAPE


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
        return ranged or any(one.takes(ucum) for one in draft.name.analytes for ucum in ucums) or titre(draft)
    printed = draft.name.printed
    if _NO_ROW.search(printed) or len(printed) > _MAX_HEADING or _TELLS.search(printed):
        return False
    if len(row.runs) < 2 and not listed(draft, state.drafts):
        return False
    if _FOOT.search(row.text) or _CALLED.search(row.text, 0, draft.end):
        return False
    shape = _aligned(state, draft)
    if (value.sort is Sort.TEXT and not (draft.in_table or shape)) or sum(
        sign.isdigit() for sign in value.text
    ) > _MAX_DIGITS:
        return False
    measured = bool(draft.units or draft.unit_words or draft.column_unit or draft.name.unit)
    if draft.in_table and row.placed and draft.away > _FAR_FROM_COLUMN:
        return False
    if row.columns and value.sort is Sort.TEXT:
        return True  # the marked answer of a form
    return ((draft.in_table or shape) and (measured or ranged)) or (measured and bool(draft.ranges))


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
    label = label_at(row.text, row.runs[0].start)
    said = label is not None and label[0] is Role.RANGE
    if not any(one.sex or one.ages for one in made) and (draft.ranges or not (said or _bare(row, ranges))):
        return False
    draft.more.append((row, 0, len(row.text)))
    return True


def _bare(row: Row, ranges: Sequence[Token]) -> bool:
    """Whether a line says next to nothing beside its ranges."""
    letters = len(_LETTERS.findall(row.text))
    return letters - sum(len(_LETTERS.findall(row.text, token.start, token.end)) for token in ranges) <= _LINKING


def _without_names(state: _Page, row: Row) -> Row:
    """The line without the cells that are second lines of the names above them."""
    above = [draft for draft, _ in state.drafts[-4:] if 0 < row.order - draft.row.order <= 1]
    if not above or not row.placed:
        return row
    behind = [*(any(abs(run.x0 - edge) < _UNDER for edge in state.sheet.edges) for run in row.runs[1:]), True]
    alone = [run for run, free in zip(row.runs, behind, strict=True) if free]
    taken = [run for run in alone if any(_goes_on(draft, row, run) for draft in above)]
    return replace(row, runs=tuple(run for run in row.runs if run not in taken)) if taken else row


def _goes_on(draft: Draft, row: Row, run: Run) -> bool:
    """Whether a cell is the second line of a name: it stands under it, and with it the name is known or goes on."""
    text = row.text[run.start : run.end].strip()
    if (
        abs(run.x0 - draft.row.x(draft.start)) > _UNDER
        or _DIGIT.search(text.replace("(1", ""))
        or len(text) > _MAX_HEADING
    ):
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
    for day in reversed(days_in(text)):
        text = f"{text[: day.start]} {text[day.end :]}"
    specimen = heading_specimen(text) if len(text) <= _MAX_HEADING and not re.search(r"[.;!?]\s|\d{3}", text) else ""
    if fault_in(text):
        _remark(state, row)
    elif specimen and not _valued_strictly(row):
        state.specimen = specimen
        parted = any(column.unit for column in state.columns)
        state.columns, state.former = state.former if parted else state.columns, ()
    elif _shaped(state, row):
        state.unread.append(NotRead(row.line.whole(), _NOT_UNDERSTOOD))
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
