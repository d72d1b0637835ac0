"""What happens to a delivery, by name, and what a provider's word for it means to the delivery and to its address."""

from enum import StrEnum
from typing import Final

from notifications.domain.deciding import SuppressionReason
from notifications.domain.state_machines import DeliveryState


class Happening(StrEnum):
    """One line of a delivery's timeline: what we decided, what we tried, what we were answered."""

    QUEUED = "queued"
    HELD = "held"
    SKIPPED = "skipped"
    FOLDED = "folded"
    CANCELLED = "cancelled"
    SENDING = "sending"
    SENT = "sent"
    DELAYED = "delayed"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    # What providers report afterwards. DEFERRED: they try on; UNDELIVERED: they gave up, and the address may be good.
    DEFERRED = "deferred"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    STOPPED = "stopped"
    GONE = "gone"


_S, _H = DeliveryState, Happening
#: Where a report leads. Reports come in any order: one that the machine has no step for, from where the row stands,
#: changes nothing, and of all that are told the highest (SENT, DELIVERED, BOUNCED) holds in the end.
STATE_OF: Final[dict[Happening, DeliveryState]] = {
    _H.SENT: _S.SENT,
    _H.DELIVERED: _S.DELIVERED,
    _H.UNDELIVERED: _S.BOUNCED,
    _H.BOUNCED: _S.BOUNCED,
    _H.COMPLAINED: _S.BOUNCED,
    _H.STOPPED: _S.BOUNCED,
    _H.GONE: _S.BOUNCED,
}
SUPPRESSION_OF: Final[dict[Happening, SuppressionReason]] = {
    _H.BOUNCED: SuppressionReason.HARD,
    _H.COMPLAINED: SuppressionReason.COMPLAINT,
    _H.STOPPED: SuppressionReason.STOP,
    _H.GONE: SuppressionReason.GONE,
}
REPORTS: Final = frozenset({*STATE_OF, _H.DEFERRED})
