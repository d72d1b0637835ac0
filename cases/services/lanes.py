"""Who waits for whom: of each sender one document is looked at at a time, and what takes long has a lane of its own.

A look ends after three seconds. What is not done by then, or has to be recognised, goes on in the heavy lane, one after
the other, while the other processes of the queue are free for the next sender's letter.
"""

from uuid import UUID

DOCUMENTS = "documents"
HEAVY = "heavy"


def looks_of(sender: UUID) -> str:
    """The lane of a sender's documents that were not looked at yet."""
    return f"look:{sender}"
