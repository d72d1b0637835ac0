"""Staff pages of this context."""

from config.kernel.admin import register_plumbing
from config.kernel.ports import provide
from identity.admin import accounts, merges, privacy
from identity.admin.queues import queues

__all__ = ["accounts", "merges", "privacy"]

register_plumbing("identity")
provide("staff_queues", queues)
