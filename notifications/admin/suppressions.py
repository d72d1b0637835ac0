"""Addresses that nothing is sent to any more, as digests of them; and letting them go again, with a reason."""

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from config.kernel.admin import PlatformModelAdmin
from config.kernel.admin.refusals import tell_refusal
from config.kernel.auth import current_principal
from config.kernel.errors import DomainError
from config.kernel.labels import label
from notifications.models import Suppression
from notifications.services.addresses.suppression_release import LIFTERS, lift


class LiftForm(forms.Form):
    """Why it may be written to again."""

    reason = forms.CharField(
        label="Why it may be written to again (no name, no address)",
        min_length=8,
        max_length=200,
        widget=UnfoldAdminTextInputWidget(),
    )


@admin.register(Suppression)
class SuppressionAdmin(PlatformModelAdmin):
    """Which channel, why, and until when."""

    view_roles = act_roles = LIFTERS
    id_search = ("id", "delivery_id")
    list_display = ("created_at", "channel", "reason", "until")
    list_filter = ("reason",)
    fields = readonly_fields = ("id", "channel", "reason", "created_at", "until", "delivery_id")
    actions_detail = ("lift_it",)

    @action(description="Write to it again…", url_path="lift", permissions=["act"])
    def lift_it(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The next message goes out again; if it comes back once more, the address is suppressed once more."""
        row = self.get_object(request, object_id)
        if row is None:
            return HttpResponseRedirect("../../")
        form = LiftForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                lift(principal=current_principal(), suppression_id=row.id, reason=form.cleaned_data["reason"])
            except DomainError as refusal:
                tell_refusal(request, refusal)
            else:
                messages.success(request, "The address is written to again.")
                return HttpResponseRedirect("../../")
        context = {
            **self.admin_site.each_context(request),
            "title": "Write to it again",
            "row": row,
            "channel": label(row.channel),
            "reason": row.get_reason_display(),
            "form": form,
        }
        return TemplateResponse(request, "notifications/lift.html", context)
