"""Pages drawn by chance of which it is known what a person sees on them, and what not."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, TextStringObject
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from cases.adapters.reading.pdf.overlays import FONT

WIDTH, HEIGHT = 595.0, 842.0
_NAMES = (
    *("Potassium", "Sodium", "INR", "Kreatinin", "Hämoglobin", "CA 19-9", "Factor II", "Leukozyten", "Ferritine"),
    *("Vitamine B12", "TSH", "Créatinine", "Colesterol total", "ALT (GPT)", "Waffle fix office", "HbA1c"),
)
_UNITS = ("mmol/L", "mg/dl", "g/dL", "%", "U/l", "10^9/L", "µg/l", "pg/mL", "")
_FACES = ("Helvetica", "Times-Roman", "Courier", "Helvetica-Bold", "Sans")
Row = tuple[str, ...]


@dataclass
class Drawn:
    """A page, its rows as they are seen, what is hidden on it, and whether it is damaged on purpose."""

    seed: int
    kinds: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    damaged: bool = False
    layered: bool = False
    content: bytes = b""


class _Page:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.drawn = Drawn(seed)
        self.buffer = io.BytesIO()
        self.canvas = Canvas(self.buffer, pagesize=(WIDTH, HEIGHT), invariant=1)
        self.face = self.chance.choice(_FACES)
        self.size = self.chance.choice((7.0, 8.5, 9.0, 10.0, 11.0, 13.0))
        self.spacing = self.chance.choice((0.0, 0.0, 0.0, -0.25, 0.3, 0.6))
        self.after: list[Callable[[PdfWriter], None]] = []
        self.y = 790.0

    def number(self) -> str:
        whole = str(self.chance.choice((self.chance.randint(0, 9), self.chance.randint(10, 999))))
        part = str(self.chance.randint(0, 99))
        return self.chance.choice((whole, f"{whole}.{part}", f"{whole},{part}", f"<{whole}", f"{whole}.{part}"))

    def row(self) -> Row:
        name, unit = self.chance.choice(_NAMES), self.chance.choice(_UNITS)
        return tuple(cell for cell in (name, self.number(), unit, f"{self.number()} - {self.number()}") if cell)

    def text(self, x: float, y: float, words: str, face: str = "") -> float:
        """Draw words; where they end."""
        written = self.canvas.beginText(x, y)
        written.setFont(face or self.face, self.size)
        written.setCharSpace(self.spacing)
        written.textOut(words)
        self.canvas.drawText(written)
        width: float = pdfmetrics.stringWidth(words, face or self.face, self.size) + self.spacing * len(words)
        return x + width

    def cells(self, row: Row, xs: tuple[float, ...] = (50, 250, 330, 430)) -> None:
        for x, cell in zip(xs, row, strict=False):
            self.text(x, self.y, cell)
        self.done(row)

    def done(self, row: Row) -> None:
        self.drawn.rows.append(row)
        self.y -= self.size * self.chance.choice((1.25, 1.5, 2.0))


def _plain(page: _Page) -> None:
    page.cells(page.row())


def _in_one(page: _Page) -> None:
    row = page.row()
    page.text(50, page.y, (" " * page.chance.choice((1, 2, 6))).join(row))
    page.done(row)


def _touching(page: _Page) -> None:
    """The value drawn over the blank behind its label."""
    row = page.row()
    end = page.text(50, page.y, row[0] + " ")
    for cell in row[1:]:
        end = page.text(end - page.chance.uniform(0.0, 0.12) * page.size, page.y, cell + " ")
    page.done(row)


def _by_letter(page: _Page) -> None:
    """Each letter drawn by itself, kerned by chance."""
    row = page.row()
    for x, cell in zip((50.0, 250.0, 330.0, 430.0), row, strict=False):
        at = x
        for letter in cell:
            at = page.text(at, page.y, letter) + page.chance.uniform(-0.03, 0.03) * page.size
    page.done(row)


def _bold(page: _Page) -> None:
    row = page.row()
    for x, cell in zip((50.0, 250.0, 330.0, 430.0), row, strict=False):
        page.text(x, page.y, cell)
        page.text(x + page.chance.uniform(0.1, 0.4), page.y, cell)
    page.done(row)


def _on_colour(page: _Page) -> None:
    """Light letters on a dark bar, or dark ones on a pale one."""
    dark = page.chance.random() < 0.5
    page.canvas.setFillGray(0.2 if dark else 0.88)
    page.canvas.rect(40, page.y - 0.3 * page.size, 510, 1.2 * page.size, stroke=0, fill=1)
    page.canvas.setFillGray(1 if dark else 0)
    page.cells(page.row())
    page.canvas.setFillGray(0)


def _scaled(page: _Page) -> None:
    factor = page.chance.choice((0.5, 2.0, 10.0))
    row = page.row()
    page.canvas.saveState()
    page.canvas.scale(factor, factor)
    size, y, spacing = page.size, page.y, page.spacing
    page.size, page.spacing = size / factor, spacing / factor
    for x, cell in zip((50.0, 250.0, 330.0, 430.0), row, strict=False):
        page.text(x / factor, y / factor, cell)
    page.size, page.spacing = size, spacing
    page.canvas.restoreState()
    page.done(row)


def _raised(page: _Page) -> None:
    """A footnote's mark at the unit."""
    row = page.row()
    page.text(50, page.y, row[0])
    end = page.text(250, page.y, row[1] + " mL/min/1.73 m") - page.spacing
    size, page.size = page.size, page.size * 0.6
    page.text(end, page.y + 0.35 * size, "2")
    page.size = size
    page.done((row[0], row[1], "mL/min/1.73", "m2"))


