"""PUBLIC: what other contexts, and this one's entry points, may call."""

from notifications.services.dto import NoticeDTO, NoticePage, TicketHolder
from notifications.services.link_targets import notice_place
from notifications.services.mails import resend_failed
from notifications.services.notices import (
    get_notice,
    latest_sequences,
    list_notices,
    mark_read,
    notice_page,
    notices_since,
    unread_count,
)
from notifications.services.outgoing import notify
from notifications.services.preferences import (
    PreferencesDTO,
    email_preference,
    get_preferences,
    set_email_preference,
    set_preferences,
    set_preferences_by_form,
)
from notifications.services.sockets import close_sockets
from notifications.services.tickets import issue_socket_ticket, redeem_ticket
from notifications.services.unsubscribing import take_back, unsubscribe, unsubscribe_url

__all__ = [
    "NoticeDTO",
    "NoticePage",
    "PreferencesDTO",
    "TicketHolder",
    "close_sockets",
    "email_preference",
    "get_notice",
    "get_preferences",
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
    "set_preferences",
    "set_preferences_by_form",
    "take_back",
    "unread_count",
    "unsubscribe",
    "unsubscribe_url",
]
