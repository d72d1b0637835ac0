"""The staff's admin: one site that asks for a second factor, audited pages, and the plumbing of every context.

A context's ``admin.py`` needs ``PlatformModelAdmin`` as the base of its pages and ``register_plumbing("<context>")``.
"""

from config.kernel.admin.auditing import audited
from config.kernel.admin.base import PlatformModelAdmin, PlatformTabularInline, short_id
from config.kernel.admin.editions import register_editions
from config.kernel.admin.plumbing import register_plumbing

__all__ = [
    "PlatformModelAdmin",
    "PlatformTabularInline",
    "audited",
    "register_editions",
    "register_plumbing",
    "short_id",
]
