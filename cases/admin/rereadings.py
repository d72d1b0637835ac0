"""Documents that were read again, and signed reports at which the medical director looks again."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from unfold.decorators import action

from cases.admin.forms import RecheckForm, SettleForm
from cases.models import ReportRecheck, Rereading
from cases.services import workflow
from config.kernel.admin import PlatformModelAdmin, short_id
from config.kernel.auth import STAFF_ROLES, current_principal
from config.kernel.errors import DomainError


def _settled(request: HttpRequest, form: forms.Form, title: str, settle: Callable[[], object]) -> HttpResponse:
    """The form, or after it the page where it was opened, with what came of it."""
    if request.method == "POST" and form.is_valid():
        try:
            settle()
        except DomainError as refusal:
            messages.error(request, refusal.detail)
        else:
            messages.success(request, "Noted.")
        return HttpResponseRedirect("../../")
    context: dict[str, Any] = {**admin.site.each_context(request), "title": title, "forms": {"settle": form}}
    return TemplateResponse(request, "cases/steer.html", context)


@admin.register(Rereading)
class RereadingAdmin(PlatformModelAdmin):
    """Filter by ASKED for those that look like another person's, by KEPT for those that could not be read again."""

    view_roles = STAFF_ROLES
    act_roles = frozenset({"coordinator"})
    id_search = ("id", "document_id", "patient_id")
    patient_field = "patient_id"
    as_written = frozenset({"former_version", "reader_version"})
    list_display = ("created_at", "document_id", "state", "reason", "identity_match", "doubts", "finished_at")
    list_filter = ("state",)
    ordering = ("-id",)
    fields = readonly_fields = (
        "id",
        "document_id",
        "patient_id",
        "state",
        "reason",
        "former_version",
        "reader_version",
        "identity_match",
        "doubts",
        "begun_by",
        "settled_by",
        "created_at",
        "finished_at",
    )
    actions_detail = ("settle",)

    @action(description="Settle whose it is", url_path="settle", permissions=["act"])
    def settle(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks whose document it is, and tells the service."""
        form = SettleForm(request.POST or None)
        return _settled(
            request,
            form,
            f"Read again: whose document is {short_id(UUID(str(object_id)))}?",
            lambda: workflow.answer_rereading(
                principal=current_principal(),
                rereading_id=UUID(str(object_id)),
                belongs=form.cleaned_data["belongs"] == "yes",
                reason=form.cleaned_data["reason"],
            ),
        )


@admin.register(ReportRecheck)
class ReportRecheckAdmin(PlatformModelAdmin):
    """Filter by OPEN for those that wait; the values themselves are read in the case's files."""

    view_roles = frozenset({"medical_director", "administrator"})
    act_roles = frozenset({"medical_director"})
    id_search = ("id", "case_id", "document_id")
    list_display = ("created_at", "reference", "cause", "values", "state", "settled_at")
    list_filter = ("state", "cause")
    list_select_related = ("case",)
    ordering = ("-id",)
    fields = readonly_fields = (
        "id",
        "reference",
        "document_id",
        "cause",
        "values",
        "state",
        "settled_by",
        "created_at",
        "settled_at",
    )
    actions_detail = ("settle",)

    @admin.display(description="Case", ordering="case_id")
    def reference(self, recheck: ReportRecheck) -> str:
        """The case's reference."""
        return recheck.case.reference

    @action(description="Say whether it stands", url_path="settle", permissions=["act"])
    def settle(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks whether the report stands, and tells the service."""
        form = RecheckForm(request.POST or None)
        return _settled(
            request,
            form,
            "Does the signed report stand?",
            lambda: workflow.settle_recheck(
                principal=current_principal(),
                recheck_id=UUID(str(object_id)),
                stands=form.cleaned_data["stands"] == "yes",
                reason=form.cleaned_data["reason"],
            ),
        )
