"""The case workspace: records left, the opinion right."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import reswap, retarget

from analysis import services as analysis
from cases.services import casefile, documents, followup, opinion, report, workflow
from config.kernel.api import json_response
from config.kernel.errors import Conflict, DomainError, Invalid
from professionals.dashboard.coverage import DICOM, documents_with_gaps, imports_with_gaps
from professionals.dashboard.image_words import IMAGES, KEYS
from professionals.dashboard.opinion import read_only
from professionals.dashboard.pages import caller, data, ids, is_part, page, show_page, status_of
from professionals.dashboard.plots import HEIGHT, WIDTH, trends
from professionals.dashboard.words import SCRIPT, named, options

_STATE = workflow.State
SIGNED_STATES = frozenset({_STATE.SIGNED, _STATE.DELIVERED, _STATE.FOLLOW_UP, _STATE.AMENDING, _STATE.CLOSED})
WRITABLE_STATES = frozenset({_STATE.IN_REVIEW, _STATE.CLARIFICATION, _STATE.READY_TO_SIGN})


@dataclass(frozen=True)
class Shown:
    """A document with the numbers of its pages."""

    document: documents.DocumentDTO
    pages: range


@require_GET
@page
def workspace(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Everything of one case."""
    return show_page(request, "dashboard/workspace.html", workspace_context(case_id))


