"""The worklist, offers, and live news."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.dateformat import format as date_format
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.services import assignment, casefile
from config.kernel import clock
from config.kernel.api import json_response
from config.kernel.errors import DomainError
from notifications import services as notifications
from professionals import services
from professionals.dashboard.pages import caller, data, ids, page, show_page, status_of
from professionals.dashboard.words import state, words
from professionals.dashboard.worklist_filters import choices, chosen_in, fits, query


@require_GET
@page
def worklist(request: HttpRequest) -> HttpResponse:
    """Offers first, then cases by due time."""
    items = casefile.worklist(principal=caller())
    chosen, instant = chosen_in(request.GET.dict()), clock.now()
    mine = [item for item in items if item.kind == "case"]
    shown = [item for item in mine if fits(item, chosen, instant)]
    offers = [item for item in items if item.kind == "offer"]
    reviews = [item for item in items if item.kind == "review"]
    context = {
        "offers": offers,
        "reviews": reviews,
        "cases": [_line(item, instant) for item in shown],
        "choices": choices((item.state for item in mine), chosen),
        "chosen": chosen,
        "views": [(one, query(one.chosen), one.chosen == chosen) for one in services.list_views(principal=caller())],
        "now": instant,
    }
    return show_page(request, "dashboard/worklist.html", context)


@dataclass(frozen=True)
class Line:
    """A case as the list shows it, worded here: a template that looks every word up for 200 cases is slow."""

    path: str
    title: str
    about: str
    state: str
    mine: bool
    due_at: str
    due: str
    late: bool
    messages: int
    answers: int
    documents: int
    follow_ups: int


def _line(item: casefile.WorkItem, instant: datetime) -> Line:
    due = item.promised_at
    return Line(
        path=f"/dashboard/cases/{item.case_id}",
        title=item.title,
        about=f"{item.reference} · {words(item.specialty)}",
        state=state(item.state),
        mine=item.turn == "specialist",
        due_at=due.isoformat() if due else "",
        due=date_format(due, "j M, H:i") if due else "",
        late=due is not None and due < instant,
        messages=item.unread_messages,
        answers=item.new_answers,
        documents=item.new_documents,
        follow_ups=item.open_follow_ups,
    )


@require_http_methods(["GET", "POST"])
@page
def offer(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What may be known before acceptance, the conflict questions, accept and decline."""
    refusal, status = None, 200
    if casefile.case_access(principal=caller(), case_id=case_id).relation is casefile.Relation.ASSIGNED:
        return redirect(f"/dashboard/cases/{case_id}")
    if request.method == "POST":
        if request.POST.get("answer") == "decline":
            assignment.decline_offer(principal=caller(), case_id=case_id)
            return redirect("/dashboard/")
        try:
            assignment.accept_offer(principal=caller(), case_id=case_id, coi_attestation=attestation(request))
            return redirect(f"/dashboard/cases/{case_id}")
        except DomainError as error:
            refusal, status = error, status_of(error)
    context = {
        "case": casefile.get_case(principal=caller(), case_id=case_id),
        "questions": [
            (key, text, request.POST.get(key, "")) for key, text in casefile.vocabulary().coi_questions.items()
        ],
        "refusal": refusal,
    }
    return show_page(request, "dashboard/offer.html", context, status=status)


def attestation(request: HttpRequest) -> dict[str, bool]:
    """Answered questions only: an unanswered one is refused by name, not taken for a no."""
    given = {key: request.POST.get(key) for key in casefile.vocabulary().coi_questions}
    return {key: answer == "yes" for key, answer in given.items() if answer in ("yes", "no")}


@require_POST
@data
def ticket(request: HttpRequest) -> HttpResponse:
    """A ticket for the live socket."""
    return json_response({"ticket": notifications.issue_socket_ticket(principal=caller())})


@require_GET
@data
def notices(request: HttpRequest) -> HttpResponse:
    """The newest notices, for where no socket can be had."""
    rows, _ = notifications.list_notices(user_id=caller().require_user_id(), limit=20, language=get_language() or "")
    return json_response({"results": rows})


@require_http_methods(["GET", "POST"])
@page
def news(request: HttpRequest) -> HttpResponse:
    """All news, or those that were not read; POST marks them read."""
    principal = caller()
    if request.method == "POST":
        notifications.mark_read(principal=principal)
        return redirect("/dashboard/news")
    unread_only = request.GET.get("unread") == "true"
    after = ids([request.GET["after"]])[0] if request.GET.get("after") else None
    found = notifications.inbox(
        principal=principal, language=get_language() or "", unread_only=unread_only, after=after
    )
    return show_page(request, "dashboard/news.html", {"found": found, "unread_only": unread_only})
