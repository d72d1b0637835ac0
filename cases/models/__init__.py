"""Tables of this context."""

from cases.models.archives import Archive
from cases.models.base_tables import (
    AuditEntry,
    FeedCursor,
    IdempotencyKey,
    InboxEntry,
    Job,
    OutboxEntry,
    RetentionListing,
)
from cases.models.break_glass import BreakGlass
from cases.models.case import Case, ChecklistItem, ClockInterval, Question, StatusHistory
from cases.models.documents import Document, DocumentPage, OriginalLink, RetiredFile
from cases.models.editions import Edition
from cases.models.followup import Escalation, FollowUpQuestion, Outcome, ServiceRating
from cases.models.idle_cases import IdleReminder
from cases.models.imaging import ImagingInstance
from cases.models.index import CaseIndex
from cases.models.intake import Intake, Questionnaire
from cases.models.messages import CaseMessage, CaseNote
from cases.models.opinion import (
    Assignment,
    Clarification,
    FindingProjection,
    FirstRead,
    Incident,
    Offer,
    Opinion,
    PeerReview,
    Report,
)
from cases.models.records import RecordLink, RecordRequest, RecordUpload
from cases.models.red_flags import RedFlag
from cases.models.rereadings import ReportRecheck, Rereading
from cases.models.submissions import Submission, SubmissionFile
from cases.models.uploads import ResumableUpload, UploadPart

__all__ = [
    "Archive",
    "Assignment",
    "AuditEntry",
    "BreakGlass",
    "Case",
    "CaseIndex",
    "CaseMessage",
    "CaseNote",
    "ChecklistItem",
    "Clarification",
    "ClockInterval",
    "Document",
    "DocumentPage",
    "Edition",
    "Escalation",
    "FeedCursor",
    "FindingProjection",
    "FirstRead",
    "FollowUpQuestion",
    "IdempotencyKey",
    "IdleReminder",
    "ImagingInstance",
    "InboxEntry",
    "Incident",
    "Intake",
    "Job",
    "Offer",
    "Opinion",
    "OriginalLink",
    "OutboxEntry",
    "Outcome",
    "PeerReview",
    "Question",
    "Questionnaire",
    "RecordLink",
    "RecordRequest",
    "RecordUpload",
    "RedFlag",
    "Report",
    "ReportRecheck",
    "Rereading",
    "ResumableUpload",
    "RetentionListing",
    "RetiredFile",
    "ServiceRating",
    "StatusHistory",
    "Submission",
    "SubmissionFile",
    "UploadPart",
]
