"""Deliveries: each with what happened to it and when, and figures of the newest."""

from typing import ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.decorators import action

from config.kernel.admin import PlatformModelAdmin, PlatformTabularInline, audited, short_id
from config.kernel.labels import label
from notifications import services
from notifications.admin.figures import delivery_figures
from notifications.domain.state_machines import DeliveryState
from notifications.models import Delivery, DeliveryEvent

OPERATIONS = frozenset({"administrator", "support"})


class DeliveryEventInline(PlatformTabularInline):
    """The timeline: what was decided, tried and told by providers, oldest first."""

    model = DeliveryEvent
    verbose_name_plural = "What happened"
    ordering = ("at", "pk")
    fields = readonly_fields = ("at", "what", "reason", "provider")


@admin.register(Delivery)
class DeliveryAdmin(PlatformModelAdmin):
    """By state; failed ones can be sent again."""

    view_roles = OPERATIONS
    act_roles = OPERATIONS
    id_search = ("id", "notice_id", "user_id")
    code_search = ("reason",)
    list_display = ("created_at", "kind", "channel", "state", "tries", "reason", "sent_at", "delivered_at", "text")
    list_filter = ("state",)
    list_select_related = ("notice",)
    fields = readonly_fields = (
        "id",
        "notice",
        "user_id",
        "channel",
        "state",
        "reason",
        "tries",
        "created_at",
        "not_before",
        "sending_at",
        "sent_at",
        "delivered_at",
        "told_by",
        "provider",
        "provider_id",
        "text",
    )
    inlines = (DeliveryEventInline,)
    actions: ClassVar[list[str]] = ["send_again"]
    actions_list = ("figures",)

    @admin.display(description="Kind")
    def kind(self, delivery: Delivery) -> str:
        """What the notice is about; a digest is about several."""
        return delivery.notice.kind if delivery.notice else "digest"

    @admin.display(description="Told by")
    def told_by(self, delivery: Delivery) -> str:
        """The delivery that a folded one went with."""
        return short_id(delivery.folded_into) if delivery.folded_into else ""

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

    @action(description="Figures of the newest", url_path="figures", permissions=["act"])
    def figures(self, request: HttpRequest) -> HttpResponse:
        """By day, channel and state, and how long they took."""
        audited("notifications", "figures", "delivery")
        found = delivery_figures()
        context = {**self.admin_site.each_context(request), "title": "Deliveries: the newest", "found": found}
        return TemplateResponse(request, "notifications/delivery_figures.html", context)
