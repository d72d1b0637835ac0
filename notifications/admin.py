"""Staff pages of notices and their mails: kinds, states and counts; no address and no text is in these tables."""

from typing import ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import action

from config.kernel.admin import (
    PlatformModelAdmin,
    PlatformTabularInline,
    audited,
    register_editions,
    register_plumbing,
    short_id,
)
from config.kernel.labels import label
from notifications import services
from notifications.domain.state_machines import DeliveryState
from notifications.models import Delivery, Notice
from notifications.services.template_editions import TEMPLATES
from notifications.services.text_editions import MAIL_TEXTS

_OPERATIONS = frozenset({"administrator", "support"})


class DeliveryInline(PlatformTabularInline):
    """The notice's mails."""

    model = Delivery
    fields = readonly_fields = ("channel", "state", "tries", "reason", "sent_at")


@admin.register(Notice)
class NoticeAdmin(PlatformModelAdmin):
    """Who was told of what, and whether they read it."""

    view_roles = _OPERATIONS | {"privacy_officer"}
    id_search = ("id", "user_id", "subject_id")
    code_search = ("kind",)
    patient_field = "user_id"
    list_display = ("created_at", "kind", "short_user", "sequence", "read_at")
    list_filter = ("kind",)
    fields = readonly_fields = ("id", "user_id", "sequence", "kind", "subject_id", "created_at", "read_at")
    inlines = (DeliveryInline,)

    @admin.display(description="User")
    def short_user(self, notice: Notice) -> str:
        """The id's end."""
        return short_id(notice.user_id)


@admin.register(Delivery)
class DeliveryAdmin(PlatformModelAdmin):
    """Mails by state; failed ones can be sent again."""

    view_roles = _OPERATIONS
    act_roles = _OPERATIONS
    id_search = ("id", "notice_id")
    code_search = ("reason",)
    list_display = ("created_at", "kind", "channel", "state", "tries", "reason", "sent_at", "text")
    list_filter = ("state",)
    list_select_related = ("notice",)
    fields = ("id", "notice", "channel", "state", "tries", "reason", "created_at", "sent_at", "text")
    readonly_fields = fields
    actions: ClassVar[list[str]] = ["send_again"]

    @admin.display(description="Kind")
    def kind(self, delivery: Delivery) -> str:
        """What the notice is about; a digest has none."""
        return delivery.notice.kind if delivery.notice else "digest"

    @admin.display(description="Text")
    def text(self, delivery: Delivery) -> str:
        """Which text the mail had, and its version; empty until it is sent."""
        if delivery.text_version is None:
            return ""
        return f"{label(delivery.text_code)} {delivery.text_version or 'of the release'}"

    @action(description="Send failed mails again", permissions=["act"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        """Only FAILED ones of the selection; whether the user still wants them is asked anew."""
        ids = list(queryset.filter(state=DeliveryState.FAILED).values_list("id", flat=True))
        audited("notifications", "send_again", "delivery", mails=str(len(ids)))
        count = services.resend_failed(delivery_ids=ids)
        messages.success(request, f"{count} mail(s) are queued again.")


register_plumbing("notifications")
register_editions("notifications", MAIL_TEXTS, TEMPLATES)
