"""Programs that are told of events, and what each was told; the API makes and changes them, and shows the secret."""

from typing import ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import action

from config.kernel.admin import PlatformModelAdmin, short_id
from config.kernel.auth import current_principal
from config.kernel.errors import DomainError
from notifications import services
from notifications.models import HookDelivery, Webhook

_ADMINISTRATORS = frozenset({"administrator"})


@admin.register(Webhook)
class WebhookAdmin(PlatformModelAdmin):
    """Which there are, of what they are told, and since when one fails."""

    view_roles = _ADMINISTRATORS
    id_search = ("id",)
    as_written = frozenset({"name", "url", "events"})
    list_display = ("created_at", "name", "events", "failing_since", "off_at", "off_reason")
    fields = readonly_fields = (
        *("id", "name", "url", "events", "created_at", "former_until", "failing_since", "failures", "rests_until"),
        *("off_at", "off_reason"),
    )


@admin.register(HookDelivery)
class HookDeliveryAdmin(PlatformModelAdmin):
    """Events on their way to webhooks; those that ended can be sent again, under the ids that they had."""

    view_roles = act_roles = _ADMINISTRATORS
    id_search = ("id", "event_id", "webhook_id")
    code_search = ("answer",)
    # The event's name is what operators look for in logs.
    as_written = frozenset({"name", "answer", "document"})
    ordering = ("-id",)
    list_display = ("created_at", "webhook", "name", "event", "state", "tries", "due_at", "answer", "delivered_at")
    list_filter = ("state",)
    list_select_related = ("webhook",)
    fields = ("id", "webhook", "event_id", "name", "state", "tries", "due_at", "answer", "delivered_at", "document")
    readonly_fields = fields
    actions: ClassVar[list[str]] = ["send_again"]

    @admin.display(description="Event")
    def event(self, delivery: HookDelivery) -> str:
        """The id's end."""
        return short_id(delivery.event_id)

    @action(description="Send again", permissions=["act"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[HookDelivery]) -> None:
        """Those of the selection that have ended, as far as their webhooks are on."""
        chosen: dict[object, list[HookDelivery]] = {}
        for delivery in queryset:
            chosen.setdefault(delivery.webhook_id, []).append(delivery)
        count = 0
        for rows in chosen.values():
            try:
                count += services.replay_hook_deliveries(
                    principal=current_principal(),
                    webhook_id=rows[0].webhook_id,
                    delivery_ids=[row.id for row in rows],
                )
            except DomainError as refusal:
                messages.error(request, refusal.detail)
        messages.success(request, f"{count} event(s) will be sent again.")
