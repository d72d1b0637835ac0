"""Tables of this context."""

from analysis.models.base_tables import AuditEntry, FeedCursor, IdempotencyKey, InboxEntry, Job, OutboxEntry
from analysis.models.editions import Edition
from analysis.models.registry import ModelRecord, ProviderCall
from analysis.models.runs import AnalysisRun, Finding, FindingChange

__all__ = [
    "AnalysisRun",
    "AuditEntry",
    "Edition",
    "FeedCursor",
    "Finding",
    "FindingChange",
    "IdempotencyKey",
    "InboxEntry",
    "Job",
    "ModelRecord",
    "OutboxEntry",
    "ProviderCall",
]
