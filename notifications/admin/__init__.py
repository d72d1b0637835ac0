"""Staff pages of this context: kinds, states and counts; no address and no text is in these tables."""

from config.kernel.admin import register_editions, register_plumbing
from notifications.admin import campaigns, deliveries, notices, people, suppressions, webhooks
from notifications.services.templates.editions import TEMPLATES
from notifications.services.text_editions import MAIL_TEXTS

__all__ = ["campaigns", "deliveries", "notices", "people", "suppressions", "webhooks"]

register_plumbing("notifications")
register_editions("notifications", MAIL_TEXTS, TEMPLATES)
