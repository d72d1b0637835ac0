"""People we cannot reach: who waits for a call, who makes it, and how it ended."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget

from config.kernel.admin import PlatformModelAdmin, short_id
from config.kernel.admin.refusals import tell_refusal
from config.kernel.auth import current_principal
from config.kernel.errors import DomainError, NotFound
from config.kernel.labels import label
from identity import services as identity
from notifications.domain.mail_texts import LANGUAGES
from notifications.domain.state_machines import EscalationState
from notifications.models import Escalation
from notifications.services.escalation import OUTCOMES, REACHERS, claim, close, give_back


@dataclass(frozen=True, kw_only=True)
class Contact:
    """What staff may see of somebody's contact data."""

    email: str
    email_verified: bool
    phone: str
    language: str
    country: str


def _contact(row: Escalation) -> Contact | None:
    """Masked, and written down; ``None`` for roles that see none."""
    try:
        person = identity.view_person(principal=current_principal(), user_id=row.user_id)
    except NotFound:
        return None
    number = identity.verified_phones(user_ids=[row.user_id]).get(row.user_id, "")
    return Contact(
        email=person.email,
        email_verified=person.email_verified,
        phone=f"{number[:3]}…{number[-3:]}" if number else "",
        language=LANGUAGES.get(person.locale, person.locale),
        country=person.country,
    )


class OutcomeForm(forms.Form):
    """How it ended."""

    outcome = forms.ChoiceField(
        label="How it ended",
        choices=[("", "—"), *((one, label(one)) for one in OUTCOMES)],
        widget=UnfoldAdminSelectWidget(),
    )


@admin.register(Escalation)
class EscalationAdmin(PlatformModelAdmin):
    """Notices that must be read; unreached: no channel led to it within a day."""

    view_roles = act_roles = REACHERS
    id_search = ("id", "user_id", "notice_id")
    patient_field = "user_id"
    list_display = ("created_at", "about", "person", "state", "channel", "unreached_at", "caller", "outcome")
    list_filter = ("state",)
    list_select_related = ("notice",)
    fields = readonly_fields = (
        "id",
        "about",
        "user_id",
        "state",
        "channel",
        "created_at",
        "next_at",
        "unreached_at",
        "claimed_by",
        "claimed_at",
        "closed_at",
        "outcome",
    )
    actions_detail = ("reach",)

    @admin.display(description="About")
    def about(self, row: Escalation) -> str:
        """The kind of the notice."""
        return label(row.notice.kind or row.notice.template)

    @admin.display(description="Person")
    def person(self, row: Escalation) -> str:
        """The id's end."""
        return short_id(row.user_id)

    @admin.display(description="Who calls")
    def caller(self, row: Escalation) -> str:
        """The id's end."""
        return short_id(row.claimed_by)

    @action(description="Take it, give it back, close it…", url_path="reach", permissions=["act"])
    def reach(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """One person at a time calls; whoever calls says how it ended."""
        row = self.get_object(request, object_id)
        if row is None:
            return HttpResponseRedirect("../../")
        form = OutcomeForm(request.POST if request.POST.get("act") == "close" else None)
        if request.method == "POST" and self._acted(request, row, form):
            return HttpResponseRedirect(request.get_full_path())
        mine = row.state == EscalationState.CLAIMED and row.claimed_by == current_principal().user_id
        context = {
            **self.admin_site.each_context(request),
            "title": "Somebody we cannot reach",
            "row": row,
            "about": self.about(row),
            "state": label(row.state),
            "form": form,
            "may_claim": row.state == EscalationState.UNREACHED,
            "is_mine": mine,
            "outcome": label(row.outcome).lower(),
            "contact": _contact(row) if mine else None,
            "elsewhere": row.state == EscalationState.CLAIMED and not mine,
        }
        return TemplateResponse(request, "notifications/reach.html", context)

    def _acted(self, request: HttpRequest, row: Escalation, form: OutcomeForm) -> bool:
        act = request.POST.get("act")
        who: dict[str, Any] = {"principal": current_principal(), "escalation_id": row.id}
        try:
            if act == "claim":
                claim(**who)
                messages.success(request, "It is yours: call, then say how it ended.")
            elif act == "give_back":
                give_back(**who)
                messages.success(request, "Somebody else can take it.")
            elif form.is_valid():
                close(**who, outcome=form.cleaned_data["outcome"])
                messages.success(request, "Closed.")
            else:
                return False
        except DomainError as refusal:
            tell_refusal(request, refusal)
            return False
        return True
