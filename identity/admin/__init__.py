"""Staff pages of this context."""

from config.kernel.admin import register_plumbing
from identity.admin import accounts, merges, privacy

__all__ = ["accounts", "merges", "privacy"]

register_plumbing("identity")
