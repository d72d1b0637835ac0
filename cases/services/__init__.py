"""PUBLIC: what other contexts, and this one's entry points, may call."""

from cases.adapters.questionnaires import CONDITIONS
from cases.domain.sheet_dates import ResultPlace, SheetDate
from cases.domain.states import State
from cases.domain.transitions import Transition
from cases.queries.ordering import ORDERS
from cases.queries.selection import ListFilter
from cases.services.advancing import advance, sweep
from cases.services.archive_dto import ArchiveDTO, ArchiveEntry
from cases.services.archives import get_archive, upload_archive
from cases.services.case_dates import case_calendar
from cases.services.case_names import CaseName, case_names
from cases.services.checklist_dto import ChecklistDTO, ChecklistItemDTO
from cases.services.checklists import get_checklist, name_document
from cases.services.claiming import claim_submission
from cases.services.clarifying import answer, ask, list_clarifications, unread_clarifications
from cases.services.completing import upload_standing
from cases.services.confirming import confirm_document, waive_item
from cases.services.delegating import add_delegate, list_delegates, remove_delegate
from cases.services.document_content import document_content, withdraw_document
from cases.services.documents import (
    document_text,
    get_document,
    list_documents,
    original_file,
    page_image,
    page_text,
)
from cases.services.drafts import open_case, update_draft
from cases.services.dto import (
    AllowedTransition,
    CandidateDTO,
    CaseAccess,
    CaseDTO,
    ClarificationDTO,
    DocumentDTO,
    DocumentText,
    ExclusionDTO,
    HistoryEntry,
    MatchingDTO,
    MessageDTO,
    NoteDTO,
    ObstacleDTO,
    OfferDTO,
    OpinionDTO,
    ReportDTO,
    ReportFile,
    StepTaken,
    TalkDTO,
    WorkItem,
)
from cases.services.emergency import BreakGlassDTO, break_glass, list_break_glass, review_break_glass
from cases.services.finding import Found, PageHit, find_in_documents
from cases.services.first_opinion import first_opinion
from cases.services.following_up import FollowUpDTO, FollowUpsDTO, answer_follow_up, ask_follow_up, list_follow_ups
from cases.services.holding import hold_case, resume_case
from cases.services.imaging import frame_values, list_imaging
from cases.services.imaging_dto import FrameDTO, ImagingDTO, InstanceDTO, SliceDTO, StackDTO, StacksDTO
from cases.services.imaging_retrieval import instance_of, raw_frame, rendered_frame, retrieve_imaging
from cases.services.imaging_stacks import image_stacks
from cases.services.importing import ImportDTO, import_ccda, import_fhir
from cases.services.incidents import report_incident
from cases.services.intake import complete_intake, get_intake, save_intake
from cases.services.intake_dto import IntakeDTO
from cases.services.judgements import Judgement, judgements
from cases.services.links import MadeLink, document_link, linked_file
from cases.services.moving import history, move, transitions_for
from cases.services.offering import accept_offer, candidates, decline_offer, offer_case
from cases.services.opinion_versions import (
    compare_versions,
    drift_of,
    get_version,
    list_versions,
)
from cases.services.opinions import (
    get_draft,
    get_opinion,
    refuse_change,
    save_draft,
    seal_first_read,
    sign_opinion,
    submit_opinion,
)
from cases.services.outcomes import OutcomeDTO, list_outcomes, record_outcome
from cases.services.peering import assign_peer, opinion_for_review, review_opinion
from cases.services.previewing import preview_report
from cases.services.proving import ProofDTO, check_file, check_manifest
from cases.services.publishing import published_keys, rotate_report_keys, status_list
from cases.services.questionnaires import (
    QuestionnaireChanged,
    QuestionnaireDTO,
    get_questionnaire,
    list_questionnaires,
    load_questionnaires,
)
from cases.services.reading import case_access, case_page, get_case, list_cases, worklist
from cases.services.record_dto import RecordLetter, RecordRequestDTO, TakenRecord
from cases.services.record_links import (
    may_send_records,
    receive_record,
    write_record_letter,
)
from cases.services.record_requests import (
    cancel_record_request,
    list_record_requests,
    request_records,
)
from cases.services.red_flags import RedFlagDTO, acknowledge_red_flag
from cases.services.reports import get_report, list_reports, report_fhir, report_file, report_pdf
from cases.services.result_dates import dates_of_results
from cases.services.resuming import UploadStanding, begin_upload, end_upload, may_receive, receive
from cases.services.searching import forget_index, rebuild_index, search_cases
from cases.services.service_ratings import RatingDTO, rate_service
from cases.services.submission_dto import OpenedSubmission, SubmissionDTO, SubmissionFileDTO
from cases.services.submissions import (
    add_submission_file,
    get_submission,
    open_submission,
    update_submission,
)
from cases.services.talking import add_note, list_notes, read_messages, send_message, unread_messages
from cases.services.timeline import TimelineEntry, timeline
from cases.services.triage import TriageChoices, triage_choices
from cases.services.uploading import may_upload, upload_document
from cases.services.version_dto import OpinionDiff, OpinionDrift, OpinionVersionDTO
from cases.services.vocabulary import Vocabulary, vocabulary
from cases.services.workspace import WorkspaceDTO, workspace

