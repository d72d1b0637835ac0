"""The machine of this context as one table; ``advance`` (``config.kernel.db.states``) asks it."""

from enum import StrEnum
from typing import Final

from config.kernel.state_machine import StateMachine


class DeliveryState(StrEnum):
    """Of one notice on its way. SKIPPED: nobody wanted it any more; UNCERTAIN: it may have left."""

    QUEUED = "QUEUED"
    SENDING = "SENDING"
    SENT = "SENT"
    UNCERTAIN = "UNCERTAIN"
    SKIPPED = "SKIPPED"
    FAILED = "FAILED"


_S = DeliveryState
# Only what may have left is ever UNCERTAIN, and it is never called FAILED or SKIPPED after. A FAILED one is tried
# again when staff queue it or its dead job.
DELIVERY: Final = StateMachine(
    _S.QUEUED,
    {
        _S.QUEUED: {_S.SENDING, _S.QUEUED, _S.SKIPPED, _S.FAILED, _S.UNCERTAIN},
        _S.SENDING: {_S.SENT, _S.QUEUED, _S.FAILED, _S.UNCERTAIN},
        _S.UNCERTAIN: {_S.SENDING, _S.QUEUED, _S.UNCERTAIN},
        _S.FAILED: {_S.SENDING, _S.QUEUED, _S.SKIPPED, _S.FAILED},
    },
)
