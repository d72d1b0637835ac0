"""Records that were asked of others: the queue of those that nobody sent; never whom, and what."""

from django.contrib import admin

from cases.models import RecordRequest, RecordUpload
from config.kernel.admin import PlatformModelAdmin, PlatformTabularInline


class RecordUploadInline(PlatformTabularInline):
    """What came by the request's links."""

    model = RecordUpload
    fields = readonly_fields = ("document_id", "created_at")


@admin.register(RecordRequest)
class RecordRequestAdmin(PlatformModelAdmin):
    """Filter by UNDELIVERABLE and LAPSED for those that a coordinator has to look at."""

    view_roles = frozenset({"coordinator", "privacy_officer", "administrator"})
    id_search = ("id", "case_id")
    list_display = ("id", "state", "due_at", "reminders", "next_reminder_at", "created_at")
    list_filter = ("state",)
    fields = readonly_fields = (
        "id", "case_id", "requested_by", "state", "due_at", "reminders", "next_reminder_at", "version",
    )  # fmt: skip
    inlines = (RecordUploadInline,)
