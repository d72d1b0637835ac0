"""Who is asking. Contexts learn it from here, never from identity's tables."""

from config.kernel.auth.context import SYSTEM, acting_as, current_principal
from config.kernel.auth.freshness import fresh_second_factor
from config.kernel.auth.principal import ANONYMOUS, ROLE_NAMES, ROLES, STAFF_ROLES, Principal

__all__ = [
    "ANONYMOUS",
    "ROLES",
    "ROLE_NAMES",
    "STAFF_ROLES",
    "SYSTEM",
    "Principal",
    "acting_as",
    "current_principal",
    "fresh_second_factor",
]
