"""PUBLIC: what other contexts, and this one's entry points, may call."""

from notifications.services.dto import NoticeDTO, NoticePage, TicketHolder
from notifications.services.explanations import (
    ChannelExplanation,
    ExplanationDTO,
    ExplanationLine,
    SentPage,
    explain_notice,
    sent_page,
)
from notifications.services.inbox import InboxItem, InboxPage, inbox
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
from notifications.services.template_drafts import (
    PreviewDTO,
    TemplateDraftDTO,
    TemplateDTO,
    create_template,
    get_template,
    list_templates,
    preview_template,
    publish_template,
    retire_template,
    send_template_test,
    write_template,
)
from notifications.services.tickets import issue_socket_ticket, redeem_ticket
from notifications.services.unsubscribing import take_back, unsubscribe, unsubscribe_url

__all__ = [
    "ChannelExplanation",
    "ExplanationDTO",
    "ExplanationLine",
    "InboxItem",
    "InboxPage",
    "NoticeDTO",
    "NoticePage",
    "PreferencesDTO",
    "PreviewDTO",
    "SentPage",
    "TemplateDTO",
    "TemplateDraftDTO",
    "TicketHolder",
    "close_sockets",
    "create_template",
    "email_preference",
    "explain_notice",
    "get_notice",
    "get_preferences",
    "get_template",
    "inbox",
    "issue_socket_ticket",
    "latest_sequences",
    "list_notices",
    "list_templates",
    "mark_read",
    "notice_page",
    "notices_since",
    "notify",
    "preview_template",
    "publish_template",
    "redeem_ticket",
    "resend_failed",
    "retire_template",
    "send_template_test",
    "sent_page",
    "set_email_preference",
    "set_preferences",
    "set_preferences_by_form",
    "take_back",
    "unread_count",
    "unsubscribe",
    "unsubscribe_url",
    "write_template",
]
