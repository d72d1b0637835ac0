"""The completeness board and the what-if page."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldBooleanWidget

from cases.adapters.questionnaires import CONDITIONS
from cases.domain.intake.completeness import CELLS
from cases.services.assignment.reassignment_preview import what_if
from cases.services.intake.completeness import GATHERING, BoardFilter, BoardRow, completeness_board
from config.kernel.auth import current_principal
from config.kernel.errors import DomainError
from config.kernel.labels import label

_ANY = ("", "any")


def _choice(title: str, values: Any) -> forms.ChoiceField:
    choices = [_ANY, *((str(one), label(str(one))) for one in values)]
    return forms.ChoiceField(label=title, choices=choices, required=False, widget=UnfoldAdminSelectWidget())


class BoardForm(forms.Form):
    """The filters."""

    state = _choice("State", GATHERING)
    condition = _choice("Condition", CONDITIONS)
    item = forms.SlugField(label="Record", required=False, max_length=40)
    item_state = _choice("which is", CELLS)
    late = forms.BooleanField(label="Beyond the promised day", required=False, widget=UnfoldBooleanWidget())


def board(request: HttpRequest) -> HttpResponse:
    """One page of the board, filtered."""
    form = BoardForm(request.GET or None)
    chosen = BoardFilter(**form.cleaned_data) if form.is_bound and form.is_valid() else BoardFilter()
    number = request.GET.get("page", "1")
    found = completeness_board(
        principal=current_principal(), chosen=chosen, page=int(number) if number.isdigit() and len(number) < 7 else 1
    )
    items = [("", "any"), *((one.code, one.name) for one in found.totals)]
    if chosen.item and chosen.item not in dict(items):
        items.append((chosen.item, chosen.item))
    form.fields["item"] = forms.ChoiceField(
        label="Record", choices=items, required=False, widget=UnfoldAdminSelectWidget()
    )
    form.order_fields(["state", "condition", "item", "item_state", "late"])
    kept = {name: value for name, value in vars(chosen).items() if value}
    context = {
        **admin.site.each_context(request),
        "title": "Completeness of records",
        "form": form,
        "board": found,
        "rows": [(row, _standing(row)) for row in found.rows],
        "columns": [label(one) for one in found.columns],
        "most": found.totals[0] if found.totals and found.totals[0].missing else None,
        "earlier": urlencode(kept | {"page": found.page - 1}) if found.page > 1 else "",
        "later": urlencode(kept | {"page": found.page + 1}) if found.page < found.pages else "",
    }
    return TemplateResponse(request, "cases/board.html", context)


def _standing(row: BoardRow) -> str:
    return ", ".join(label(one) for one in (row.state, row.condition, row.urgency) if one)


def reassign_what_if(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The scores of another specialist beside those of whoever has the case."""
    try:
        chosen = UUID(request.GET["professional"]) if request.GET.get("professional") else None
        found = what_if(principal=current_principal(), case_id=case_id, professional_id=chosen)
    except (DomainError, ValueError) as refusal:
        messages.error(request, refusal.detail if isinstance(refusal, DomainError) else "Choose a specialist.")
        return HttpResponseRedirect("../change/")
    context = {**admin.site.each_context(request), "title": "What if somebody else had the case?", "found": found}
    return TemplateResponse(request, "cases/what_if.html", context)
