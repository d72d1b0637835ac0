"""The queue of emergency accesses: who, when, reviewed or not; never why, which is told where it is reviewed."""

from django.contrib import admin

from cases.models import BreakGlass
from config.kernel.admin import PlatformModelAdmin, short_id


@admin.register(BreakGlass)
class BreakGlassAdmin(PlatformModelAdmin):
    """Filter by no verdict for those that wait."""

    view_roles = frozenset({"privacy_officer", "administrator"})
    id_search = ("id", "case_id", "patient_id", "user_id")
    patient_field = "patient_id"
    list_display = ("created_at", "used_by", "patient", "ends_at", "reviewed_at", "justified")
    list_filter = (("reviewed_at", admin.EmptyFieldListFilter), "justified")
    fields = readonly_fields = (
        "id", "case_id", "patient_id", "user_id", "created_at", "ends_at", "reviewed_by", "reviewed_at", "justified",
    )  # fmt: skip

    @admin.display(description="Used by")
    def used_by(self, row: BreakGlass) -> str:
        """The id's end."""
        return short_id(row.user_id)

    @admin.display(description="Patient")
    def patient(self, row: BreakGlass) -> str:
        """The id's end."""
        return short_id(row.patient_id)
