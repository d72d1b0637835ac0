"""Staff pages of cases: queues by state, the steps that a case may take, documents in doubt, and the plumbing."""

from cases.admin import documents, emergencies, intake, pages, retention, steering
from config.kernel.admin import register_plumbing

__all__ = ["documents", "emergencies", "intake", "pages", "retention", "steering"]

register_plumbing("cases")
