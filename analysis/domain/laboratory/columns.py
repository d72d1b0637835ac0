"""The heading of a table in four languages: which column holds what, and where it stands on the page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from analysis.domain.laboratory.days import TIME, Day, days_in
from analysis.domain.laboratory.units import ucums_of


class Role(StrEnum):
    """What a column holds."""

    NAME = "name"
    VALUE = "value"
    PREVIOUS = "previous"
    DATED = "dated"
    UNIT = "unit"
    RANGE = "range"
    LOW = "low"
    HIGH = "high"
    FLAG = "flag"
    DAY = "day"
    SPECIMEN = "specimen"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its role, its extent, and the day that its heading names.

    ``beside_unknown``: the heading names a further column, by a word that is not known.
    """

    role: Role
    x0: float
    x1: float
    text: str
    day: Day | None = None
    time: str = ""
    unit: str = ""
    beside_unknown: bool = False


VALUES: Final = (Role.VALUE, Role.PREVIOUS, Role.DATED)
_WORDS: Final[tuple[tuple[Role, str], ...]] = (
    (
        Role.PREVIOUS,
        r"admission|aufnahme|ingreso|entrée|admisión|previous|prior|prev\.?|last result|vorwerte?|"
        r"vorbefunde?|vorergebnis(?:se)?|letzter wert|früher(?:e werte)?|anterior(?:es)?|previos?|"
        r"ant[ée]riorit[ée]s?|ant[ée]rieure?s?|ant[ée]c[ée]dents?|pr[ée]c[ée]dents?|historique|"
        r"historial|verlauf|history|past results?",
    ),
    (
        Role.LOW,
        r"(?:(?:ref(?:erence|erenz|erencia|\.)?|borne|limite?|l[íi]m(?:ite|\.)?|normal) )?(?:low(?:er)?(?: limit)?|"
        r"min(?:imum|\.)?|m[íi]n(?:imo|\.)?|untergrenze|ug|unterer|inf[ée]rieure?|inferior|inf\.)|von",
    ),
    (
        Role.HIGH,
        r"(?:(?:ref(?:erence|erenz|erencia|\.)?|borne|limite?|l[íi]m(?:ite|\.)?|normal) )?(?:high(?:er)?|"
        r"upper(?: limit)?|max(?:imum|\.)?|m[áa]x(?:imo|\.)?|obergrenze|og|oberer|sup[ée]rieure?|superior|sup\.)",
    ),
    (
        Role.RANGE,
        r"(?:biological |bio\. )?ref(?:erence|erenz|\.)?[- ]?(?:ranges?|intervall?e?s?|values?|bereiche?|"
        r"werte?|limits?|int\.)?(?: \(?adults?\)?)?|normal (?:ranges?|values?)|norm(?:bereiche?|werte?|"
        r"al)?\.?|"
        r"sollwerte?|soll|zielbereich|(?:valores|valor|intervalos?|rangos?|intervalle|valeurs?|"
        r"limites)(?: biol[óo]gicos?)? (?:de |d['’])?(?:r[ée]f(?:erencia|[ée]rence|\.)?s?|normal(?:es)?|"
        r"usuelles?|normales?)|"
        r"v\.? ?r(?:ef)?\.?|v\. ref\.|v\.n\.|vn|rango|intervalo|intervalle|referencia|r[ée]f[ée]rences?|"
        r"normes?|normales?|valeurs usuelles|expected(?: values?)?|range|interval|"
        r"biological ref\.? interval|usual range|zone normale",
    ),
    (
        Role.FLAG,
        r"flags?|abn(?:ormal)?\.?|ind(?:icator|icador|\.|ic\.)?|bew(?:ertung|\.)?|mark(?:ierung|er)?|"
        r"kennz(?:eichen|\.)?|kz\.?|hinw(?:eis|\.)?|alarma?|alertas?|alertes?|"
        r"indicateur|signe|h/l|auff\.?|status|alarme|señal|aviso|marca",
    ),
    (
        Role.UNIT,
        r"units?|u\.?m\.?|einheit(?:en)?|einh\.?|dim(?:ension|\.)?|unidad(?:es)?|unid\.?|uds?\.?|"
        r"unit[ée]s?|u\.",
    ),
    (
        Role.VALUE,
        r"(?:current |your |aktuell(?:er|es) |present )?(?:results?|values?|ergebnis(?:se)?|mess?werte?|"
        r"wert|befund|resultate?|resultados?|valor(?:es)?|r[ée]sultats?|valeurs?)(?: actual|"
        r" actuel(?:le)?| obtenido| observ[ée]e?| du jour)?|"
        r"current|aktuell|actual|actuel(?:le)?|observed|observed value|erg\.|result\.|r[ée]s\.|discharge|"
        r"entlassung|alta|sortie",
    ),
    (
        Role.NAME,
        r"tests?(?: name)?|analyt(?:es?|en?)|analys(?:is|es|en?|e)|parameters?|investigations?|"
        r"examinations?|exam(?:en|ens|ination)?|untersuchung(?:en)?|bezeichnung|messgr[öo](?:ß|ss)en?|"
        r"pruebas?|determinaci(?:ón|ones)|an[áa]lisis|par[áa]metros?|estudios?|param[èe]tres?|"
        r"d[ée]signation|components?|component name|procedure|assay|laborwerte?|kenngr[öo](?:ß|ss)e|"
        r"magnitud(?:es)?|item|description|"
        r"dosages?|analito|determinations?|leistung|lab test|laboratory test|examen",
    ),
    (
        Role.DAY,
        r"date|datum|fecha|collected|entnahme(?:datum)?|abnahme|extracci[óo]n|pr[ée]l[èe]vement|date/time|"
        r"time|zeit|uhrzeit|hora|heure",
    ),
    (
        Role.SPECIMEN,
        r"specimen|sample|material|mat\.|probe(?:nart|nmaterial)?|muestra|[ée]chantillon|nature|"
        r"milieu|espécimen|esp\.",
    ),
    (
        Role.OTHER,
        r"methods?|methoden?|meth\.|m[ée]todo|m[ée]thode|codes?|loinc|lab(?:or|oratory)?|comments?|"
        r"kommentare?|comentarios?|commentaires?|remarks?|bemerkung(?:en)?|"
        r"observaciones|notes?|nr\.?|no\.|n[º°]|technique|t[ée]cnica|verfahren|site|acc\.?|si|performing|"
        r"trend|grafik|graph|gráfico|graphique|profil|kurve|delta|änderung|change|validated|validado",
    ),
)
_HEAD = re.compile(
    rf"(?<!\w)(?:{'|'.join(f'(?P<{role.value}>{words})' for role, words in _WORDS)})(?!\w)", re.IGNORECASE
)
#: Headings that narrow columns cut off, as they are written in full.
_FULL: Final[tuple[tuple[Role, str], ...]] = (
    (
        Role.RANGE,
        "reference range|reference interval|reference values|biological reference|normal range|referenzbereich|"
        "referenzwerte|referenzintervall|normbereich|normalwerte|valores de referencia|intervalo de referencia|"
        "rango de referencia|valores normales|valeurs de référence|valeurs de reference|intervalle de référence|"
        "valeurs usuelles|valeurs normales",
    ),
    (Role.VALUE, "resultado|résultat|resultat|ergebnis|messwert"),
    (Role.UNIT, "unidades|unités|einheiten"),
    (Role.NAME, "untersuchung|bezeichnung|parameter|determinación|determinacion|analyses|examens|investigation"),
    (Role.PREVIOUS, "vorbefund|vorwerte|antériorité|antécédents|anteriores|previous result"),
)
_MIN_CUT = 5
_LABEL = re.compile(rf"(?:{_HEAD.pattern})\s{{0,2}}[:=]\s*", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]")
_TIME = re.compile(TIME, re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_MIN_COLUMNS = 2
MAX_COLUMNS = 24


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a heading line with its extent."""

    text: str
    x0: float
    x1: float


def columns_of(pieces: Sequence[Piece]) -> tuple[Column, ...]:
    """The columns of a heading line, or nothing where it is none: nearly all its words are words of headings."""
    named = [(piece, _of_unit(piece) or _in_piece(piece)) for piece in pieces[:MAX_COLUMNS]]
    found = [column for _, columns in named for column in columns]
    said = [column for column in found if column.role is not Role.OTHER]
    letters = sum(len(_LETTERS.findall(piece.text)) for piece in pieces)
    covered = sum(len(_LETTERS.findall(column.text)) for column in found)
    roles = {column.role for column in said}
    dated = sum(column.role is Role.DATED for column in said)
    if (
        len(said) < _MIN_COLUMNS
        or covered < 0.6 * letters
        or not (roles & {Role.NAME, Role.UNIT, Role.RANGE} or dated >= _MIN_COLUMNS)
    ):
        return ()
    if len(roles) < _MIN_COLUMNS and dated < _MIN_COLUMNS:
        return ()
    if any(not columns and _LETTERS.search(piece.text) for piece, columns in named):
        return tuple(replace(column, beside_unknown=True) for column in found)
    return tuple(found)


def label_at(text: str, start: int) -> tuple[Role, int] | None:
    """What a word of headings with a colon says of what stands behind it, and where that begins."""
    found = _LABEL.match(text, start)
    return (Role(found.lastgroup or "other"), found.end()) if found is not None else None


def _of_unit(piece: Piece) -> list[Column]:
    """A column of values that is headed by their unit, as in a differential count; ``%`` alone is one too."""
    text = piece.text.strip("()[] ")
    known = ("/" in text or text == "%") and ucums_of(text)
    return [Column(Role.VALUE, piece.x0, piece.x1, piece.text, unit=text)] if known else []


def times_below(columns: Sequence[Column], pieces: Sequence[Piece]) -> tuple[Column, ...]:
    """The columns with the days, times or years of a line right below them that holds nothing else; else nothing."""
    years = [_YEAR.fullmatch(piece.text.strip()) for piece in pieces]
    if pieces and all(years):
        return _with_years(columns, [(piece, int(piece.text)) for piece in pieces])
    found = [(piece, days_in(piece.text), _TIME.search(piece.text)) for piece in pieces]
    if (
        not found
        or not all(days or time for _, days, time in found)
        or any(_LETTERS.findall(_TIME.sub("", piece.text)) and not days for piece, days, _ in found)
    ):
        return ()
    made = list(columns)
    for piece, days, time in found:
        index = min(range(len(made)), key=lambda n: _gap(made[n], piece))
        one = made[index]
        made[index] = replace(one, day=one.day or (days[0] if days else None), time=time[0] if time else one.time)
    return tuple(made)


def _with_years(columns: Sequence[Column], years: Sequence[tuple[Piece, int]]) -> tuple[Column, ...]:
    """The columns of days with the years below them; nothing where one of the years is of no day."""
    made = list(columns)
    for piece, year in years:
        index = min(range(len(made)), key=lambda n: _gap(made[n], piece))
        day = made[index].day
        if day is None or (day.year and str(day.year) in day.text):
            return ()
        made[index] = replace(made[index], day=replace(day, year=year))
    return tuple(made)


def _gap(column: Column, piece: Piece) -> float:
    away = max(column.x0 - piece.x1, piece.x0 - column.x1, 0.0) + 0.05 * abs(
        column.x0 + column.x1 - piece.x0 - piece.x1
    )
    return away + (0.0 if column.role in VALUES else 0.05)


def merged(above: Sequence[Column], below: Sequence[Column]) -> tuple[Column, ...]:
    """Two lines of one heading as one: a day under a word belongs to its column."""
    columns = list(above)
    for one in below:
        at = next((n for n, other in enumerate(columns) if _overlap(one, other) > 0), None)
        if at is None:
            columns.append(one)
            continue
        other = columns[at]
        role = other.role if one.role in (Role.DATED, Role.OTHER, Role.DAY) and other.role in VALUES else one.role
        role = one.role if other.role in (Role.OTHER, Role.DAY) else role
        columns[at] = replace(
            other, role=role, day=other.day or one.day, x0=min(one.x0, other.x0), x1=max(one.x1, other.x1)
        )
    return tuple(sorted(columns, key=lambda column: column.x0))


def _overlap(one: Column, other: Column) -> float:
    return min(one.x1, other.x1) - max(one.x0, other.x0)


def _in_piece(piece: Piece) -> list[Column]:
    """The columns that the words of a piece name: "Previous 01 Oct Current 20 Nov" is two."""
    marks: list[tuple[int, int, Role, Day | None]] = [
        (found.start(), found.end(), Role(found.lastgroup or "other"), None) for found in _HEAD.finditer(piece.text)
    ]
    days = days_in(piece.text, short="/" in piece.text and not _LETTERS.search(piece.text))
    marks = [mark for mark in marks if not any(day.start < mark[1] and mark[0] < day.end for day in days)]
    marks += [(day.start, day.end, Role.DATED, day) for day in days]
    marks.sort(key=lambda mark: mark[0])
    if sum(end - start for start, end, *_ in marks) < len(piece.text.strip()):
        marks = [(0, len(piece.text), role, None) for role in _cut_off(piece.text)] or marks
    groups: list[list[tuple[int, int, Role, Day | None]]] = []
    for mark in marks:
        if groups and _joins(groups[-1], mark, piece.text):
            groups[-1].append(mark)
        else:
            groups.append([mark])
    return [_column(piece, group) for group in groups]


def _cut_off(text: str) -> list[Role]:
    """What a word means that is the beginning of a heading's."""
    start = text.strip(" .…-").casefold()
    if len(start) < _MIN_CUT:
        return []
    return [role for role, names in _FULL if any(name.startswith(start) for name in names.split("|"))][:1]


def _joins(group: list[tuple[int, int, Role, Day | None]], mark: tuple[int, int, Role, Day | None], text: str) -> bool:
    between = text[group[-1][1] : mark[0]]
    roles = {each[2] for each in group}
    if len(between) > 14 or "  " in between:
        return False
    if re.fullmatch(r"\s*[&/+(]\s*|\s*(?:and|und|y|et)\s*", between):
        return True
    if mark[2] is Role.DATED:
        return not any(each[3] for each in group) and bool(roles & {Role.VALUE, Role.PREVIOUS, Role.DAY})
    if mark[2] in (Role.VALUE, Role.PREVIOUS):
        # "Previous result", "résultat antérieur": one of each; two days or two values are two columns.
        return roles <= {Role.VALUE, Role.PREVIOUS} and mark[2] not in roles and not any(each[3] for each in group)
    if mark[2] is Role.NAME:
        return roles == {Role.NAME}
    return mark[2] in roles or (Role.RANGE in roles and mark[2] in (Role.LOW, Role.HIGH, Role.VALUE))


def _column(piece: Piece, group: list[tuple[int, int, Role, Day | None]]) -> Column:
    roles = [each[2] for each in group]
    order = (Role.PREVIOUS, Role.RANGE, Role.VALUE, Role.DATED)
    role = next((one for one in order if one in roles), roles[0])
    if roles[0] in (Role.NAME, Role.UNIT, Role.RANGE) and role is not Role.PREVIOUS:
        role = roles[0]
    day = next((each[3] for each in group if each[3]), None)
    start, end = group[0][0], group[-1][1]
    width = max(len(piece.text), 1)
    step = (piece.x1 - piece.x0) / width
    return Column(role, piece.x0 + start * step, piece.x0 + end * step, piece.text[start:end], day)