def _field(page: _Page) -> None:
    """A filled field behind its label, with or without an appearance of its own."""
    page.y -= 8
    value, name, y = page.number(), page.chance.choice(_NAMES), page.y
    page.size = max(page.size, 9.0)
    page.text(50, y, name)
    page.canvas.acroForm.textfield(
        name=f"f{len(page.drawn.rows)}", value=value, x=250, y=y - 4, width=90, height=16, fontSize=9, borderWidth=0
    )
    if page.chance.random() < 0.5:
        page.after.append(_without_appearance)
    page.done((name, value))
    page.y -= 8


def _without_appearance(writer: PdfWriter) -> None:
    for note in writer.pages[0].get("/Annots", ()):
        note.get_object().pop("/AP", None)


def _note(page: _Page) -> None:
    """A comment written on the page, without an appearance."""
    page.y -= 10
    words, y = f"Ferritin {page.number()}", page.y

    def add(writer: PdfWriter) -> None:
        box = ArrayObject([FloatObject(edge) for edge in (50, y - 4, 250, y + 12)])
        note = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject("/FreeText"),
                NameObject("/Rect"): box,
                NameObject("/Contents"): TextStringObject(words),
                NameObject("/DA"): TextStringObject("/Helv 9 Tf 0 g"),
            }
        )
        writer.add_annotation(0, note)

    page.after.append(add)
    page.drawn.rows.append((words,))
    page.y -= 26


def _hide(page: _Page, draw: Callable[[str], None]) -> None:
    words = f"Secret{page.chance.randint(1000, 9999)}x {page.number()}"
    draw(words)
    page.drawn.hidden.append(words)
    page.y -= 1.5 * page.size


def _white(page: _Page) -> None:
    def draw(words: str) -> None:
        page.canvas.setFillGray(1)
        page.text(50, page.y, words)
        page.canvas.setFillGray(0)

    _hide(page, draw)


def _unpainted(page: _Page) -> None:
    def draw(words: str) -> None:
        written = page.canvas.beginText(50, page.y)
        written.setFont(page.face, page.size)
        written.setTextRenderMode(3)
        written.textOut(words)
        written.setTextRenderMode(0)
        page.canvas.drawText(written)

    _hide(page, draw)


def _outside(page: _Page) -> None:
    _hide(page, lambda words: page.text(50, -30 if page.chance.random() < 0.5 else 900, words) and None)


def _covered(page: _Page) -> None:
    def draw(words: str) -> None:
        end = page.text(50, page.y, words)
        page.canvas.setFillGray(page.chance.choice((1, 0.5, 0)))
        page.canvas.rect(48, page.y - 0.4 * page.size, end - 40, 1.4 * page.size, stroke=0, fill=1)
        page.canvas.setFillGray(0)

    _hide(page, draw)


