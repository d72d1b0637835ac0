"""PUBLIC: what other contexts, and this one's entry points, may call."""

from analysis.services.automatic_runs import start_after_reading, start_again
from analysis.services.clinical_words import clinical_words
from analysis.services.coverage import judged_documents
from analysis.services.decisions import decide_finding
from analysis.services.dto import AI_LABEL, FindingDTO, InsightsDTO, ModelDTO, RunDTO
from analysis.services.erasure import forget_case
from analysis.services.insights import case_findings, findings_for_case, get_run, insights_for_case
from analysis.services.registry import list_models
from analysis.services.run_requests import request_analysis
from analysis.services.runs import block_queued, execute, finish

__all__ = [
    "AI_LABEL",
    "FindingDTO",
    "InsightsDTO",
    "ModelDTO",
    "RunDTO",
    "block_queued",
    "case_findings",
    "clinical_words",
    "decide_finding",
    "execute",
    "findings_for_case",
    "finish",
    "forget_case",
    "get_run",
    "insights_for_case",
    "judged_documents",
    "list_models",
    "request_analysis",
    "start_after_reading",
    "start_again",
]
