"""Staff pages of cases: queues by state, the steps that a case may take, documents in doubt, and the plumbing."""

from cases.admin import (
    after_delivery,
    documents,
    emergencies,
    intake,
    pages,
    record_requests,
    retention,
    steering,
    submissions,
    uploads,
)
from cases.admin.queues import figures, queues
from cases.services.content_editions import CHECKLISTS, QUESTIONNAIRES
from config.kernel.admin import register_editions, register_plumbing
from config.kernel.registry import provide

__all__ = [
    "after_delivery",
    "documents",
    "emergencies",
    "intake",
    "pages",
    "record_requests",
    "retention",
    "steering",
    "submissions",
    "uploads",
]

register_plumbing("cases")
register_editions("cases", QUESTIONNAIRES, CHECKLISTS)
provide("staff_queues", queues)
provide("staff_figures", figures)
