"""How far a long job is, for people who are looking now: ids, codes and counts, never content.

Whoever holds their sockets listens to ``GROUP``. A lost message is a late one: rows hold the same.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from config.kernel import channel_groups

GROUP = "progress"


def tell_progress(*, user_ids: Iterable[UUID], about: dict[str, str | int]) -> None:
    """Tell each user how far the job ``about`` a ``document`` (or whatever its keys name) is."""
    users = sorted({str(user_id) for user_id in user_ids})
    channel_groups.sender.send(GROUP, {"type": "progress", "users": users, "progress": about})


def heard_progress(message: Mapping[str, Any]) -> tuple[list[UUID], dict[str, str | int]]:
    """The users, and what they are told. Raises ``ValueError`` for anything else."""
    try:
        return [UUID(user) for user in message["users"]], dict(message["progress"])
    except (KeyError, TypeError, AttributeError) as fault:
        raise ValueError("not a message of progress") from fault
