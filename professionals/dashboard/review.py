"""Peer review: the opinion of a colleague, the case without the person, and a verdict."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from cases.services import casefile
from cases.services import opinion as opinion_service
from config.kernel.errors import DomainError
from professionals.dashboard.opinion import read_only
from professionals.dashboard.pages import caller, page, show_page, status_of
from professionals.dashboard.worklist import attestation

VERDICTS = (
    ("agree", _("I agree")),
    ("minor_remarks", _("I agree, with minor remarks")),
    ("changes", _("Changes are needed")),
    ("major_disagreement", _("I disagree in substance")),
)


@require_http_methods(["GET", "POST"])
@page
def review(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Read, say that there is no conflict of interest, decide; all but a plain agreement needs reasons."""
    refusal, status = None, 200
    if request.method == "POST":
        try:
            opinion_service.review_opinion(
                principal=caller(),
                case_id=case_id,
                verdict=request.POST.get("verdict", ""),
                remarks=request.POST.get("remarks", ""),
                coi_attestation=attestation(request),
            )
            return redirect("/dashboard/")
        except DomainError as error:
            refusal, status = error, status_of(error)
    opinion = opinion_service.opinion_for_review(principal=caller(), case_id=case_id)
    case = casefile.get_case(principal=caller(), case_id=case_id)
    context = {
        "case": case,
        **read_only(case, opinion),
        "questions": [
            (key, text, request.POST.get(key, "")) for key, text in casefile.vocabulary().coi_questions.items()
        ],
        "verdicts": VERDICTS,
        "verdict": request.POST.get("verdict", ""),
        "remarks": request.POST.get("remarks", ""),
        "refusal": refusal,
    }
    return show_page(request, "dashboard/review.html", context, status=status)
