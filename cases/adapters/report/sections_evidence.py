"""The pages that say what the opinion rests on, and how it can be checked."""

from __future__ import annotations

from reportlab.platypus import Flowable

from cases.adapters.report import coverage_words as coverage
from cases.adapters.report import typography as type_
from cases.adapters.report import words as wording
from cases.adapters.report.blocks import Blocks, Cell
from cases.adapters.report.canvas import Tagged
from cases.domain.report.signed_report import LabValue, SignedReport

_WITHHELD = "A page that is withheld was given to no program outside this service; it was read here."


def background(report: SignedReport, blocks: Blocks) -> list[Flowable]:
    """History, medicines, allergies."""
    story = [blocks.heading("Clinical background")]
    story += blocks.labelled("History:", report.history or "not stated")
    medicines = "; ".join(f"{m.name} {m.dosage}".strip() for m in report.medicines)
    story += blocks.labelled("Medicines:", medicines or "none recorded")
    allergies = "; ".join(f"{a.substance} ({a.reaction})" if a.reaction else a.substance for a in report.allergies)
    return story + blocks.labelled("Allergies:", allergies or "none recorded")


def laboratory(report: SignedReport, blocks: Blocks) -> list[Flowable]:
    """Earlier test results with their reference range and where they were read."""
    if not report.laboratory:
        return []
    names = {document.id: document.name for document in report.documents_relied_on}
    rows = [
        _lab_row(lab, blocks, names.get(lab.document_id, "") if lab.document_id else "") for lab in report.laboratory
    ]
    head = ("Test", "Result", "Reference", "Judged", "Date", "Read in")
    return [
        blocks.heading("Earlier test results"),
        blocks.table(head, rows, (0.24, 0.17, 0.15, 0.12, 0.14, 0.18)),
    ]


def _lab_row(lab: LabValue, blocks: Blocks, document: str) -> list[Cell]:
    outside = lab.flag not in ("normal", "unknown")
    place = f"{document}, page {lab.page}" if document and lab.page else document
    return [
        lab.name,
        blocks.cell(lab.result, type_.CELL_STRONG if outside else type_.CELL),
        wording.reference_range(lab),
        blocks.cell(wording.LAB_FLAG[lab.flag], type_.CELL_STRONG if outside else type_.CELL),
        wording.result_day(lab),
        place,
    ]


def documents(report: SignedReport, blocks: Blocks) -> list[Flowable]:
    """What was read, with the fingerprint of each file, and what was missing."""
    story: list[Flowable] = [blocks.heading("Documents")]
    if report.documents_relied_on:
        rows: list[list[Cell]] = [
            [document.name, blocks.cell(document.sha256, type_.CELL_HASH)] for document in report.documents_relied_on
        ]
        story.append(blocks.table(("Relied on", "Fingerprint of the file (SHA-256)"), rows, (0.42, 0.58)))
    else:
        story += blocks.text("No document was relied on.")
    if report.documents_not_seen:
        missing = [[document.name, document.could_change] for document in report.documents_not_seen]
        story.append(blocks.table(("Not seen", "What it could change"), missing, (0.42, 0.58)))
    return story + _reading(report, blocks)


def _reading(report: SignedReport, blocks: Blocks) -> list[Flowable]:
    """How far the documents were read, and what imports did not take over: numbers, and nothing that was found."""
    story: list[Flowable] = []
    if report.reading:
        names = {document.id: document.name for document in report.documents_relied_on}
        rows: list[list[Cell]] = [
            [f"{names[one.document_id]}{' (in part)' if one.in_part else ''}", *coverage.row(one)]
            for one in report.reading
        ]
        story.append(blocks.table(coverage.HEADS, rows, (0.25, 0.08, 0.09, 0.11, 0.11, 0.11, 0.12, 0.13)))
        story += blocks.text(f"{coverage.stands(report)} {_WITHHELD}", type_.NOTE)
    if left := coverage.not_taken_over(report):
        story += [*blocks.text("Not taken over from records that came as data:"), *blocks.bullets(left, type_.SMALL)]
    return story


def ai_use(report: SignedReport, blocks: Blocks) -> list[Flowable]:
    """Every AI item and what the specialist did with it; a rejected one without its words."""
    story: list[Flowable] = [blocks.heading("Use of artificial intelligence")]
    if not report.ai_items:
        return story + blocks.text("No AI item was used for this opinion.")
    story += blocks.text(
        "Software proposed the items below. The specialist decided on each of them; "
        "nothing else that software wrote is in this report."
    )
    rows = [
        [
            f"{item.kind.capitalize()}\n{wording.engine(item.engine)}",
            item.final_text or "(text not kept in the report)",
            f"{wording.AI_DECISION[item.decision]}{f': {item.reason}' if item.reason else ''}",
        ]
        for item in report.ai_items
    ]
    return [
        *story,
        blocks.table(("Item", "What stands", "What the specialist did"), rows, (0.24, 0.44, 0.32)),
    ]


def limits(report: SignedReport, blocks: Blocks) -> list[Flowable]:
    """What the opinion cannot say, and its sources."""
    story: list[Flowable] = []
    if report.limitations:
        story += [blocks.heading("Limitations"), *blocks.bullets(report.limitations)]
    if report.references:
        story += [blocks.heading("References"), *blocks.bullets(report.references, type_.SMALL)]
    return story


def signature(report: SignedReport, blocks: Blocks) -> list[Flowable]:
    """Who signed what, and the hash that shows a change; of a draft, that nobody has."""
    author = report.author
    if blocks.draft:
        words = f"{wording.DRAFT}. {author.name} is still writing it; it proves nothing and binds nobody."
        return [blocks.heading("No signature"), *blocks.text(words)]
    facts = [
        ("Signed by", f"{author.name}, {author.specialty}"),
        ("Licence valid in", author.licence_place),
        *([("Legal basis", report.legal_basis)] if report.legal_basis else []),
        ("Signed at", wording.moment(report.signed_at)),
        ("Version", str(report.version)),
        ("Hash of the text", report.content_hash),
        ("Report", str(report.report_id)),
    ]
    note = (
        "This opinion rests on the documents named above, without an examination in person. "
        "It does not replace the clinicians who treat you: talk to them before you change a treatment."
    )
    return [blocks.heading("Signature"), blocks.facts(facts), Tagged(note, type_.NOTE)]
