"""Webhooks on the wire: signed by Standard Webhooks, sent to public addresses only."""

from notifications.adapters.hooks.hook_requests import (
    TOTAL_SECONDS,
    Answer,
    new_secret,
    post,
    signed_headers,
)
from notifications.adapters.network_guard import AddressRefused, Guard
from notifications.adapters.public_addresses import fault_of_url

__all__ = [
    "TOTAL_SECONDS",
    "AddressRefused",
    "Answer",
    "Guard",
    "fault_of_url",
    "new_secret",
    "post",
    "signed_headers",
]
