"""Who waits for whom: of each sender one document is looked at at a time, and what takes long has keys of its own.

A look ends after three seconds of processor time, and so does the judgement on the text that it brought. What is not
done by then, or has to be recognised, goes on under a heavy key, one after the other, while the other processes of the
queue are free for the next sender's letter. Under a heavy key the patients take turns: whoever sent many such documents
waits for these, and nobody else does.

What is read again (``rereading.py``) has one key for all, one document at a time, and steps aside for all of these.
"""

from uuid import UUID

from config.kernel.conf import setting

DOCUMENTS, REREAD = "documents", "cases.reread_document"
_HEAVY = "heavy"
#: Of processor time, for what is asked of one document's text: in a look, and where nobody waits.
LOOK_SECONDS, TEXT_SECONDS = 3, 60


def looks_of(sender: UUID) -> str:
    """The concurrency key of a sender's documents that were not looked at yet."""
    return f"look:{sender}"


def heavy_of(patient_id: UUID) -> str:
    """The concurrency key of what takes long; all of one patient share one, so that nobody fills them all."""
    return f"{_HEAVY}:{patient_id.int % setting('DOCUMENT_HEAVY_LANES')}"


def is_heavy(concurrency_key: str) -> bool:
    """Whether whoever waits under this key has the time."""
    return concurrency_key.startswith(_HEAVY)


def text_seconds(concurrency_key: str) -> int:
    """How much processor time the judgement on a text may take under this key."""
    return TEXT_SECONDS if is_heavy(concurrency_key) else LOOK_SECONDS