@require_POST
@page
def first_read(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Seal one's own impression."""
    text = request.POST.get("confidence", "")
    try:
        opinion.seal_first_read(
            principal=caller(),
            case_id=case_id,
            impression=request.POST.get("impression", ""),
            confidence=int(text) if text.isascii() and text.isdigit() else -1,
        )
    except DomainError as error:
        kept = {"impression": request.POST.get("impression", ""), "refusal": error}
        return show_page(
            request, "dashboard/workspace.html", workspace_context(case_id) | kept, status=status_of(error)
        )
    return redirect(f"/dashboard/cases/{case_id}#findings")


@require_POST
@page
def decide(request: HttpRequest, finding_id: UUID) -> HttpResponse:
    """Accept, edit or reject one machine finding as it was shown; without a script, the workspace follows."""
    decision, words = request.POST.get("decision", ""), request.POST.get("words", "")
    try:
        finding = analysis.decide_finding(
            principal=caller(),
            finding_id=finding_id,
            decision=decision,
            text=words if decision == "edit" else "",
            reason=words if decision == "reject" else "",
            expected_version=_version_shown(request),
        )
    except DomainError as error:
        if not is_part(request):
            raise
        refusal = show_page(request, "dashboard/_told.html", {"told": error.detail}, status=status_of(error))
        # Beside the finding, which stays as it is with what was written.
        return reswap(retarget(refusal, f"#decided-{finding_id}"), "innerHTML")
    if not is_part(request):
        return redirect(f"/dashboard/cases/{finding.case_id}#finding-{finding_id}")
    waiting = sum(one.decision == "proposed" for one in _findings(finding.case_id))
    return show_page(request, "dashboard/_finding.html", {"f": finding, "writable": True, "undecided_now": waiting})


def _version_shown(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid("Load the page again, then decide.", code="form_invalid")
    return int(text)


@require_POST
@page
def ask(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Ask the patient; the clock stops."""
    days = request.POST.get("due_days", "14")
    opinion.ask(
        principal=caller(),
        case_id=case_id,
        question=request.POST.get("question", ""),
        document_ids=ids(request.POST.getlist("document")),
        due_days=int(days) if days.isascii() and days.isdecimal() else 0,
    )
    return redirect(f"/dashboard/cases/{case_id}#questions")


@require_POST
@page
def find(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Places in the documents: as a part of the page for its script, as the whole page without one."""
    told: dict[str, Any] = {}
    try:
        told["found"] = casefile.find_in_documents(
            principal=caller(), case_id=case_id, words=request.POST.get("words", "")
        )
    except Invalid as refusal:
        told["find_refusal"] = refusal
    status = 400 if "find_refusal" in told else 200
    if is_part(request):
        return show_page(request, "dashboard/_hits.html", told, status=status)
    return show_page(request, "dashboard/workspace.html", workspace_context(case_id) | told, status=status)


@require_GET
@page
def page_image(request: HttpRequest, document_id: UUID, number: int, size: str) -> HttpResponse:
    """A page's picture, drawn by us."""
    image = documents.page_image(
        principal=caller(), document_id=document_id, number=number, thumbnail=size == "thumbnail"
    )
    response = HttpResponse(image, content_type="image/webp")
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
@data
def page_lines(request: HttpRequest, document_id: UUID, number: int) -> HttpResponse:
    """A page's lines with their places, to highlight a finding's source."""
    text = documents.page_text(principal=caller(), document_id=document_id, number=number)
    return json_response(
        {
            "lines": [
                {"text": x.text, "start": x.start, "end": x.end, "box": [x.x0, x.y0, x.x1, x.y1]} for x in text.lines
            ]
        }
    )


def workspace_context(case_id: UUID) -> dict[str, Any]:
    """What the workspace shows of a case of the caller."""
    found = casefile.workspace(principal=caller(), case_id=case_id, language=get_language() or "")
    draft = dict(found.draft.content) if found.draft else {}
    findings = _findings(case_id) if found.sealed else ()
    return {
        "case": found.case,
        "sealed": found.sealed,
        "documents": [_shown(d) for d in found.documents if d.media_type != DICOM],
        "has_images": any(d.media_type == DICOM for d in found.documents),
        "image_words": {name: str(text) for name, text in IMAGES.items()},
        "image_keys": KEYS,
        "coverage": found.coverage,
        "gaps": documents_with_gaps(found.coverage),
        "import_gaps": imports_with_gaps(found.coverage),
        "findings": findings,
        **_read_again(found),
        "undecided": sum(1 for finding in findings if finding.decision == "proposed"),
        "laboratory": trends([one for one in findings if one.kind == "laboratory" and "value" in one.data]),
        "script_words": {name: str(text) for name, text in SCRIPT.items()},
        "plot": {"width": WIDTH, "height": HEIGHT},
        "questions": _asked(found),
        "draft": draft,
        "version": found.draft.version if found.draft else 0,
        "answers": _answers(found.case, draft),
        "options": options(draft),
        "writable": found.case.state in WRITABLE_STATES,
        **_signed(found.case),
    }


def _shown(document: documents.DocumentDTO) -> Shown:
    """One that has no name for the caller is not opened to them either, so no page of it is drawn."""
    return Shown(document, range(1, document.page_count + 1 if document.name else 1))


def _read_again(found: casefile.WorkspaceDTO) -> dict[str, Any]:
    """What a newer reading of the records says otherwise, and how many were not read again, or look like another's."""
    changes = analysis.changes_of_case(principal=caller(), case_id=found.case.id) if found.sealed else ()
    return {
        "changes": changes,
        "asked_again": sum(change.state == "asked" for change in changes),
        "kept": found.rereadings.count(workflow.RereadingState.KEPT),
        "asked_whose": found.rereadings.count(workflow.RereadingState.ASKED),
    }


def _signed(case: casefile.CaseDTO) -> dict[str, Any]:
    """The newest signed version with its files and the questions about it; nothing while none is signed."""
    if case.state not in SIGNED_STATES:
        return {}
    versions = opinion.list_versions(principal=caller(), case_id=case.id)
    if not versions:
        return {}
    newest = opinion.get_version(principal=caller(), case_id=case.id, number=versions[0].number)
    reports = {one.opinion_number: one for one in report.list_reports(principal=caller(), case_id=case.id)}
    return {
        "signed": read_only(case, newest),
        "signed_report": reports.get(newest.number),
        "follow_ups": followup.list_follow_ups(principal=caller(), case_id=case.id),
    }


def _asked(found: casefile.WorkspaceDTO) -> list[tuple[opinion.ClarificationDTO, list[str], list[str]]]:
    """Each question with the names of the documents that it, and its answer, point at."""
    names = {one.id: named(one) for one in found.documents}
    return [
        (
            one,
            [names[i] for i in one.question_documents if i in names],
            [names[i] for i in one.answer_documents if i in names],
        )
        for one in found.clarifications
    ]


def _findings(case_id: UUID) -> tuple[analysis.FindingDTO, ...]:
    """A case without the consent to machine reading has none."""
    try:
        return analysis.findings_for_case(principal=caller(), case_id=case_id)
    except Conflict:
        return ()


def _answers(case: casefile.CaseDTO, draft: dict[str, Any]) -> list[dict[str, Any]]:
    given = {answer.get("question"): answer for answer in draft.get("answers", ())}
    return [{"number": number, "text": text} | dict(given.get(number, {})) for number, text in case.questions]
