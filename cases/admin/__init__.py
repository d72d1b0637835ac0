"""Staff pages of cases: queues by state, the steps that a case may take, documents in doubt, and the plumbing."""

from cases.admin import (
    break_glass,
    cases,
    documents,
    followup,
    intake,
    records,
    rereadings,
    retention,
    submissions,
    uploads,
    workflow,
)
from cases.services.intake.content_editions import CHECKLISTS, QUESTIONNAIRES
from config.kernel.admin import register_editions, register_plumbing

__all__ = [
    "break_glass",
    "cases",
    "documents",
    "followup",
    "intake",
    "records",
    "rereadings",
    "retention",
    "submissions",
    "uploads",
    "workflow",
]

register_plumbing("cases")
register_editions("cases", QUESTIONNAIRES, CHECKLISTS)
