"""Campaigns: what is planned, whom it would reach and at which pace, the steps that the caller may take, the report."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget, UnfoldBooleanWidget

from config.kernel.admin import PlatformModelAdmin, audited
from config.kernel.admin.home import Bar, Figure
from config.kernel.admin.refusals import tell_refusal
from config.kernel.auth import current_principal
from config.kernel.errors import DomainError
from config.kernel.labels import label
from notifications import services
from notifications.admin.campaign_forms import PlanForm
from notifications.domain.mail_texts import LANGUAGES
from notifications.domain.state_machines import CampaignState
from notifications.domain.template_bodies import CHANNELS
from notifications.models import Campaign
from notifications.services.campaigns.drafts import WRITERS

S = CampaignState
Act = tuple[forms.Form | None, Callable[[Any], object]]
# What the buttons say.
NAMES = {
    "test": "Send it to me",
    "submit": "Submit for approval",
    "approve": "Approve",
    "start": "Start now",
    "pause": "Pause",
    "resume": "Go on",
    "cancel": "Cancel for good",
}


DONE = {
    "test": "It is on its way to you.",
    "submit": "It waits for a second person.",
    "approve": "It goes out at its time.",
    "start": "It has begun.",
    "pause": "It is paused: within a minute nothing leaves any more.",
    "resume": "It goes on at its pace.",
    "cancel": "It has ended for good.",
}
SMALL_AUDIENCE = (
    "Only {people} people are of its audience, fewer than 20: that is nearly by name. If this is meant, tick the box"
    " and approve it again."
)


class ApproveForm(forms.Form):
    """What is asked of the second person."""

    small_audience = forms.BooleanField(
        label="Fewer than twenty people are meant", required=False, widget=UnfoldBooleanWidget()
    )


class CancelForm(forms.Form):
    """Whether it is meant: nothing brings it back."""

    sure = forms.BooleanField(label="Yes, end it for good; nothing brings it back", widget=UnfoldBooleanWidget())


class PauseForm(forms.Form):
    """Why."""

    reason = forms.CharField(label="Why it is paused", max_length=120, widget=UnfoldAdminTextInputWidget())


@admin.register(Campaign)
class CampaignAdmin(PlatformModelAdmin):
    """SUBMITTED ones wait for a second person, PAUSED ones for somebody who looks."""

    view_roles = act_roles = WRITERS
    id_search = ("id",)
    code_search = ("template",)
    as_written = frozenset({"name", "zone", "pause_reason"})
    list_display = ("created_at", "name", "state", "template", "category", "per_minute", "people", "started_at")
    list_filter = ("state",)
    fields = readonly_fields = (
        "id",
        "name",
        "state",
        "pause_reason",
        "template",
        "template_version",
        "category",
        "channels",
        "audience",
        "starts_on",
        "starts_time",
        "zone",
        "latest_start",
        "window_from",
        "window_to",
        "per_minute",
        "author_id",
        "submitted_by",
        "approved_by",
        "people_at_approval",
        "people",
        "started_at",
        "ended_at",
    )
    actions_list = ("plan",)
    actions_detail = ("desk",)

    @action(description="Plan a campaign…", url_path="plan", permissions=["act"])
    def plan(self, request: HttpRequest) -> HttpResponse:
        """A draft, or everything that stands against it."""
        form = PlanForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                made = services.create_campaign(principal=current_principal(), plan=form.plan())
            except DomainError as refusal:
                form.take(refusal)
            else:
                messages.success(request, "It is a draft. Look at its preview, then submit it.")
                return HttpResponseRedirect(f"../{made.id}/desk/")
        context = {**self.admin_site.each_context(request), "title": "Plan a campaign", "form": form}
        return TemplateResponse(request, "notifications/campaign_plan.html", context)

    @action(description="Preview, steps, report…", url_path="desk", permissions=["act"])
    def desk(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """All of one campaign, and what the caller may do with it now."""
        row = self.get_object(request, object_id)
        if row is None:
            messages.error(request, "There is no such campaign.")
            return HttpResponseRedirect("../../")
        acts = _acts(row, request)
        sent = request.POST.get("form", "") if request.method == "POST" else ""
        if sent in acts and _done(request, sent, *acts[sent]):
            return HttpResponseRedirect(request.get_full_path())
        audited("notifications", "read", "campaign", row.id)
        who: dict[str, Any] = {"principal": current_principal(), "campaign_id": UUID(str(row.id))}
        report = services.campaign_report(**who)
        context = {
            **self.admin_site.each_context(request),
            "title": f"{row.name} · {label(row.state)}",
            "row": row,
            "channels": ", ".join(CHANNELS.get(one, label(one)) for one in row.channels),
            "audience": [(label(name), _told(value)) for name, value in row.audience.items()],
            "pause_reason": label(row.pause_reason),
            "text": f"{label(row.template)}, version {row.template_version}",
            "preview": services.preview_campaign(**who) if row.state in (S.DRAFT, S.SUBMITTED, S.SCHEDULED) else None,
            "report": report,
            "figures": _figures(report),
            "forms": [(name, NAMES[name], form) for name, (form, _) in acts.items()],
        }
        return TemplateResponse(request, "notifications/campaign_desk.html", context)


def _acts(row: Campaign, request: HttpRequest) -> dict[str, Act]:
    who: dict[str, Any] = {"principal": current_principal(), "campaign_id": UUID(str(row.id))}
    posted = request.POST if request.method == "POST" else None
    sent = posted.get("form") if posted is not None else None
    found: dict[str, Act] = {}
    if row.state == S.DRAFT:
        found["test"] = None, lambda _: services.try_campaign(**who)
        found["submit"] = None, lambda _: services.submit_campaign(**who)
    second = current_principal().user_id not in (row.author_id, row.submitted_by)
    if row.state == S.SUBMITTED and second:
        approval = ApproveForm(posted if sent == "approve" else None)
        found["approve"] = approval, lambda form: services.approve_campaign(**who, **form.cleaned_data)
    if row.state == S.SCHEDULED:
        found["start"] = None, lambda _: services.start_campaign(**who)
    if row.state == S.RUNNING:
        pause = PauseForm(posted if sent == "pause" else None)
        found["pause"] = pause, lambda form: services.pause_campaign(**who, **form.cleaned_data)
    if row.state == S.PAUSED:
        found["resume"] = None, lambda _: services.resume_campaign(**who)
    if row.state not in (S.FINISHED, S.CANCELLED):
        cancel = CancelForm(posted if sent == "cancel" else None)
        found["cancel"] = cancel, lambda _: services.cancel_campaign(**who)
    return found


def _done(request: HttpRequest, name: str, form: forms.Form | None, act: Callable[[Any], object]) -> bool:
    if form is not None and not form.is_valid():
        return False
    try:
        act(form)
    except DomainError as refusal:
        if refusal.code == "audience_small":
            messages.error(request, SMALL_AUDIENCE.format(people=refusal.extra["people"]))
        else:
            tell_refusal(request, refusal)
        return False
    messages.success(request, DONE[name])
    return True


def _figures(report: services.CampaignReport) -> tuple[Figure, ...]:
    """The plots of a report, each with its numbers."""
    people = {"waiting": report.waiting, "handed over for sending": report.given, **report.left_out}
    plots = (
        ("People", people, "Everybody of the audience."),
        ("By state", report.by_state, "Messages."),
        ("By channel", report.by_channel, "Messages."),
        ("By day", report.by_day, "Messages, days in UTC."),
    )
    found = [
        Figure(
            title, tuple(Bar(name if title == "By day" else label(name), count) for name, count in bars.items()), note
        )
        for title, bars, note in plots
    ]
    if len(report.variants) > 1:
        read = {f"{one.variant}, read": one.read for one in report.variants}
        got = {one.variant: one.people for one in report.variants}
        bars = tuple(Bar(name, count) for name, count in sorted((got | read).items()))
        found.append(Figure("By variant", bars, "People who got it, and who read it on the platform."))
    return tuple(found)


def _told(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(LANGUAGES.get(str(one)) or label(one) for one in value)
    return "yes" if value else "no"
