"""PUBLIC: what other contexts, and this one's entry points, may call."""

from notifications.services.dto import NoticeDTO, NoticePage, TicketHolder
from notifications.services.link_targets import notice_place
from notifications.services.mails import resend_failed
from notifications.services.notices import (
    email_preference,
    get_notice,
    latest_sequences,
    list_notices,
    mark_read,
    notice_page,
    notices_since,
    set_email_preference,
    unread_count,
)
from notifications.services.outgoing import notify
from notifications.services.sockets import close_sockets
from notifications.services.tickets import issue_socket_ticket, redeem_ticket

__all__ = [
    "NoticeDTO",
    "NoticePage",
    "TicketHolder",
    "close_sockets",
    "email_preference",
    "get_notice",
    "issue_socket_ticket",
    "latest_sequences",
    "list_notices",
    "mark_read",
    "notice_page",
    "notice_place",
    "notices_since",
    "notify",
    "redeem_ticket",
    "resend_failed",
    "set_email_preference",
    "unread_count",
]
