"""From the first draft to a case that is whole: questionnaires, answers, emergency advice, checklist, submissions."""

from cases.adapters.questionnaires import CONDITIONS
from cases.services.intake.answers import complete_intake, get_intake, save_intake
from cases.services.intake.checklist_dto import ChecklistDTO, ChecklistItemDTO
from cases.services.intake.checklists import get_checklist, name_document
from cases.services.intake.drafts import open_case, update_draft
from cases.services.intake.intake_dto import IntakeDTO
from cases.services.intake.questionnaires import (
    QuestionnaireChanged,
    QuestionnaireDTO,
    get_questionnaire,
    list_questionnaires,
    load_questionnaires,
)
from cases.services.intake.red_flags import RedFlagDTO, acknowledge_red_flag
from cases.services.intake.submission_claims import claim_submission
from cases.services.intake.submission_dto import OpenedSubmission, SubmissionDTO, SubmissionFileDTO
from cases.services.intake.submissions import add_submission_file, get_submission, open_submission, update_submission
from cases.services.intake.triage_choices import TriageChoices, triage_choices

__all__ = [
    "CONDITIONS",
    "ChecklistDTO",
    "ChecklistItemDTO",
    "IntakeDTO",
    "OpenedSubmission",
    "QuestionnaireChanged",
    "QuestionnaireDTO",
    "RedFlagDTO",
    "SubmissionDTO",
    "SubmissionFileDTO",
    "TriageChoices",
    "acknowledge_red_flag",
    "add_submission_file",
    "claim_submission",
    "complete_intake",
    "get_checklist",
    "get_intake",
    "get_questionnaire",
    "get_submission",
    "list_questionnaires",
    "load_questionnaires",
    "name_document",
    "open_case",
    "open_submission",
    "save_intake",
    "triage_choices",
    "update_draft",
    "update_submission",
]
