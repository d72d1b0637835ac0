"""Pages for the tables that every context has: audit, outbox, jobs."""

from types import MappingProxyType
from typing import Any, ClassVar

from django.apps import apps
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import action

from config.kernel.admin.audited_pages import audited
from config.kernel.admin.base import PlatformModelAdmin, short_id
from config.kernel.admin.facets import known_values
from config.kernel.auth import ROLE_NAMES
from config.kernel.jobs.resubmission import resubmit as resubmit_jobs
from config.kernel.jobs.states import JobState
from config.kernel.labels import label
from config.kernel.outbox.dispatch import resubmit as resubmit_events
from config.kernel.outbox.states import OutboxState

OPERATIONS = frozenset({"administrator", "support"})


class AuditAdmin(PlatformModelAdmin):
    """Who did what with whose data. Looking at it is written into it."""

    view_roles = frozenset({"administrator", "privacy_officer"})
    id_search = ("id", "patient_id", "actor_id", "object_id", "session_id")
    code_search = ("action",)
    patient_field = "patient_id"
    labels = MappingProxyType({"actor_roles": ROLE_NAMES})
    as_written = frozenset({"request_id"})
    list_display = ("at", "action", "outcome", "actor", "actor_roles", "subject", "patient", "sequence")
    list_filter = (
        ("outcome", known_values("success", "denied", "failure")),
        ("actor_kind", known_values("user", "system", "service", "anonymous")),
    )
    date_hierarchy = None

    @admin.display(description="Actor")
    def actor(self, row: Any) -> str:
        """Kind, and id where it is a person or a key."""
        kind = label(row.actor_kind)
        return f"{kind} {short_id(row.actor_id)}" if row.actor_id else kind

    @admin.display(description="Object")
    def subject(self, row: Any) -> str:
        """Type and id."""
        return f"{label(row.object_type)} {short_id(row.object_id)}"

    @admin.display(description="Patient")
    def patient(self, row: Any) -> str:
        """Whose data."""
        return short_id(row.patient_id)


class OutboxAdmin(PlatformModelAdmin):
    """Events on their way out; dead ones can be sent again."""

    view_roles = OPERATIONS
    id_search = ("event_id", "aggregate_id")
    code_search = ("name",)
    # The event's name is what operators look for in logs.
    as_written = frozenset({"name", "payload", "correlation_id", "last_error"})
    list_display = ("position", "name", "aggregate", "status", "tries", "last_error", "created_at", "sent_at")
    list_filter = ("status",)
    actions: ClassVar[list[str]] = ["resubmit_dead"]

    @admin.display(description="About")
    def aggregate(self, row: Any) -> str:
        """The id that the event is about."""
        return short_id(row.aggregate_id)

    @action(description="Send dead events again", permissions=["act"])
    def resubmit_dead(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Only DEAD ones of the selection go back to PENDING."""
        positions = list(queryset.filter(status=OutboxState.DEAD).values_list("position", flat=True))
        audited(self.context_label, "resubmit", "outboxentry", events=str(len(positions)))
        count = resubmit_events(self.context_label, positions)
        messages.success(request, f"{count} dead event(s) will be sent again.")


class JobAdmin(PlatformModelAdmin):
    """Work to do; dead jobs can be queued again."""

    view_roles = OPERATIONS
    id_search = ("id", "subject_id")
    code_search = ("kind",)
    # So are the job's kind and its concurrency key.
    as_written = frozenset({"kind", "concurrency_key", "key", "correlation_id", "last_error"})
    # Ids are given in the order of time.
    ordering = ("-id",)
    list_display = (
        "created_at",
        "kind",
        "subject",
        "queue",
        "state",
        "tries",
        "run_after",
        "last_error",
        "finished_at",
    )
    list_filter = ("state", ("queue", known_values("interactive", "bulk", "documents")))
    actions: ClassVar[list[str]] = ["resubmit_dead"]

    @admin.display(description="Subject")
    def subject(self, row: Any) -> str:
        """The id that the job works on."""
        return short_id(row.subject_id)

    @action(description="Queue dead jobs again", permissions=["act"])
    def resubmit_dead(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Only DEAD ones of the selection go back to QUEUED, with new tries."""
        ids = list(queryset.filter(state=JobState.DEAD).values_list("id", flat=True))
        audited(self.context_label, "resubmit", "job", jobs=str(len(ids)))
        count = resubmit_jobs(self.context_label, ids)
        messages.success(request, f"{count} dead job(s) are queued again.")


def register_plumbing(context: str) -> None:
    """Register the audit, outbox and job pages of ``context``; call it in the context's ``admin.py``."""
    for name, page in (("AuditEntry", AuditAdmin), ("OutboxEntry", OutboxAdmin), ("Job", JobAdmin)):
        model = apps.get_model(context, name)
        if not admin.site.is_registered(model):
            admin.site.register(model, page)
