"""Transactions of this context."""

from config.kernel.db import ContextDatabase

database = ContextDatabase("analysis")
atomic = database.atomic
on_commit = database.on_commit
now = database.now
