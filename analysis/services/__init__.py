"""PUBLIC: what other contexts, and this one's entry points, may call."""

from analysis.services.deciding import decide_finding
from analysis.services.dto import AI_LABEL, FindingDTO, InsightsDTO, ModelDTO, RunDTO
from analysis.services.forgetting import forget_case
from analysis.services.reading import case_findings, findings_for_case, get_run, insights_for_case
from analysis.services.registry import list_models
from analysis.services.requesting import request_analysis
from analysis.services.running import block_queued, execute, finish
from analysis.services.starting import start_after_reading, start_again

__all__ = [
    "AI_LABEL",
    "FindingDTO",
    "InsightsDTO",
    "ModelDTO",
    "RunDTO",
    "block_queued",
    "case_findings",
    "decide_finding",
    "execute",
    "findings_for_case",
    "finish",
    "forget_case",
    "get_run",
    "insights_for_case",
    "list_models",
    "request_analysis",
    "start_after_reading",
    "start_again",
]