def _tiny(page: _Page) -> None:
    def draw(words: str) -> None:
        size, page.size = page.size, 0.5
        spacing, page.spacing = page.spacing, 0.0
        page.text(50, page.y, words)
        page.size, page.spacing = size, spacing

    _hide(page, draw)


def _layer(page: _Page) -> None:
    """A layer that is switched off."""

    def draw(words: str) -> None:
        page.canvas._code.append("/OC /L1 BDC")
        page.text(50, page.y, words)
        page.canvas._code.append("EMC")

    def switch_off(writer: PdfWriter) -> None:
        layer = writer._add_object(
            DictionaryObject({NameObject("/Type"): NameObject("/OCG"), NameObject("/Name"): TextStringObject("layer")})
        )
        resources = writer.pages[0]["/Resources"].get_object()
        resources[NameObject("/Properties")] = DictionaryObject({NameObject("/L1"): layer})
        writer._root_object[NameObject("/OCProperties")] = DictionaryObject(
            {
                NameObject("/OCGs"): ArrayObject([layer]),
                NameObject("/D"): DictionaryObject({NameObject("/OFF"): ArrayObject([layer])}),
            }
        )

    page.drawn.layered = True
    page.after.append(switch_off)
    _hide(page, draw)


def _overlap(page: _Page) -> None:
    """A long name under the value of the next column."""
    page.drawn.damaged = True
    row = page.row()
    end = page.text(50, page.y, row[0] + " determination")
    page.text(end - page.chance.uniform(0.4, 2.5) * page.size, page.y, row[1])
    page.done((row[0] + " determination", row[1]))


def _nameless(page: _Page) -> None:
    """A font that does not say which letters it draws."""
    page.drawn.damaged = True
    row = page.row()
    for x, cell in zip((50.0, 250.0, 330.0, 430.0), row, strict=False):
        page.text(x, page.y, cell, face="Sans")
    page.done(row)

    def forget(writer: PdfWriter) -> None:
        for part in writer._objects:
            known = part.get_object() if part is not None else None
            if isinstance(known, DictionaryObject):
                known.pop("/ToUnicode", None)

    page.after.append(forget)


_SEEN = (_plain, _plain, _plain, _in_one, _touching, _by_letter, _bold, _on_colour, _scaled, _raised, _field, _note)
_UNSEEN = (_white, _unpainted, _outside, _covered, _tiny, _layer)
_DAMAGED = (_overlap, _nameless)


@cache
def _sans() -> None:
    pdfmetrics.registerFont(TTFont("Sans", FONT))


def drawn_page(seed: int) -> Drawn:
    """One page; the same for the same seed."""
    _sans()
    page = _Page(seed)
    chance = page.chance
    kinds = [chance.choice(_SEEN) for _ in range(chance.randint(4, 16))]
    if chance.random() < 0.3:
        kinds.insert(chance.randrange(len(kinds)), chance.choice(_UNSEEN))
    if chance.random() < 0.15:
        kinds.insert(chance.randrange(len(kinds)), chance.choice(_DAMAGED))
    if chance.random() < 0.25:
        turned = chance.choice((90, 180, 270))
        page.after.append(lambda writer: writer.pages[0].rotate(turned) and None)
    lies = chance.choice((0, 0, 0, 0, 0, 90, 180, 270))
    if lies and not {_field, _note, _outside} & set(kinds):
        page.canvas.translate(*{90: (WIDTH, 0), 180: (WIDTH, HEIGHT), 270: (0, HEIGHT)}[lies])
        page.canvas.rotate(lies)
        page.y = (WIDTH if lies in (90, 270) else HEIGHT) - 52
    for kind in kinds:
        page.drawn.kinds.append(kind.__name__)
        kind(page)
    page.canvas.save()
    page.drawn.content = _finished(page)
    return page.drawn


def _finished(page: _Page) -> bytes:
    content = page.buffer.getvalue()
    if not page.after:
        return content
    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(content)))
    for change in page.after:
        change(writer)
    changed = io.BytesIO()
    writer.write(changed)
    return changed.getvalue()
