"""The patient's PDF, built from a signed report. reportlab is imported when the first report is built."""

from __future__ import annotations

from datetime import UTC
from io import BytesIO
from typing import TYPE_CHECKING, Any

from cases.domain.report.signed_report import SignedReport

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import BaseDocTemplate

    from cases.adapters.report.tags import Tags


def build_pdf(report: SignedReport, *, proof: str = "", draft: bool = False) -> bytes:
    """An A4 PDF of the whole report. The same report always gives the same bytes.

    ``proof`` is the address, with the signed manifest behind its ``#``, that is printed as a QR code. A ``draft`` says
    on every page that nobody has signed it.
    """
    from cases.adapters.report.pdf_archive import archival
    from cases.adapters.report.tags import Tags

    total_pages, _ = _build(report, proof, Tags(), total_pages=0, draft=draft)
    tags = Tags()
    _, content = _build(report, proof, tags, total_pages=total_pages, draft=draft)
    return archival(content, tags, language=report.language)


def _build(report: SignedReport, proof: str, tags: Tags, *, total_pages: int, draft: bool) -> tuple[int, bytes]:
    from cases.adapters.report.story import story_of

    buffer = BytesIO()
    document = _document(report, buffer, tags, total_pages, draft=draft)
    document.build(story_of(report, width=document.width, proof=proof, draft=draft))
    return document.page, buffer.getvalue()


def _document(report: SignedReport, buffer: BytesIO, tags: Tags, total_pages: int, *, draft: bool) -> BaseDocTemplate:
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    from cases.adapters.report.tags import artifact
    from cases.adapters.report.typography import MARGIN, REGULAR

    reference = _printed(report.case_reference)
    document = BaseDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN + 4 * mm,
        bottomMargin=MARGIN,
        title=f"Second medical opinion {reference}, version {report.version}",
        author=_printed(report.author.name),
        subject=f"Second medical opinion, case {reference}",
        creator="Second Opinion Platform",
        producer="reportlab",
        lang=report.language,
        displayDocTitle=True,
        invariant=1,
        initialFontName=REGULAR,
    )
    frame = Frame(
        document.leftMargin,
        document.bottomMargin,
        document.width,
        document.height,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )

    def furniture(canvas: Canvas, doc: BaseDocTemplate) -> None:
        canvas.report_tags = tags
        with artifact(canvas):
            if draft:
                _draw_watermark(canvas, doc)
            _draw_furniture(canvas, doc, report=report, reference=reference, total_pages=total_pages)

    document.addPageTemplates([PageTemplate(id="page", frames=[frame], onPage=furniture)])
    return document


def _printed(text: str) -> str:
    from cases.adapters.report.printable_text import Printer
    from cases.adapters.report.typography import register_fonts

    return " ".join(Printer(register_fonts()).plain(text).split())


def _draw_watermark(canvas: Canvas, doc: BaseDocTemplate) -> None:
    """Across the page and below its text, so that no page of a draft passes for signed."""
    from cases.adapters.report.typography import BOLD, WATERMARK
    from cases.adapters.report.words import DRAFT

    width, height = doc.pagesize
    canvas.saveState()
    canvas.setFillColor(WATERMARK)
    canvas.setFont(BOLD, 58)
    canvas.translate(width / 2, height / 2)
    canvas.rotate(52)
    canvas.drawCentredString(0, -20, DRAFT)
    canvas.restoreState()


def _draw_furniture(
    canvas: Canvas, doc: BaseDocTemplate, *, report: SignedReport, reference: str, total_pages: int
) -> None:
    """Header and footer: the case reference and nothing else that tells whose report a loose page is."""
    from reportlab.lib.units import mm

    from cases.adapters.report.typography import MARGIN, QUIET, REGULAR, RULE

    if doc.page == 1:
        signed = report.signed_at.astimezone(UTC)

        def dated(*_stamp: Any) -> str:
            return f"D:{signed:%Y%m%d%H%M%S}+00'00'"

        canvas.setDateFormatter(dated)
        canvas.showOutline()
    width, height = doc.pagesize
    right, top, bottom = width - MARGIN, height - MARGIN + 2 * mm, MARGIN - 7 * mm
    canvas.saveState()
    canvas.setFont(REGULAR, 8)
    canvas.setFillColor(QUIET)
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.5)
    canvas.drawString(MARGIN, top, f"Case {reference[:80]}")
    canvas.drawRightString(right, top, "Second medical opinion")
    canvas.line(MARGIN, top - 2.5 * mm, right, top - 2.5 * mm)
    canvas.drawString(MARGIN, bottom, f"Version {report.version} · confidential medical document")
    canvas.drawRightString(right, bottom, f"Page {doc.page} of {total_pages}")
    canvas.restoreState()
