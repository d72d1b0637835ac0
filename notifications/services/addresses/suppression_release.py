"""Letting an address go again: a person decides it, says why, and leaves their name."""

from uuid import UUID

from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.errors import Forbidden, Invalid, NotFound
from config.kernel.plain_lines import require_plain_line
from notifications.db import atomic
from notifications.models import Suppression

LIFTERS = frozenset({"administrator", "support"})
MIN_REASON = 8


def lift(*, principal: Principal, suppression_id: UUID, reason: str) -> None:
    """Write to it again; the audit keeps who, why, and why it was suppressed."""
    if not principal.has(*LIFTERS):
        raise Forbidden("Support and administrators decide this.", code="role_forbidden")
    if len(reason.strip()) < MIN_REASON:
        raise Invalid("Say why, in a few words.", code="reason_missing")
    require_plain_line("#/reason", reason)
    with atomic():
        row = Suppression.objects.select_for_update().filter(id=suppression_id).first()
        if row is None:
            raise NotFound("There is no such suppression.")
        record(
            context="notifications",
            action="suppression.lift",
            object_type="suppression",
            object_id=row.id,
            detail={"channel": row.channel, "was": row.reason, "reason": reason.strip()[:200]},
        )
        row.delete()
