"""The machines of this context, each as one table; ``advance`` (``config.kernel.db.states``) asks them."""

from enum import StrEnum
from typing import Final

from config.kernel.state_machine import StateMachine


class DeliveryState(StrEnum):
    """Of one notice on its way through one channel.

    HELD: it waits for its time; UNCERTAIN: it may have left; DELIVERED and BOUNCED: the provider said so afterwards.
    SKIPPED: nobody wanted it any more; FOLDED: another delivery tells it; CANCELLED: whoever sent it took it back.
    """

    HELD = "HELD"
    QUEUED = "QUEUED"
    SENDING = "SENDING"
    SENT = "SENT"
    UNCERTAIN = "UNCERTAIN"
    DELIVERED = "DELIVERED"
    SKIPPED = "SKIPPED"
    FOLDED = "FOLDED"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"
    BOUNCED = "BOUNCED"


_S = DeliveryState
_NOT_SENT = {_S.SKIPPED, _S.FOLDED, _S.CANCELLED}
# Only what may have left is ever UNCERTAIN, and it is never called FAILED or SKIPPED after. A FAILED one is tried
# again when staff queue it or its dead job. What a provider says may come before our own record of its answer.
DELIVERY: Final = StateMachine(
    _S.QUEUED,
    {
        _S.HELD: {_S.QUEUED, _S.HELD, *_NOT_SENT},
        _S.QUEUED: {_S.SENDING, _S.QUEUED, _S.HELD, _S.FAILED, _S.UNCERTAIN, *_NOT_SENT},
        _S.SENDING: {_S.SENT, _S.QUEUED, _S.FAILED, _S.UNCERTAIN, _S.DELIVERED, _S.BOUNCED},
        _S.SENT: {_S.DELIVERED, _S.BOUNCED},
        _S.UNCERTAIN: {_S.SENDING, _S.QUEUED, _S.UNCERTAIN, _S.SENT, _S.DELIVERED, _S.BOUNCED},
        _S.DELIVERED: {_S.BOUNCED},
        _S.FAILED: {_S.SENDING, _S.QUEUED, _S.SKIPPED, _S.FAILED},
    },
    or_begins=(_S.HELD,),
)


class CampaignState(StrEnum):
    """Of a message to many. SUBMITTED: it waits for a second person; SCHEDULED: for its hour; PAUSED: for somebody."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    SCHEDULED = "SCHEDULED"
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    FINISHED = "FINISHED"
    CANCELLED = "CANCELLED"


_C = CampaignState
CAMPAIGN: Final = StateMachine(
    _C.DRAFT,
    {
        _C.DRAFT: {_C.SUBMITTED, _C.CANCELLED},
        _C.SUBMITTED: {_C.SCHEDULED, _C.CANCELLED},
        _C.SCHEDULED: {_C.RUNNING, _C.CANCELLED},
        _C.RUNNING: {_C.PAUSED, _C.FINISHED, _C.CANCELLED},
        _C.PAUSED: {_C.RUNNING, _C.CANCELLED},
    },
)


class SendRequestState(StrEnum):
    """Of one message that somebody asked for. SCHEDULED: it waits for its time; CANCELLED: its sender took it back."""

    SCHEDULED = "SCHEDULED"
    SENT = "SENT"
    CANCELLED = "CANCELLED"


_R = SendRequestState
SEND_REQUEST: Final = StateMachine(
    _R.SCHEDULED, {_R.SCHEDULED: {_R.SENT, _R.CANCELLED}, _R.SENT: {_R.CANCELLED}}, or_begins=(_R.SENT,)
)


class EscalationState(StrEnum):
    """Of a notice that must be read. UNREACHED: no channel led to it in a day; CLAIMED: somebody of staff calls."""

    WATCHED = "WATCHED"
    UNREACHED = "UNREACHED"
    CLAIMED = "CLAIMED"
    READ = "READ"
    CLOSED = "CLOSED"


_E = EscalationState
ESCALATION: Final = StateMachine(
    _E.WATCHED,
    {
        _E.WATCHED: {_E.READ, _E.UNREACHED, _E.CLOSED},
        _E.UNREACHED: {_E.CLAIMED, _E.READ},
        _E.CLAIMED: {_E.UNREACHED, _E.READ, _E.CLOSED},
    },
)
OPEN_ESCALATIONS: Final = ESCALATION.sources(_E.READ)
