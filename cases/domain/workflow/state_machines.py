"""The small machines beside the case: states as words, each machine as one table.

``advance`` (``config.kernel.db.states``) asks them at every write of a state.
"""

from enum import StrEnum
from typing import Final

from config.kernel.state_machine import StateMachine


class OfferState(StrEnum):
    """Of a case offered to one specialist."""

    OFFERED = "OFFERED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    EXPIRED = "EXPIRED"
    WITHDRAWN = "WITHDRAWN"


class AssignmentState(StrEnum):
    """Of a specialist's work on a case. REVOKED: by somebody else."""

    ACTIVE = "ACTIVE"
    COMPLETED = "COMPLETED"
    RELEASED = "RELEASED"
    REVOKED = "REVOKED"


class OpinionState(StrEnum):
    """Of one version of an opinion."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    CHANGES_REQUESTED = "CHANGES_REQUESTED"
    APPROVED = "APPROVED"
    SIGNED = "SIGNED"
    SUPERSEDED = "SUPERSEDED"


class DocumentState(StrEnum):
    """Of an uploaded file. PROCESSED: it was read and names nobody; MISMATCHED: it names somebody else."""

    QUARANTINED = "QUARANTINED"
    PROCESSED = "PROCESSED"
    MISMATCHED = "MISMATCHED"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"


class ClarificationState(StrEnum):
    """Of a question to the patient."""

    OPEN = "OPEN"
    ANSWERED = "ANSWERED"
    EXPIRED = "EXPIRED"


class RecordRequestState(StrEnum):
    """Of records that were asked of somebody else."""

    OPEN = "OPEN"
    RECEIVED = "RECEIVED"
    UNDELIVERABLE = "UNDELIVERABLE"
    LAPSED = "LAPSED"
    CANCELLED = "CANCELLED"


class ArchiveState(StrEnum):
    """Of an archive of files."""

    RECEIVED = "RECEIVED"
    UNPACKED = "UNPACKED"
    REFUSED = "REFUSED"


class RereadingState(StrEnum):
    """Of a document that a newer reader reads again. ASKED: it was, and staff are asked whose document it is.

    KEPT: it could not be, so that the former reading stays; DROPPED: nobody needs it any more.
    """

    WAITING = "WAITING"
    DONE = "DONE"
    ASKED = "ASKED"
    UPHELD = "UPHELD"
    REFUSED = "REFUSED"
    KEPT = "KEPT"
    DROPPED = "DROPPED"


class RecheckState(StrEnum):
    """Of a signed report that rests on what is read otherwise now: it stands, or it is amended."""

    OPEN = "OPEN"
    STANDS = "STANDS"
    AMENDED = "AMENDED"


OFFER: Final = StateMachine(
    OfferState.OFFERED,
    {OfferState.OFFERED: {OfferState.ACCEPTED, OfferState.DECLINED, OfferState.EXPIRED, OfferState.WITHDRAWN}},
)
ASSIGNMENT: Final = StateMachine(
    AssignmentState.ACTIVE,
    {AssignmentState.ACTIVE: {AssignmentState.COMPLETED, AssignmentState.RELEASED, AssignmentState.REVOKED}},
)
OPINION: Final = StateMachine(
    OpinionState.DRAFT,
    {
        OpinionState.DRAFT: {OpinionState.SUBMITTED, OpinionState.APPROVED},
        OpinionState.SUBMITTED: {OpinionState.CHANGES_REQUESTED, OpinionState.APPROVED},
        OpinionState.CHANGES_REQUESTED: {OpinionState.SUBMITTED, OpinionState.APPROVED},
        OpinionState.APPROVED: {OpinionState.SIGNED, OpinionState.CHANGES_REQUESTED},
        OpinionState.SIGNED: {OpinionState.SUPERSEDED},
    },
)
_SETTLED = {DocumentState.ACCEPTED, DocumentState.REJECTED}
# A draft's owner takes back any of its documents, even one that is being read.
DOCUMENT: Final = StateMachine(
    DocumentState.QUARANTINED,
    {
        DocumentState.QUARANTINED: {
            DocumentState.PROCESSED, DocumentState.MISMATCHED, *_SETTLED, DocumentState.WITHDRAWN,
        },
        # Read again, a document that names nobody may turn out to name somebody else.
        DocumentState.PROCESSED: {*_SETTLED, DocumentState.MISMATCHED, DocumentState.WITHDRAWN},
        DocumentState.MISMATCHED: {*_SETTLED, DocumentState.WITHDRAWN},
        # Refused late: when it was read again, a coordinator found that it is somebody else's.
        DocumentState.ACCEPTED: {DocumentState.WITHDRAWN, DocumentState.REJECTED},
        DocumentState.REJECTED: {DocumentState.WITHDRAWN},
    },
)  # fmt: skip
CLARIFICATION: Final = StateMachine(
    ClarificationState.OPEN,
    {ClarificationState.OPEN: {ClarificationState.ANSWERED, ClarificationState.EXPIRED}},
)
# A request that ended by itself may still be taken back.
RECORD_REQUEST: Final = StateMachine(
    RecordRequestState.OPEN,
    {
        RecordRequestState.OPEN: {
            RecordRequestState.RECEIVED, RecordRequestState.UNDELIVERABLE, RecordRequestState.LAPSED,
            RecordRequestState.CANCELLED,
        },
        RecordRequestState.RECEIVED: {RecordRequestState.CANCELLED},
        RecordRequestState.UNDELIVERABLE: {RecordRequestState.CANCELLED},
        RecordRequestState.LAPSED: {RecordRequestState.CANCELLED},
    },
)  # fmt: skip
ARCHIVE: Final = StateMachine(
    ArchiveState.RECEIVED, {ArchiveState.RECEIVED: {ArchiveState.UNPACKED, ArchiveState.REFUSED}}
)
REREADING: Final = StateMachine(
    RereadingState.WAITING,
    {
        RereadingState.WAITING: {
            RereadingState.DONE, RereadingState.ASKED, RereadingState.KEPT, RereadingState.DROPPED,
        },
        RereadingState.ASKED: {RereadingState.UPHELD, RereadingState.REFUSED, RereadingState.DROPPED},
    },
)  # fmt: skip
RECHECK: Final = StateMachine(RecheckState.OPEN, {RecheckState.OPEN: {RecheckState.STANDS, RecheckState.AMENDED}})
# Nobody has to look at them any more.
CLEARED_DOCUMENTS: Final = frozenset({DocumentState.ACCEPTED, DocumentState.REJECTED, DocumentState.WITHDRAWN})
# What nobody is given: not looked at yet, or refused.
UNSAFE_DOCUMENTS: Final = frozenset({DocumentState.QUARANTINED, DocumentState.REJECTED})
SIGNED_OPINIONS: Final = (OpinionState.SIGNED, OpinionState.SUPERSEDED)
