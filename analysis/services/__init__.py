"""PUBLIC: what other contexts, and this one's entry points, may call."""

from analysis.services.automatic_runs import start_after_reading, start_again
from analysis.services.changes import changes_of_case
from analysis.services.clinical_words import clinical_words
from analysis.services.coverage import judged_documents
from analysis.services.decisions import decide_finding
from analysis.services.dto import AI_LABEL, ChangeDTO, FindingDTO, InsightsDTO, ModelDTO, RunDTO
from analysis.services.erasure import forget_case
from analysis.services.insights import case_findings, findings_for_case, get_run, insights_for_case
from analysis.services.registry import list_models
from analysis.services.reruns import (
    RerunPlan,
    lay_document_aside,
    queue_reruns,
    rerun_plan,
    start_after_rereading,
)
from analysis.services.run_requests import request_analysis
from analysis.services.runs import block_queued, execute, finish

__all__ = [
    "AI_LABEL",
    "ChangeDTO",
    "FindingDTO",
    "InsightsDTO",
    "ModelDTO",
    "RerunPlan",
    "RunDTO",
    "block_queued",
    "case_findings",
    "changes_of_case",
    "clinical_words",
    "decide_finding",
    "execute",
    "findings_for_case",
    "finish",
    "forget_case",
    "get_run",
    "insights_for_case",
    "judged_documents",
    "lay_document_aside",
    "list_models",
    "queue_reruns",
    "request_analysis",
    "rerun_plan",
    "start_after_reading",
    "start_after_rereading",
    "start_again",
]
