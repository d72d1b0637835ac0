"""Submissions from before there is an account: whether they live, and how many files wait; never what they hold."""

from django.contrib import admin

from cases.models import Submission, SubmissionFile
from config.kernel.admin import PlatformModelAdmin, PlatformTabularInline


class SubmissionFileInline(PlatformTabularInline):
    """What waits in quarantine."""

    model = SubmissionFile
    fields = readonly_fields = ("media_type", "size", "created_at")


@admin.register(Submission)
class SubmissionAdmin(PlatformModelAdmin):
    """Begun before registration: whether it lives, and whether it has become a case."""

    view_roles = frozenset({"coordinator", "privacy_officer", "administrator"})
    id_search = ("id", "case_id", "claimed_by")
    list_display = ("id", "created_at", "expires_at", "claimed_at", "emptied")
    list_filter = (("claimed_at", admin.EmptyFieldListFilter), "emptied")
    fields = readonly_fields = (
        "id", "created_at", "expires_at", "claimed_at", "claimed_by", "case_id", "emptied", "version",
    )  # fmt: skip
    inlines = (SubmissionFileInline,)
