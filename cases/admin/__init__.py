"""Staff pages of cases: queues by state, the steps that a case may take, documents in doubt, and the plumbing."""

from cases.admin import documents, emergencies, pages, steering
from config.kernel.admin import register_plumbing

__all__ = ["documents", "emergencies", "pages", "steering"]

register_plumbing("cases")
