"""How far a long job is, for people who are looking now: ids, codes and counts, never content.

Whoever holds their sockets listens to ``CHANNEL``. A lost message is a late one: rows hold the same.
"""

import json
from collections.abc import Iterable
from uuid import UUID

from config.kernel.pubsub import publish

CHANNEL = "sop:progress"


def tell_progress(*, user_ids: Iterable[UUID], about: dict[str, str | int]) -> None:
    """Tell each user how far the job ``about`` a ``document`` (or whatever its keys name) is."""
    for user_id in sorted(set(user_ids)):
        publish(CHANNEL, json.dumps({"user": str(user_id), "progress": about}))


def heard_progress(message: str) -> tuple[UUID, dict[str, str | int]]:
    """The user, and what they are told. Raises ``ValueError`` for anything else."""
    told = json.loads(message)
    try:
        return UUID(told["user"]), dict(told["progress"])
    except (KeyError, TypeError, AttributeError) as fault:
        raise ValueError("not a message of progress") from fault
