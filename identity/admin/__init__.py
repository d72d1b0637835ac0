"""Staff pages of this context."""

from config.kernel.admin import register_plumbing
from identity.admin import accounts, privacy

__all__ = ["accounts", "privacy"]

register_plumbing("identity")
