"""The page on which staff move a case: what may happen next, what stands against it, and who could take the case."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from cases.admin.forms import OfferForm, StepForm, WaiveForm, step_name
from cases.domain.workflow.states import State
from cases.services import assignment, casefile, documents, opinion, workflow
from config.kernel.auth import Principal, current_principal
from config.kernel.errors import DomainError, NotFound
from config.kernel.labels import label

OFFERING = ("coordinator", "medical_director", "administrator")


def steer(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show the forms that the caller's role may use; a POST calls the service of the one that was sent."""
    principal = current_principal()
    try:
        page = casefile.case_page(principal=principal, case_id=case_id)
    except NotFound:
        messages.error(request, "A draft is its patient's alone.")
        return HttpResponseRedirect("../../")
    forms = _forms(request, principal, page)
    if request.method == "POST":
        name = request.POST.get("form", "")
        form = forms.get(name)
        if form is not None and form.is_valid() and _done(request, lambda: _ACTIONS[name](principal, case_id, form)):
            return HttpResponseRedirect(request.get_full_path())
    steps = workflow.transitions_for(principal=principal, case_id=case_id)
    matching = _matching(principal, page)
    context = {
        **admin.site.each_context(request),
        "title": f"{page['reference']} · {label(page['state'])}",
        "page": page,
        "turn": label(page["turn"] or "nobody"),
        "steps": [(step_name(step), step.satisfied_by) for step in steps],
        "checklist": [(label(item["code"]), item) for item in page["checklist"]],
        "obstacles": matching.obstacles if matching else (),
        "candidates": matching.candidates if matching else (),
        "excluded": matching.excluded if matching else (),
        "forms": forms,
    }
    return TemplateResponse(request, "cases/steer.html", context)


def _forms(request: HttpRequest, principal: Principal, page: dict[str, Any]) -> dict[str, Form]:
    """The forms for this case and this caller, the sent one bound."""
    sent = request.POST.get("form") if request.method == "POST" else None
    data = {name: request.POST if sent == name else None for name in ("step", "offer", "peer", "waive")}
    found: dict[str, Form] = {}
    steps = workflow.transitions_for(principal=principal, case_id=page["id"])
    if steps:
        initial = {
            "version": page["version"],
            **{k: page[k] for k in ("urgency", "specialty", "service_type", "legal_basis")},
        }
        found["step"] = StepForm(data["step"], steps=steps, initial=initial)
    matching = _matching(principal, page)
    if matching is not None and matching.candidates:
        name = "peer" if page["state"] == State.PEER_REVIEW else "offer"
        found[name] = OfferForm(data[name], candidates=matching.candidates)
    missing = [item["code"] for item in page["checklist"] if not item["present"] and not item["waived"]]
    if missing and principal.has("coordinator"):
        found["waive"] = WaiveForm(data["waive"], codes=missing)
    return found


def _matching(principal: Principal, page: dict[str, Any]) -> assignment.MatchingDTO | None:
    if page["state"] not in (State.MATCHING, State.PEER_REVIEW) or not principal.has(*OFFERING):
        return None
    return assignment.candidates(principal=principal, case_id=page["id"])


def _done(request: HttpRequest, act: Callable[[], object]) -> bool:
    try:
        act()
    except DomainError as refusal:
        messages.error(request, refusal.detail)
        return False
    messages.success(request, "Done.")
    return True


def _step(principal: Principal, case_id: UUID, form: Any) -> None:
    workflow.move(
        principal=principal,
        case_id=case_id,
        to=form.cleaned_data["to"],
        expected_version=form.cleaned_data["version"],
        reason=form.cleaned_data["reason"],
        data=form.details(),
    )


def _offer(principal: Principal, case_id: UUID, form: Any) -> None:
    chosen = UUID(form.cleaned_data["professional_id"])
    assignment.offer_case(principal=principal, case_id=case_id, professional_id=chosen)


def _peer(principal: Principal, case_id: UUID, form: Any) -> None:
    chosen = UUID(form.cleaned_data["professional_id"])
    opinion.assign_peer(principal=principal, case_id=case_id, professional_id=chosen)


def _waive(principal: Principal, case_id: UUID, form: Any) -> None:
    documents.waive_item(principal=principal, case_id=case_id, **form.cleaned_data)


_ACTIONS: dict[str, Callable[[Principal, UUID, Any], None]] = {
    "step": _step,
    "offer": _offer,
    "peer": _peer,
    "waive": _waive,
}
