"""Tables of this context."""

from analysis.models.editions import Edition
from analysis.models.plumbing import AuditEntry, IdempotencyKey, InboxEntry, Job, OutboxEntry
from analysis.models.registry import ModelRecord, ProviderCall
from analysis.models.runs import AnalysisRun, Finding

__all__ = [
    "AnalysisRun",
    "AuditEntry",
    "Edition",
    "Finding",
    "IdempotencyKey",
    "InboxEntry",
    "Job",
    "ModelRecord",
    "OutboxEntry",
    "ProviderCall",
]
