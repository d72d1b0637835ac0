"""Tables of this context."""

from professionals.models.base_tables import AuditEntry, FeedCursor, IdempotencyKey, InboxEntry, Job, OutboxEntry
from professionals.models.calendar import CalendarEntry
from professionals.models.credentials import Credential, ExpiryNotice
from professionals.models.editions import Edition
from professionals.models.evidence import Evidence
from professionals.models.legal_rules import PublishedRule
from professionals.models.parties import Affiliation, Organisation
from professionals.models.profiles import Licence, Professional, VerificationDecision
from professionals.models.publication import Publication
from professionals.models.quality import CaseWork, Review, Statistics
from professionals.models.saved_views import SavedView

__all__ = [
    "Affiliation",
    "AuditEntry",
    "CalendarEntry",
    "CaseWork",
    "Credential",
    "Edition",
    "Evidence",
    "ExpiryNotice",
    "FeedCursor",
    "IdempotencyKey",
    "InboxEntry",
    "Job",
    "Licence",
    "Organisation",
    "OutboxEntry",
    "Professional",
    "Publication",
    "PublishedRule",
    "Review",
    "SavedView",
    "Statistics",
    "VerificationDecision",
]
