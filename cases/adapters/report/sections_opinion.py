"""The pages that hold the opinion itself."""

from __future__ import annotations

from reportlab.platypus import Flowable, Paragraph

from cases.adapters.report import typography as type_
from cases.adapters.report import wording
from cases.adapters.report.blocks import Blocks, Cell
from cases.domain.readability import FORMULA_SOURCE
from cases.domain.report import SignedReport


def title(report: SignedReport, blocks: Blocks) -> list[Flowable]:
    """Who, by whom, when."""
    patient, author = report.patient, report.author
    facts = [
        ("Patient", patient.name),
        ("Born", f"{wording.day(patient.birth_date)} · sex: {wording.SEX[patient.sex]}"),
        ("Written by", f"{author.name}, {author.specialty}, {author.organisation}"),
        ("Licensed in", author.licence_place),
        ("Signed", f"{wording.moment(report.signed_at)} · version {report.version}"),
    ]
    if report.supersedes is not None:
        facts.append(("Replaces", f"the earlier version, because: {report.amendment_reason}"))
    return [
        Paragraph("Second medical opinion", type_.TITLE),
        Paragraph(blocks.printer.markup(f"Case {report.case_reference}"), type_.SUBTITLE),
        blocks.facts(facts),
    ]


def overview(report: SignedReport, blocks: Blocks) -> list[Flowable]:
    """The opinion in one view, then its summary."""
    rows = [
        ("Diagnosis", wording.DIAGNOSIS_AGREEMENT[report.diagnosis_agreement]),
        ("Treatment", wording.TREATMENT_AGREEMENT[report.treatment_agreement]),
        ("Effect on care", wording.CLINICAL_IMPACT[report.clinical_impact]),
        ("Confidence", f"{report.confidence} of 100"),
    ]
    lines = [Paragraph(f"<b>{label}:</b> {value}", type_.CELL) for label, value in rows]
    return [
        blocks.heading("The opinion in brief"),
        blocks.box(lines),
        *blocks.text(report.summary),
        *blocks.labelled("What would change this confidence:", report.would_change_confidence),
    ]


def answers(report: SignedReport, blocks: Blocks) -> list[Flowable]:
    """Each question with its answer, or why there is none."""
    story: list[Flowable] = [blocks.heading("Your questions and the answers")]
    for q in report.questions:
        story.append(Paragraph(blocks.printer.markup(q.question), type_.QUESTION, bulletText=f"{q.number}."))
        if q.answer.strip():
            story += blocks.text(q.answer, type_.ANSWER)
        else:
            story += blocks.labelled("This cannot be answered:", q.cannot_answer_reason, type_.ANSWER)
    return story


def agreement(report: SignedReport, blocks: Blocks) -> list[Flowable]:
    """First opinion beside this one: where they agree, where not."""
    same = "as in the first opinion" if report.diagnosis_agreement == "agree" else "not restated"
    rows: list[list[Cell]] = [
        [
            blocks.cell("Diagnosis", type_.CELL_STRONG),
            wording.diagnosis(report.first_opinion_diagnosis, otherwise="none yet"),
            wording.diagnosis(report.restated_diagnosis, otherwise=same),
            wording.DIAGNOSIS_AGREEMENT[report.diagnosis_agreement],
        ],
        [
            blocks.cell("Treatment", type_.CELL_STRONG),
            report.first_opinion_treatment or "not stated",
            "see the proposed plan",
            wording.TREATMENT_AGREEMENT[report.treatment_agreement],
        ],
    ]
    story: list[Flowable] = [
        blocks.heading("Where the opinions agree and where they differ"),
        blocks.table(("", "First opinion", "This opinion", "Result"), rows, (0.13, 0.29, 0.29, 0.29)),
    ]
    if read := report.first_read:
        sealed = f"Sealed on {wording.moment(read.sealed_at)}, confidence {read.confidence} of 100:"
        story += [
            Paragraph("The specialist's own first impression", type_.SUBHEADING),
            *blocks.labelled(sealed, read.impression),
        ]
    return story + _peer(report, blocks)


def _peer(report: SignedReport, blocks: Blocks) -> list[Flowable]:
    review = report.peer_review
    if review is None:
        return []
    reviewer = review.reviewer
    by = f"{reviewer.name}, {reviewer.specialty}, {reviewer.organisation} ({reviewer.licence_place})"
    story: list[Flowable] = [
        Paragraph("Checked by a second specialist", type_.SUBHEADING),
        *blocks.labelled(f"{wording.PEER_OUTCOME[review.outcome]}.", by),
        *blocks.text(review.remarks),
    ]
    if review.dissent.strip():
        story.append(blocks.box(blocks.labelled("Dissent, kept on the record:", review.dissent), warning=True))
    return story


def plan(report: SignedReport, blocks: Blocks) -> list[Flowable]:
    """What the specialist proposes, and every alternative."""
    story = [blocks.heading("Proposed plan"), *blocks.text(report.proposed_plan)]
    if report.alternatives:
        story.append(Paragraph("Alternatives", type_.SUBHEADING))
    for option in report.alternatives:
        label = blocks.printer.markup(option.title) + (" (doing nothing)" if option.is_doing_nothing else "")
        story += blocks.labelled(f"{label}:", option.description)
    return story


def warnings_and_tests(report: SignedReport, blocks: Blocks) -> list[Flowable]:
    """Signs that need help at once, and tests that would settle what is open."""
    story: list[Flowable] = []
    if report.red_flags:
        lead = Paragraph("Get medical help at once if any of these appears:", type_.WARNING_TEXT)
        flags = blocks.box([lead, *blocks.bullets(report.red_flags)], warning=True)
        story += [blocks.heading("Warning signs"), flags]
    if report.further_tests:
        story += [blocks.heading("Tests advised"), *blocks.bullets(report.further_tests)]
    return story


def plain_language(report: SignedReport, blocks: Blocks) -> list[Flowable]:
    """The page for the patient, with how hard it is to read."""
    level = wording.reading_level(report)
    cited = f"{level} Measure: {FORMULA_SOURCE}." if report.plain_language.reading_grade is not None else level
    return [
        blocks.heading("In plain words"),
        *blocks.text(report.plain_language.text, type_.PLAIN),
        *blocks.text(cited, type_.NOTE),
    ]
