"""Files on their way in: how far they are, never what is in them."""

from django.contrib import admin

from cases.models import Archive, ResumableUpload, UploadPart
from config.kernel.admin import PlatformModelAdmin, PlatformTabularInline


class UploadPartInline(PlatformTabularInline):
    """What has come."""

    model = UploadPart
    fields = readonly_fields = ("start", "size", "created_at")


@admin.register(ResumableUpload)
class ResumableUploadAdmin(PlatformModelAdmin):
    """Uploads in parts; those not finished are forgotten a day after their last part."""

    view_roles = frozenset({"coordinator", "support", "administrator"})
    id_search = ("id", "case_id", "document_id")
    list_display = ("id", "length", "received", "finished", "expires_at")
    list_filter = ("finished",)
    fields = readonly_fields = (
        "id", "case_id", "uploaded_by", "media_type", "length", "received", "document_id", "finished", "expires_at",
    )  # fmt: skip
    inlines = (UploadPartInline,)


@admin.register(Archive)
class ArchiveAdmin(PlatformModelAdmin):
    """Archives and how far their unpacking is."""

    view_roles = frozenset({"coordinator", "support", "administrator"})
    id_search = ("id", "case_id")
    list_display = ("id", "state", "size", "files", "done", "taken", "created_at")
    list_filter = ("state",)
    fields = readonly_fields = (
        "id", "case_id", "uploaded_by", "state", "size", "files", "done", "taken", "advice", "created_at",
    )  # fmt: skip
