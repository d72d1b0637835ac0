"""What became of a case: its versions side by side, its timeline, and the report as the patient will get it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from cases.services import casefile, opinion, report
from cases.services import documents as documents_service
from config.kernel.errors import DomainError, NotFound
from professionals.dashboard.comparison import rows_of
from professionals.dashboard.pages import caller, ids, page, show_page, status_of
from professionals.dashboard.words import EVENTS, OUTCOMES, named, state, words

# The one page that shows another of our own addresses in itself.
_FRAMED = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; connect-src 'self';"
    " object-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
_MAX_MESSAGES = 50


@require_GET
@page
def versions(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Two signed versions side by side, the sealed first read beside the last, and what colleagues said."""
    who = caller()
    signed = opinion.list_versions(principal=who, case_id=case_id)
    numbers = sorted(one.number for one in signed)
    before = _number(request, "before", numbers[-2:][0] if numbers else 0)
    after = _number(request, "after", numbers[-1] if numbers else 0)
    changes = opinion.compare_versions(principal=who, case_id=case_id, before=before, after=after) if numbers else None
    found = opinion.judgements(principal=who, case_id=case_id)
    context = {
        "case": casefile.get_case(principal=who, case_id=case_id),
        "versions": signed,
        "before": before,
        "after": after,
        "rows": rows_of(changes.changes) if changes else (),
        "drift": _drift(case_id),
        "judgements": [(one, str(OUTCOMES.get(one.outcome, one.outcome))) for one in found],
    }
    return show_page(request, "dashboard/versions.html", context)


@require_GET
@page
def timeline(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Steps, questions and dated records, newest first."""
    events = [
        (one, str(EVENTS[one.kind]), state(one.text) if one.kind == "step" else one.text, words(one.actor))
        for one in reversed(casefile.timeline(principal=caller(), case_id=case_id))
    ]
    wanted = request.GET.get("show", "")
    context = {
        "case": casefile.get_case(principal=caller(), case_id=case_id),
        "events": [one for one in events if wanted != "records" or one[0].kind == "record"],
        "wanted": wanted,
    }
    return show_page(request, "dashboard/timeline.html", context)


@require_GET
@page
def preview(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The frame around the PDF, which says that nobody has signed it."""
    draft = opinion.get_draft(principal=caller(), case_id=case_id)
    context = {"case": casefile.get_case(principal=caller(), case_id=case_id), "draft": draft}
    return show_page(request, "dashboard/preview.html", context)


@require_GET
@page
def preview_pdf(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The PDF of the draft; only our own page may show it in itself."""
    response = HttpResponse(report.preview_report(principal=caller(), case_id=case_id), content_type="application/pdf")
    response["Cache-Control"] = "private, no-store"
    response["Content-Disposition"] = 'inline; filename="preview-not-signed.pdf"'
    response["Content-Security-Policy"] = _FRAMED
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


@require_http_methods(["GET", "POST"])
@page
def messages(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The messages of the case; to read them here is to have read them."""
    refusal, status, text = None, 200, ""
    if request.method == "POST":
        text = request.POST.get("text", "")
        try:
            opinion.send_message(
                principal=caller(), case_id=case_id, text=text, document_ids=ids(request.POST.getlist("document"))
            )
            return redirect(f"/dashboard/cases/{case_id}/messages")
        except NotFound:
            raise
        except DomainError as error:
            refusal, status = error, status_of(error)
    talk = opinion.read_messages(principal=caller(), case_id=case_id, limit=_MAX_MESSAGES)
    documents = documents_service.list_documents(principal=caller(), case_id=case_id)
    names = {one.id: named(one) for one in documents}
    thread = [(one, [names[i] for i in one.document_ids if i in names]) for one in reversed(talk.messages)]
    context = {
        "case": casefile.get_case(principal=caller(), case_id=case_id),
        "messages_shown": thread,
        "documents": [one for one in documents if one.name],
        "text": text,
        "refusal": refusal,
    }
    return show_page(request, "dashboard/messages.html", context, status=status)


def _drift(case_id: UUID) -> opinion.OpinionDrift | None:
    try:
        return opinion.drift_of(principal=caller(), case_id=case_id)
    except NotFound:
        return None


def _number(request: HttpRequest, name: str, usual: int) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else usual
