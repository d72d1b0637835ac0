"""Documents as staff see them: state and provenance; and, for coordinators, settling whose they are."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from unfold.decorators import action

from cases.admin.forms import SettleForm
from cases.domain.workflow.state_machines import DocumentState
from cases.models import Document
from cases.services import documents
from config.kernel.admin import PlatformModelAdmin, short_id
from config.kernel.auth import STAFF_ROLES, current_principal
from config.kernel.errors import DomainError


@admin.register(Document)
class DocumentAdmin(PlatformModelAdmin):
    """The pipeline, row by row; filter by MISMATCHED and PROCESSED for those that wait for a person."""

    view_roles = STAFF_ROLES
    act_roles = frozenset({"coordinator"})
    id_search = ("id", "case_id", "patient_id")
    code_search = ("sha256",)
    as_written = frozenset({"sha256", "scanner", "advice"})
    patient_field = "patient_id"
    list_display = ("created_at", "reference", "state", "media_type", "size", "page_count", "verdict", "identity_match")
    list_filter = ("state", "identity_match", "verdict", "media_type")
    list_select_related = ("case",)
    fields = readonly_fields = (
        "id",
        "reference",
        "patient_id",
        "uploaded_by",
        "state",
        "media_type",
        "size",
        "sha256",
        "scanner",
        "verdict",
        "page_count",
        "kind",
        "kind_confidence",
        "identity_match",
        "doubts",
        "release_begun_by",
        "advice",
        "confirmed_by",
        "created_at",
    )
    actions_detail = ("settle",)

    @staticmethod
    def _told(document_id: UUID) -> str:
        """What the decision brought."""
        state = Document.objects.values_list("state", flat=True).get(id=document_id)
        return "Noted; a second coordinator must release it too." if state == DocumentState.MISMATCHED else "Settled."

    @admin.display(description="Case", ordering="case_id")
    def reference(self, document: Document) -> str:
        """The case's reference."""
        return document.case.reference

    @action(description="Settle whose it is", url_path="settle", permissions=["act"])
    def settle(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks whose document it is, and tells the service."""
        form = SettleForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                documents.confirm_document(
                    principal=current_principal(),
                    document_id=UUID(str(object_id)),
                    belongs=form.cleaned_data["belongs"] == "yes",
                    reason=form.cleaned_data["reason"],
                )
            except DomainError as refusal:
                messages.error(request, refusal.detail)
            else:
                messages.success(request, self._told(UUID(str(object_id))))
            return HttpResponseRedirect("../../")
        context: dict[str, Any] = {
            **admin.site.each_context(request),
            "title": f"Whose document is {short_id(UUID(str(object_id)))}?",
            "forms": {"settle": form},
        }
        return TemplateResponse(request, "cases/steer.html", context)
