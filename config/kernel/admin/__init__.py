"""The staff's admin: one site that asks for a second factor, audited pages, and the plumbing of every context.

A context's ``admin.py`` needs ``PlatformModelAdmin`` as the base of its pages and ``register_plumbing("<context>")``.
"""

from config.kernel.admin.audited_pages import audited
from config.kernel.admin.base import PlatformModelAdmin, PlatformTabularInline, short_id
from config.kernel.admin.base_tables import register_plumbing
from config.kernel.admin.editions import register_editions

__all__ = [
    "PlatformModelAdmin",
    "PlatformTabularInline",
    "audited",
    "register_editions",
    "register_plumbing",
    "short_id",
]