# In which orders cases are listed: by name, the field of a row that decides (empty: its id).
CASE_ORDERS = tuple((name, order.column) for name, order in ORDERS.items())

__all__ = [
    "CASE_ORDERS",
    "CONDITIONS",
    "AllowedTransition",
    "ArchiveDTO",
    "ArchiveEntry",
    "BreakGlassDTO",
    "CandidateDTO",
    "CaseAccess",
    "CaseDTO",
    "CaseName",
    "ChecklistDTO",
    "ChecklistItemDTO",
    "ClarificationDTO",
    "DocumentDTO",
    "DocumentText",
    "ExclusionDTO",
    "FollowUpDTO",
    "FollowUpsDTO",
    "Found",
    "FrameDTO",
    "HistoryEntry",
    "ImagingDTO",
    "ImportDTO",
    "InstanceDTO",
    "IntakeDTO",
    "Judgement",
    "ListFilter",
    "MadeLink",
    "MatchingDTO",
    "MessageDTO",
    "NoteDTO",
    "ObstacleDTO",
    "OfferDTO",
    "OpenedSubmission",
    "OpinionDTO",
    "OpinionDiff",
    "OpinionDrift",
    "OpinionVersionDTO",
    "OutcomeDTO",
    "PageHit",
    "ProofDTO",
    "QuestionnaireChanged",
    "QuestionnaireDTO",
    "RatingDTO",
    "RecordLetter",
    "RecordRequestDTO",
    "RedFlagDTO",
    "ReportDTO",
    "ReportFile",
    "ResultPlace",
    "SheetDate",
    "SliceDTO",
    "StackDTO",
    "StacksDTO",
    "State",
    "StepTaken",
    "SubmissionDTO",
    "SubmissionFileDTO",
    "TakenRecord",
    "TalkDTO",
    "TimelineEntry",
    "Transition",
    "TriageChoices",
    "UploadStanding",
    "Vocabulary",
    "WorkItem",
    "WorkspaceDTO",
    "accept_offer",
    "acknowledge_red_flag",
    "add_delegate",
    "add_note",
    "add_submission_file",
    "advance",
    "answer",
    "answer_follow_up",
    "ask",
    "ask_follow_up",
    "assign_peer",
    "begin_upload",
    "break_glass",
    "cancel_record_request",
    "candidates",
    "case_access",
    "case_calendar",
    "case_names",
    "case_page",
    "check_file",
    "check_manifest",
    "claim_submission",
    "compare_versions",
    "complete_intake",
    "confirm_document",
    "dates_of_results",
    "decline_offer",
    "document_content",
    "document_link",
    "document_text",
    "drift_of",
    "end_upload",
    "find_in_documents",
    "first_opinion",
    "forget_index",
    "frame_values",
    "get_archive",
    "get_case",
    "get_checklist",
    "get_document",
    "get_draft",
    "get_intake",
    "get_opinion",
    "get_questionnaire",
    "get_report",
    "get_submission",
    "get_version",
    "history",
    "hold_case",
    "image_stacks",
    "import_ccda",
    "import_fhir",
    "instance_of",
    "judgements",
    "linked_file",
    "list_break_glass",
    "list_cases",
    "list_clarifications",
    "list_delegates",
    "list_documents",
    "list_follow_ups",
    "list_imaging",
    "list_notes",
    "list_outcomes",
    "list_questionnaires",
    "list_record_requests",
    "list_reports",
    "list_versions",
    "load_questionnaires",
    "may_receive",
    "may_send_records",
    "may_upload",
    "move",
    "name_document",
    "offer_case",
    "open_case",
    "open_submission",
    "opinion_for_review",
    "original_file",
    "page_image",
    "page_text",
    "preview_report",
    "published_keys",
    "rate_service",
    "raw_frame",
    "read_messages",
    "rebuild_index",
    "receive",
    "receive_record",
    "record_outcome",
    "refuse_change",
    "remove_delegate",
    "rendered_frame",
    "report_fhir",
    "report_file",
    "report_incident",
    "report_pdf",
    "request_records",
    "resume_case",
    "retrieve_imaging",
    "review_break_glass",
    "review_opinion",
    "rotate_report_keys",
    "save_draft",
    "save_intake",
    "seal_first_read",
    "search_cases",
    "send_message",
    "sign_opinion",
    "status_list",
    "submit_opinion",
    "sweep",
    "timeline",
    "transitions_for",
    "triage_choices",
    "unread_clarifications",
    "unread_messages",
    "update_draft",
    "update_submission",
    "upload_archive",
    "upload_document",
    "upload_standing",
    "vocabulary",
    "waive_item",
    "withdraw_document",
    "worklist",
    "workspace",
    "write_record_letter",
]
