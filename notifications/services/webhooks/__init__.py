"""Webhooks: who is told of which events, by signed messages that hold ids and states alone."""

from notifications.services.webhooks.hook_dto import HookDeliveryDTO, NewWebhook, WebhookDTO
from notifications.services.webhooks.hook_queue import (
    list_hook_deliveries,
    queue_event,
    replay_hook_deliveries,
    send_webhook_test,
)
from notifications.services.webhooks.webhooks import (
    create_webhook,
    delete_webhook,
    get_webhook,
    list_webhooks,
    rotate_webhook_secret,
    update_webhook,
)

__all__ = [
    "HookDeliveryDTO",
    "NewWebhook",
    "WebhookDTO",
    "create_webhook",
    "delete_webhook",
    "get_webhook",
    "list_hook_deliveries",
    "list_webhooks",
    "queue_event",
    "replay_hook_deliveries",
    "rotate_webhook_secret",
    "send_webhook_test",
    "update_webhook",
]
