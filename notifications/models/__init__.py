"""Tables of this context."""

from notifications.models.base_tables import AuditEntry, FeedCursor, IdempotencyKey, InboxEntry, Job, OutboxEntry
from notifications.models.campaigns import Campaign, CampaignRecipient
from notifications.models.deliveries import Delivery, DeliveryEvent
from notifications.models.devices import Device
from notifications.models.editions import Edition
from notifications.models.escalations import Escalation
from notifications.models.notices import Counter, Notice, SocketTicket
from notifications.models.preferences import ChannelPreference, DeliverySettings
from notifications.models.send_requests import SendRequest
from notifications.models.suppressions import Suppression
from notifications.models.webhooks import HookDelivery, Webhook

__all__ = [
    "AuditEntry",
    "Campaign",
    "CampaignRecipient",
    "ChannelPreference",
    "Counter",
    "Delivery",
    "DeliveryEvent",
    "DeliverySettings",
    "Device",
    "Edition",
    "Escalation",
    "FeedCursor",
    "HookDelivery",
    "IdempotencyKey",
    "InboxEntry",
    "Job",
    "Notice",
    "OutboxEntry",
    "SendRequest",
    "SocketTicket",
    "Suppression",
    "Webhook",
]
