"""What clients ask about the talk of a case: to be in it, to leave it, that they type. The same on both sockets."""

from uuid import UUID

import structlog
from channels.db import database_sync_to_async

from cases.services import opinion
from config.kernel.audit.records import client_address
from config.kernel.auth import Principal, acting_as
from config.kernel.errors import Forbidden, NotFound
from config.kernel.observability.correlation import correlated
from identity import services as identity
from notifications.realtime.close_codes import NOT_SIGNED_IN
from notifications.realtime.connections import Connection
from notifications.realtime.notice_hub import hub
from notifications.realtime.presence import MAX_TALKS

EVENTS = frozenset({"watch", "unwatch", "typing"})
Answer = dict[str, str | int]
log = structlog.get_logger(__name__)


async def answer(connection: Connection, event: str, about: object, address: str | None) -> Answer:
    """What came of it, as an HTTP status: 200, 403, 404, 422 no case named, 429 too many talks, 503 ask again."""
    told = about.get("case_id") if isinstance(about, dict) else None
    try:
        case_id = UUID(told) if isinstance(told, str) else None
    except ValueError:
        case_id = None
    if case_id is None:
        return {"status": 422}
    if event == "watch":
        status = await _join(connection, case_id, address)
    elif event == "typing":
        status = 200 if hub.presence.types(connection, case_id) else 404
    else:
        hub.presence.leave(connection, case_id)
        status = 200
    return {"case_id": str(case_id), "status": status}


async def _join(connection: Connection, case_id: UUID, address: str | None) -> int:
    talks = hub.presence.talks_of(connection)
    if len(talks) >= MAX_TALKS and case_id not in talks:
        return 429
    try:
        principal, side = await database_sync_to_async(_asked)(connection.session_id, case_id, address)
    except NotFound:
        return 404
    except Forbidden:
        return 403
    except Exception as error:  # whatever it was, nobody is let in unasked
        log.warning("presence_unchecked", error=type(error).__name__)
        return 503
    if principal is None:
        connection.end(NOT_SIGNED_IN)
        return 401
    if not connection.close_code:
        hub.presence.join(connection, case_id, principal, side)
    return 200


def _asked(session_id: UUID, case_id: UUID, address: str | None) -> tuple[Principal | None, str]:
    principal = identity.session_principal(session_id=session_id)
    if principal is None:
        return None, ""
    from_where = client_address.set(address)
    try:
        with correlated(""), acting_as(principal):
            return principal, opinion.join_talk(principal=principal, case_id=case_id)
    finally:
        client_address.reset(from_where)
