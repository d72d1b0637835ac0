"""Socket tickets: made over HTTPS, valid for 30 seconds, taken once, never in an address."""

import secrets
from datetime import timedelta

from config.kernel.auth import Principal
from config.kernel.auth.sessions import require_open_session
from config.kernel.auth.tokens import decode_access
from config.kernel.crypto import token_hash
from config.kernel.errors import Forbidden, Unauthenticated
from notifications.db import atomic, now
from notifications.models import SocketTicket
from notifications.services.dto import TicketHolder

LIFETIME = timedelta(seconds=30)


def issue_socket_ticket(*, principal: Principal) -> str:
    """A new ticket for the caller."""
    if principal.user_id is None or principal.session_id is None:
        raise Forbidden("Only people who signed in open sockets.", code="role_forbidden")
    token = secrets.token_urlsafe(32)
    with atomic():
        SocketTicket.objects.filter(expires_at__lt=now() - timedelta(hours=1)).delete()
        SocketTicket.objects.create(
            user_id=principal.user_id,
            session_id=principal.session_id,
            token_hash=token_hash(token),
            expires_at=now() + LIFETIME,
        )
    return token


def redeem_ticket(*, token: str) -> TicketHolder | None:
    """Who the ticket is for, the first time and in time; ``None`` otherwise."""
    with atomic():
        ticket = SocketTicket.objects.select_for_update().filter(token_hash=token_hash(token), used_at=None).first()
        if ticket is None or ticket.session_id is None or ticket.expires_at <= now():
            return None
        SocketTicket.objects.filter(id=ticket.id).update(used_at=now())
    return TicketHolder(user_id=ticket.user_id, session_id=ticket.session_id)


def socket_holder(*, ticket: str, token: str) -> TicketHolder | None:
    """Whose socket it is, by a ticket or else by an access token; ``None`` for neither.

    A program that is no browser has its token at hand, and sends it inside the connection, never in an address.
    """
    if ticket:
        return redeem_ticket(token=ticket)
    try:
        principal = decode_access(token)
        require_open_session(principal)
    except Unauthenticated:
        return None
    if principal.user_id is None or principal.session_id is None:
        return None
    return TicketHolder(user_id=principal.user_id, session_id=principal.session_id)
