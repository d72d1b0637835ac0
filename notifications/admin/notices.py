"""The list of notices: who was told of what, and whether they read it."""

from django.contrib import admin

from config.kernel.admin import PlatformModelAdmin, PlatformTabularInline, short_id
from notifications.models import Delivery, Notice


class DeliveryInline(PlatformTabularInline):
    """The notice's ways outward."""

    model = Delivery
    fk_name = "notice"
    fields = readonly_fields = ("channel", "state", "tries", "reason", "not_before", "sent_at", "delivered_at")


@admin.register(Notice)
class NoticeAdmin(PlatformModelAdmin):
    """Who was told of what, and whether they read it."""

    view_roles = frozenset({"administrator", "privacy_officer", "support"})
    id_search = ("id", "user_id", "subject_id")
    code_search = ("kind",)
    patient_field = "user_id"
    list_display = ("created_at", "kind", "category", "short_user", "sequence", "read_at")
    list_filter = ("kind",)
    fields = readonly_fields = (
        "id",
        "user_id",
        "sequence",
        "kind",
        "category",
        "template",
        "template_version",
        "subject_id",
        "created_at",
        "read_at",
    )
    inlines = (DeliveryInline,)

    @admin.display(description="User")
    def short_user(self, notice: Notice) -> str:
        """The id's end."""
        return short_id(notice.user_id)
