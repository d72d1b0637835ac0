"""PUBLIC: what other contexts, and this one's entry points, may call."""

from notifications.services.dto import NoticeDTO, TicketHolder
from notifications.services.notices import (
    email_preference,
    get_notice,
    list_notices,
    mark_read,
    notices_since,
    notify,
    set_email_preference,
    unread_count,
)
from notifications.services.tickets import issue_socket_ticket, redeem_ticket

__all__ = [
    "NoticeDTO",
    "TicketHolder",
    "email_preference",
    "get_notice",
    "issue_socket_ticket",
    "list_notices",
    "mark_read",
    "notices_since",
    "notify",
    "redeem_ticket",
    "set_email_preference",
    "unread_count",
]
