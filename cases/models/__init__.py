"""Tables of this context."""

from cases.models.archives import Archive
from cases.models.breakglass import BreakGlass
from cases.models.case import Case, ChecklistItem, ClockInterval, Question, StatusHistory
from cases.models.documents import Document, DocumentPage, OriginalLink, RetiredFile
from cases.models.editions import Edition
from cases.models.follow_up import Escalation, FollowUpQuestion, Outcome, ServiceRating
from cases.models.idle import IdleReminder
from cases.models.imaging import ImagingInstance
from cases.models.intake import Intake, Questionnaire
from cases.models.plumbing import AuditEntry, IdempotencyKey, InboxEntry, Job, OutboxEntry, RetentionListing
from cases.models.red_flags import RedFlag
from cases.models.requests import RecordLink, RecordRequest, RecordUpload
from cases.models.resumable import ResumableUpload, UploadPart
from cases.models.review import (
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
from cases.models.search import CaseIndex
from cases.models.submissions import Submission, SubmissionFile
from cases.models.talk import CaseMessage, CaseNote

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
    "ResumableUpload",
    "RetentionListing",
    "RetiredFile",
    "ServiceRating",
    "StatusHistory",
    "Submission",
    "SubmissionFile",
    "UploadPart",
]
