"""The pages that hold the opinion itself."""

from __future__ import annotations

from reportlab.platypus import Flowable

from cases.adapters.report import typography as type_
from cases.adapters.report import words as wording
from cases.adapters.report.blocks import Blocks, Cell
from cases.adapters.report.canvas import Tagged
from cases.domain.report.disagreement_map import Row, disagreement_map
from cases.domain.report.signed_report import SignedReport


def title(report: SignedReport, blocks: Blocks) -> list[Flowable]:
    """Who, by whom, when."""
    patient, author = report.patient, report.author
    facts = [
        ("Patient", patient.name),
        ("Born", f"{wording.day(patient.birth_date)} · sex: {wording.SEX[patient.sex]}"),
        ("Written by", f"{author.name}, {author.specialty}, {author.organisation}"),
        ("Licensed in", author.licence_place),
        _standing(report, draft=blocks.draft),
    ]
    if report.supersedes is not None:
        facts.append(("Replaces", f"the earlier version, because: {report.amendment_reason}"))
    return [
        Tagged("Second medical opinion", type_.TITLE),
        Tagged(blocks.printer.markup(f"Case {report.case_reference}"), type_.SUBTITLE),
        blocks.facts(facts),
    ]


def _standing(report: SignedReport, *, draft: bool) -> tuple[str, str]:
    if draft:
        return ("State", f"{wording.DRAFT} · version {report.version}")
    return ("Signed", f"{wording.moment(report.signed_at)} · version {report.version}")


def overview(report: SignedReport, blocks: Blocks) -> list[Flowable]:
    """The opinion in one view, then its summary."""
    rows = [
        ("Diagnosis", wording.DIAGNOSIS_AGREEMENT[report.diagnosis_agreement]),
        ("Treatment", wording.TREATMENT_AGREEMENT[report.treatment_agreement]),
        ("Effect on care", wording.CLINICAL_IMPACT[report.clinical_impact]),
        ("Confidence", f"{report.confidence} of 100"),
    ]
    lines = [Tagged(f"<b>{label}:</b> {value}", type_.CELL) for label, value in rows]
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
        story.append(Tagged(blocks.printer.markup(q.question), type_.QUESTION, bulletText=f"{q.number}."))
        if q.answer.strip():
            story += blocks.text(q.answer, type_.ANSWER)
        else:
            story += blocks.labelled("This cannot be answered:", q.cannot_answer_reason, type_.ANSWER)
    return story


def agreement(report: SignedReport, blocks: Blocks) -> list[Flowable]:
    """The disagreement map: who said what, where they agree and where not, why, and what would settle it."""
    rows = disagreement_map(report)
    head = ("", "First opinion", "Sealed first read", "This opinion", "Second specialist")
    cells: list[list[Cell]] = [_positions(row, report, blocks) for row in rows]
    story: list[Flowable] = [
        blocks.heading("Where the opinions agree and where they differ"),
        blocks.table(head, cells, (0.12, 0.22, 0.22, 0.24, 0.2)),
    ]
    for row in rows:
        label = f"{wording.TOPIC[row.topic]}: {wording.OUTCOME[row.outcome].lower()}."
        story += blocks.labelled(label, f"{wording.result(report, row)}.")
        for reason, words in wording.reasons(row):
            story += blocks.labelled(reason, words)
    if read := report.first_read:
        sealed = f"Sealed on {wording.moment(read.sealed_at)}, confidence {read.confidence} of 100:"
        before = "before any software finding and before the first opinion's reasoning were shown."
        story += [
            Tagged("The specialist's own first impression", type_.SUBHEADING),
            *blocks.labelled(sealed, f"{before} {wording.drift(report)}"),
        ]
    return story + _peer(report, blocks)


def _positions(row: Row, report: SignedReport, blocks: Blocks) -> list[Cell]:
    unsaid = "as in the first opinion" if row.outcome == "agree" else "not restated"
    peer = wording.PEER_OUTCOME[row.peer] if row.peer else "not reviewed"
    dissent = report.peer_review.dissent.strip() if report.peer_review else ""
    if row.topic == "treatment":
        return [
            blocks.cell(wording.TOPIC[row.topic], type_.CELL_STRONG),
            row.first_opinion or "not stated",
            "one impression for both" if report.first_read else "none",
            "see the proposed plan",
            peer,
        ]
    return [
        blocks.cell(wording.TOPIC[row.topic], type_.CELL_STRONG),
        row.first_opinion or "none yet",
        row.sealed_read or "none",
        row.final or unsaid,
        f"{peer}; dissent below" if dissent else peer,
    ]


def _peer(report: SignedReport, blocks: Blocks) -> list[Flowable]:
    review = report.peer_review
    if review is None:
        return []
    reviewer = review.reviewer
    by = f"{reviewer.name}, {reviewer.specialty}, {reviewer.organisation} ({reviewer.licence_place})"
    story: list[Flowable] = [
        Tagged("Checked by a second specialist", type_.SUBHEADING),
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
        story.append(Tagged("Alternatives", type_.SUBHEADING))
    for option in report.alternatives:
        label = blocks.printer.markup(option.title) + (" (doing nothing)" if option.is_doing_nothing else "")
        story += blocks.labelled(f"{label}:", option.description)
    return story


def warnings_and_tests(report: SignedReport, blocks: Blocks) -> list[Flowable]:
    """Signs that need help at once, and tests that would settle what is open."""
    story: list[Flowable] = []
    if report.red_flags:
        lead = Tagged("Get medical help at once if any of these appears:", type_.WARNING_TEXT)
        flags = blocks.box([lead, *blocks.bullets(report.red_flags)], warning=True)
        story += [blocks.heading("Warning signs"), flags]
    if report.further_tests:
        story += [blocks.heading("Tests advised"), *blocks.bullets(report.further_tests)]
    return story
