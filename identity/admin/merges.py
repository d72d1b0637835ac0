"""Two accounts of one patient: proposed by one person of staff, decided by another, separated when it was wrong."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from config.kernel.admin import PlatformModelAdmin, audited, short_id
from config.kernel.auth import current_principal
from config.kernel.auth.second_person import is_second_person
from config.kernel.errors import DomainError
from identity import services
from identity.domain.state_machines import MergeState
from identity.models import PatientMerge
from identity.services.privacy.merges import DECIDERS, PROPOSERS

_ID = {"widget": UnfoldAdminTextInputWidget()}


class ProposeForm(forms.Form):
    """Which two, which of them remains, and how one knows."""

    survivor_id = forms.UUIDField(label="Account that remains (id)", **_ID)
    alias_id = forms.UUIDField(label="Account that is joined with it, and closed (id)", **_ID)
    reason = forms.CharField(
        label="How it is known that both are one person's",
        max_length=300,
        widget=UnfoldAdminTextareaWidget({"rows": 2}),
    )


class ReasonForm(forms.Form):
    """Why they are two people after all."""

    reason = forms.CharField(label="Why they are separated", max_length=300, widget=UnfoldAdminTextInputWidget())


@admin.register(PatientMerge)
class PatientMergeAdmin(PlatformModelAdmin):
    """Ids and how like the accounts are: no names, no dates of birth."""

    view_roles = frozenset(PROPOSERS)
    act_roles = frozenset(PROPOSERS)
    id_search = ("id", "survivor_id", "alias_id")
    patient_field = "survivor_id"
    as_written = frozenset({"reason", "separated_because"})
    list_display = ("created_at", "remains", "joined", "state", "proposer", "decider", "expires_at")
    list_filter = ("state",)
    fields = readonly_fields = (
        "id",
        "survivor_id",
        "alias_id",
        "state",
        "reason",
        "likeness",
        "proposed_by",
        "expires_at",
        "decided_by",
        "decided_at",
        "separated_by",
        "separated_at",
        "separated_because",
    )
    actions_list = ("propose",)
    actions_detail = ("decide",)

    @admin.display(description="Remains")
    def remains(self, row: PatientMerge) -> str:
        """The id's end."""
        return short_id(row.survivor_id)

    @admin.display(description="Joined")
    def joined(self, row: PatientMerge) -> str:
        """The id's end."""
        return short_id(row.alias_id)

    @admin.display(description="Proposed by")
    def proposer(self, row: PatientMerge) -> str:
        """The id's end."""
        return short_id(row.proposed_by)

    @admin.display(description="Decided by")
    def decider(self, row: PatientMerge) -> str:
        """The id's end."""
        return short_id(row.decided_by)

    @action(description="Propose to join two accounts…", url_path="propose", permissions=["act"])
    def propose(self, request: HttpRequest) -> HttpResponse:
        """The two are compared; what stands against it is said."""
        form = ProposeForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            given: dict[str, Any] = form.cleaned_data
            try:
                found = services.propose_merge(principal=current_principal(), **given)
                messages.success(request, "Proposed; a second person decides.")
                return HttpResponseRedirect(f"../{found.id}/decide/")
            except DomainError as refusal:
                messages.error(request, refusal.detail)
        return self._page(request, {"title": "Join two accounts of one patient", "forms": {"propose": form}})

    @action(description="Decide, withdraw, separate…", url_path="decide", permissions=["act"])
    def decide(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What the caller may do with this merge now."""
        row = self.get_object(request, object_id)
        if row is None:
            messages.error(request, "There is no such merge.")
            return HttpResponseRedirect("../../")
        acts = _acts(row, request)
        sent = request.POST.get("form", "") if request.method == "POST" else ""
        if sent in acts and _done(request, *acts[sent]):
            return HttpResponseRedirect(request.get_full_path())
        audited("identity", "read", "patientmerge", row.id, patient_id=row.survivor_id)
        content = {
            "title": f"Merge · {row.get_state_display()}",
            "row": row,
            "forms": {name: form for name, (form, _) in acts.items()},
        }
        return self._page(request, content)

    def _page(self, request: HttpRequest, content: dict[str, Any]) -> HttpResponse:
        context = {**self.admin_site.each_context(request), **content}
        return TemplateResponse(request, "identity/merge.html", context)


Act = tuple[forms.Form | None, Callable[[Any], object]]


def _acts(row: PatientMerge, request: HttpRequest) -> dict[str, Act]:
    principal = current_principal()
    who: dict[str, Any] = {"principal": principal, "merge_id": UUID(str(row.id))}
    found: dict[str, Act] = {}
    if row.state == MergeState.PROPOSED:
        concerned = (row.proposed_by, row.survivor_id, row.alias_id)
        if principal.has(*DECIDERS) and is_second_person(principal.user_id, not_one_of=concerned):
            found["join"] = None, lambda _: services.decide_merge(**who, approve=True)
            found["refuse"] = None, lambda _: services.decide_merge(**who, approve=False)
        found["withdraw"] = None, lambda _: services.withdraw_merge(**who)
    if row.state == MergeState.MERGED and principal.has(*DECIDERS):
        form = ReasonForm(request.POST if request.POST.get("form") == "separate" else None)
        found["separate"] = form, lambda f: services.separate_patients(**who, reason=f.cleaned_data["reason"])
    return found


def _done(request: HttpRequest, form: forms.Form | None, act: Callable[[Any], object]) -> bool:
    if form is not None and not form.is_valid():
        return False
    try:
        act(form)
    except DomainError as refusal:
        messages.error(request, refusal.detail)
        return False
    messages.success(request, "Done.")
    return True
