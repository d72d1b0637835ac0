"""This context's own outbox, inbox, audit, job and idempotency tables."""

from config.kernel.api.models import AbstractIdempotencyKey
from config.kernel.audit import AbstractAuditEntry
from config.kernel.feeds import AbstractFeedCursor
from config.kernel.jobs import AbstractJob
from config.kernel.outbox import AbstractInboxEntry, AbstractOutboxEntry


class OutboxEntry(AbstractOutboxEntry):
    """Events on their way out."""


class InboxEntry(AbstractInboxEntry):
    """Events taken."""


class FeedCursor(AbstractFeedCursor):
    """How far feeds have read the events."""


class AuditEntry(AbstractAuditEntry):
    """Who did what with whose data."""


class Job(AbstractJob):
    """Work to do."""


class IdempotencyKey(AbstractIdempotencyKey):
    """Answered POSTs."""
