"""Staff pages of runs, provider calls and models: states and counts, never what was found."""

from typing import ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import action

from analysis import services
from analysis.domain.state_machines import RunState
from analysis.models import AnalysisRun, Finding, FindingChange, ModelRecord, ProviderCall
from analysis.services.knowledge_editions import KNOWLEDGE
from config.kernel.admin import (
    PlatformModelAdmin,
    PlatformTabularInline,
    audited,
    register_editions,
    register_plumbing,
    short_id,
)

_OPERATIONS = frozenset({"administrator", "support"})


class CallInline(PlatformTabularInline):
    """Calls to outside providers in this run."""

    model = ProviderCall
    fields = readonly_fields = ("provider", "model", "outcome", "status", "latency_ms", "claims_kept", "claims_dropped")
    as_written = frozenset({"model"})


@admin.register(AnalysisRun)
class RunAdmin(PlatformModelAdmin):
    """Runs by state; one that failed can be started again."""

    view_roles = _OPERATIONS | {"medical_director"}
    act_roles = _OPERATIONS
    id_search = ("id", "case_id", "document_id", "patient_id")
    patient_field = "patient_id"
    list_display = ("created_at", "short_case", "state", "reason", "degraded", "dropped_claims", "finished_at")
    list_filter = ("state", "degraded")
    as_written = frozenset({"knowledge_release", "engine_version"})
    fields = readonly_fields = (
        "id",
        "case_id",
        "document_id",
        "patient_id",
        "state",
        "reason",
        "degraded",
        "dropped_claims",
        "knowledge_release",
        "engine_version",
        "reader_version",
        "again",
        "requested_by",
        "created_at",
        "started_at",
        "finished_at",
    )
    inlines = (CallInline,)
    actions: ClassVar[list[str]] = ["start_again"]

    @admin.display(description="Case")
    def short_case(self, run: AnalysisRun) -> str:
        """The id's end."""
        return short_id(run.case_id)

    @action(description="Start failed runs again", permissions=["act"])
    def start_again(self, request: HttpRequest, queryset: QuerySet[AnalysisRun]) -> None:
        """Only FAILED ones, and only where the patient still agrees."""
        ids = list(queryset.filter(state=RunState.FAILED).values_list("id", flat=True))
        audited("analysis", "start_again", "analysisrun", runs=str(len(ids)))
        started = services.start_again(run_ids=ids)
        messages.success(request, f"{started} run(s) started again.")


@admin.register(Finding)
class FindingAdmin(PlatformModelAdmin):
    """Findings by kind and decision; what they say stays sealed."""

    view_roles = _OPERATIONS | {"medical_director"}
    id_search = ("id", "case_id", "document_id", "patient_id")
    patient_field = "patient_id"
    list_display = ("created_at", "short_case", "kind", "severity", "engine", "decision", "decided_at", "superseded")
    # Ids are given in the order of time.
    ordering = ("-id",)
    list_filter = ("kind", "severity", "decision", "superseded")
    as_written = frozenset({"knowledge_release"})
    fields = readonly_fields = (
        "id",
        "case_id",
        "document_id",
        "kind",
        "severity",
        "engine",
        "knowledge_release",
        "confidence",
        "decision",
        "decided_by",
        "decided_at",
        "superseded",
    )

    @admin.display(description="Case")
    def short_case(self, finding: Finding) -> str:
        """The id's end."""
        return short_id(finding.case_id)


@admin.register(FindingChange)
class ChangeAdmin(PlatformModelAdmin):
    """What newer readings say otherwise, by kind; what was found stays sealed."""

    view_roles = _OPERATIONS | {"medical_director"}
    id_search = ("id", "case_id", "document_id", "patient_id")
    patient_field = "patient_id"
    list_display = ("created_at", "short_case", "what", "critical", "former_decision", "state")
    ordering = ("-id",)
    list_filter = ("what", "critical", "state")
    fields = readonly_fields = (
        "id",
        "case_id",
        "document_id",
        "run",
        "what",
        "critical",
        "former_id",
        "former_decision",
        "finding_id",
        "state",
        "created_at",
    )

    @admin.display(description="Case")
    def short_case(self, change: FindingChange) -> str:
        """The id's end."""
        return short_id(change.case_id)


@admin.register(ProviderCall)
class CallAdmin(PlatformModelAdmin):
    """Calls to outside providers: hashes, counts, outcome."""

    view_roles = _OPERATIONS | {"privacy_officer"}
    id_search = ("id", "run_id")
    code_search = ("provider", "outcome")
    list_display = ("created_at", "provider", "model", "outcome", "status", "latency_ms", "tokens_in", "tokens_out")
    list_filter = ("provider", "outcome")
    as_written = frozenset({"model", "template_version", "request_sha256", "answer_sha256"})


@admin.register(ModelRecord)
class ModelAdmin(PlatformModelAdmin):
    """The registry of models."""

    view_roles = _OPERATIONS | {"medical_director"}
    code_search = ("provider", "name")
    as_written = frozenset({"name", "version", "replaced_by", "note"})
    list_display = ("provider", "name", "version", "state", "replaced_by", "evaluated_at")
    list_filter = ("provider", "state")


register_plumbing("analysis")
register_editions("analysis", KNOWLEDGE)
