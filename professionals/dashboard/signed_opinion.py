"""What a specialist has signed: the opinion as it stands, its files, and the patient's questions about it."""

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from cases.services import casefile, followup
from cases.services import report as report_service
from config.kernel.errors import DomainError, NotFound
from professionals.dashboard.pages import caller, page, show_page, status_of
from professionals.dashboard.workspace import workspace_context

#: The files of a report: what each is called in addresses, its media type, and the name it is kept under.
FILES: Mapping[str, tuple[str, str]] = {
    "pdf": ("application/pdf", "report-{reference}-version-{version}.pdf"),
    "fhir": ("application/fhir+json", "report-{reference}-version-{version}.fhir.json"),
}


@require_GET
@page
def report(request: HttpRequest, case_id: UUID, version: int, kind: str) -> HttpResponse:
    """The report's PDF or FHIR document of one signed version, exactly as it was delivered."""
    media_type, name = FILES[kind]
    case = casefile.get_case(principal=caller(), case_id=case_id)
    found = report_service.report_file(principal=caller(), case_id=case_id, kind=kind, version=version)
    response = HttpResponse(found.content, content_type=media_type)
    response["Cache-Control"] = "private, no-store"
    kept = name.format(reference=case.reference, version=found.version)
    response["Content-Disposition"] = f'attachment; filename="{kept}"'
    return response


@require_POST
@page
def answer(request: HttpRequest, case_id: UUID, follow_up_id: UUID) -> HttpResponse:
    """Answer one question of the patient; what is refused keeps what was written."""
    text = request.POST.get("answer", "")
    try:
        followup.answer_follow_up(principal=caller(), case_id=case_id, follow_up_id=follow_up_id, text=text)
    except NotFound:
        raise
    except DomainError as refusal:
        kept = {"answer_refusal": refusal, "answer_to": follow_up_id, "answer_text": text}
        context = workspace_context(case_id) | kept
        return show_page(request, "dashboard/workspace.html", context, status=status_of(refusal))
    return redirect(f"/dashboard/cases/{case_id}#follow-ups")
