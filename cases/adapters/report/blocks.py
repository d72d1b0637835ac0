"""Building blocks of the PDF's pages: headings with bookmarks, paragraphs, lists, tables, boxes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, Table, TableStyle

from cases.adapters.report import typography as type_
from cases.adapters.report.canvas import Tagged
from cases.adapters.report.printable_text import Printer
from cases.adapters.report.tags import draw_layout, draw_table

Cell: TypeAlias = str | Paragraph


class Heading(Tagged):
    """A section heading that is also a bookmark of the PDF."""

    def __init__(self, text: str, *, key: str) -> None:
        super().__init__(text, type_.HEADING)
        self._text, self._key = text, key

    def draw(self) -> None:
        """Print the heading and put it into the outline at its own place on the page."""
        self.canv.bookmarkHorizontal(self._key, 0, self.height)
        self.canv.addOutlineEntry(self._text, self._key, level=0)
        super().draw()


class Blocks:
    """Makes flowables for one report; its printer counts the characters it could not print.

    Of a ``draft`` nobody has signed anything, and no section says so.
    """

    def __init__(self, *, width: float, draft: bool = False) -> None:
        self.width, self.draft = width, draft
        self.printer = Printer(type_.register_fonts())
        self._sections = 0

    def heading(self, text: str) -> Flowable:
        """A bookmarked section heading in our own words."""
        self._sections += 1
        return Heading(text, key=f"section-{self._sections}")

    def text(self, text: str, style: ParagraphStyle = type_.BODY) -> list[Flowable]:
        """The paragraphs of a text; nothing for an empty one."""
        return [Tagged(markup, style) for markup in self.printer.paragraphs(text)]

    def labelled(self, label: str, text: str, style: ParagraphStyle = type_.BODY) -> list[Flowable]:
        """A bold label of ours, then the text in the same paragraph."""
        first, *rest = self.printer.paragraphs(text) or [""]
        return [Tagged(f"<b>{label}</b> {first}", style), *(Tagged(markup, style) for markup in rest)]

    def bullets(self, items: Sequence[str], style: ParagraphStyle = type_.BODY) -> list[Flowable]:
        """One bullet per text."""
        indented = ParagraphStyle(f"{style.name}-bullet", parent=style, leftIndent=5 * mm, bulletIndent=1 * mm)
        return [Tagged(self.printer.markup(item), indented, bulletText="•") for item in items]

    def cell(self, text: str, style: ParagraphStyle = type_.CELL) -> Paragraph:
        """One table cell of untrusted text."""
        return Tagged(self.printer.markup(text), style)

    def table(self, head: Sequence[str], rows: Sequence[Sequence[Cell]], shares: Sequence[float]) -> Table:
        """A ruled table whose head repeats on each page; `shares` are column widths as parts of the line."""
        cells = [[self.cell(text, type_.CELL_HEAD) for text in head], *(self._row(row) for row in rows)]
        table = Table(
            cells, colWidths=self._widths(shares), repeatRows=1, splitByRow=1, splitInRow=1, renderCB=draw_table
        )
        table.setStyle(
            TableStyle(
                [
                    ("FONTNAME", (0, 0), (-1, -1), type_.REGULAR),
                    ("VALIGN", (0, 0), (-1, -1), "TOP"),
                    ("BACKGROUND", (0, 0), (-1, 0), type_.TINT),
                    ("LINEBELOW", (0, 0), (-1, -1), 0.5, type_.RULE),
                    ("LEFTPADDING", (0, 0), (-1, -1), 5),
                    ("RIGHTPADDING", (0, 0), (-1, -1), 5),
                    ("TOPPADDING", (0, 0), (-1, -1), 3.5),
                    ("BOTTOMPADDING", (0, 0), (-1, -1), 4.5),
                ]
            )
        )
        table.spaceAfter = 6
        return table

    def facts(self, rows: Sequence[tuple[str, str]]) -> Table:
        """Two columns without rules: what it is, and its value."""
        cells = [[self.cell(label, type_.CELL_LABEL), self.cell(value)] for label, value in rows]
        table = Table(cells, colWidths=self._widths((0.24, 0.76)), splitInRow=1, renderCB=draw_table)
        table.setStyle(
            TableStyle(
                [
                    ("FONTNAME", (0, 0), (-1, -1), type_.REGULAR),
                    ("VALIGN", (0, 0), (-1, -1), "TOP"),
                    ("LEFTPADDING", (0, 0), (-1, -1), 0),
                    ("TOPPADDING", (0, 0), (-1, -1), 1),
                    ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
                ]
            )
        )
        table.spaceAfter = 8
        return table

    def box(self, lines: Sequence[Flowable], *, warning: bool = False) -> Table:
        """Lines on a tinted ground with a bar at the left; long ones go on over the page."""
        table = Table([[line] for line in lines], colWidths=[self.width], splitInRow=1, renderCB=draw_layout)
        ground, bar = (type_.WARNING_TINT, type_.WARNING) if warning else (type_.TINT, type_.ACCENT)
        table.setStyle(
            TableStyle(
                [
                    ("FONTNAME", (0, 0), (-1, -1), type_.REGULAR),
                    ("BACKGROUND", (0, 0), (-1, -1), ground),
                    ("LINEBEFORE", (0, 0), (0, -1), 2.5, bar),
                    ("LEFTPADDING", (0, 0), (-1, -1), 10),
                    ("TOPPADDING", (0, 0), (-1, -1), 3),
                    ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
                ]
            )
        )
        table.spaceAfter = 8
        return table

    def _row(self, row: Sequence[Cell]) -> list[Paragraph]:
        return [self.cell(cell) if isinstance(cell, str) else cell for cell in row]

    def _widths(self, shares: Sequence[float]) -> list[float]:
        return [self.width * share / sum(shares) for share in shares]
