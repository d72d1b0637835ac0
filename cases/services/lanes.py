"""Who waits for whom: of each sender one document is looked at at a time, and what takes long has lanes of its own.

A look ends after three seconds. What is not done by then, or has to be recognised, goes on in a heavy lane, one after
the other, while the other processes of the queue are free for the next sender's letter.
"""

from uuid import UUID

from config.kernel.conf import setting

DOCUMENTS = "documents"
_HEAVY = "heavy"


def looks_of(sender: UUID) -> str:
    """The lane of a sender's documents that were not looked at yet."""
    return f"look:{sender}"


def heavy_of(patient_id: UUID) -> str:
    """The lane of what takes long; all of one patient share one, so that nobody fills them all."""
    return f"{_HEAVY}:{patient_id.int % setting('DOCUMENT_HEAVY_LANES')}"


def is_heavy(lane: str) -> bool:
    """Whether whoever waits in this lane has the time."""
    return lane.startswith(_HEAVY)
