"""The machines of this context, each as one table; ``advance`` (``config.kernel.db.states``) asks them."""

from enum import StrEnum
from typing import Final

from config.kernel.state_machine import StateMachine


class ProxyState(StrEnum):
    """Of a permission to act for a patient. ATTESTED: a guardian whom staff has not confirmed yet."""

    ATTESTED = "ATTESTED"
    OFFERED = "OFFERED"
    ACTIVE = "ACTIVE"
    DECLINED = "DECLINED"
    REVOKED = "REVOKED"


class MergeState(StrEnum):
    """Of two accounts that are said to be one patient's."""

    PROPOSED = "PROPOSED"
    MERGED = "MERGED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"
    SEPARATED = "SEPARATED"


class ExportState(StrEnum):
    """Of a person's copy."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    READY = "READY"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"


class ErasureState(StrEnum):
    """Of a person's erasure."""

    RUNNING = "RUNNING"
    DONE = "DONE"


class RectificationState(StrEnum):
    """Of a claim that something is wrong."""

    OPEN = "OPEN"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"


PROXY: Final = StateMachine(
    ProxyState.OFFERED,
    {
        ProxyState.ATTESTED: {ProxyState.OFFERED, ProxyState.DECLINED, ProxyState.REVOKED},
        ProxyState.OFFERED: {ProxyState.ACTIVE, ProxyState.DECLINED, ProxyState.REVOKED},
        ProxyState.ACTIVE: {ProxyState.REVOKED},
    },
    or_begins={ProxyState.ATTESTED},
)
MERGE: Final = StateMachine(
    MergeState.PROPOSED,
    {
        MergeState.PROPOSED: {MergeState.MERGED, MergeState.REFUSED, MergeState.WITHDRAWN},
        MergeState.MERGED: {MergeState.SEPARATED},
    },
)
# A second try begins again what the first left RUNNING; when both come to the end, the later copy stays.
EXPORT: Final = StateMachine(
    ExportState.QUEUED,
    {
        ExportState.QUEUED: {ExportState.RUNNING, ExportState.FAILED},
        ExportState.RUNNING: {ExportState.RUNNING, ExportState.READY, ExportState.FAILED},
        ExportState.READY: {ExportState.READY, ExportState.EXPIRED},
    },
)
ERASURE: Final = StateMachine(ErasureState.RUNNING, {ErasureState.RUNNING: {ErasureState.DONE}})
RECTIFICATION: Final = StateMachine(
    RectificationState.OPEN,
    {RectificationState.OPEN: {RectificationState.ACCEPTED, RectificationState.REFUSED}},
)
