"""What a client says of itself: by what it is let in, and what it has."""

from dataclasses import dataclass
from uuid import UUID

from channels.db import database_sync_to_async

from notifications import services

MAX_SEQUENCE = 2**53


@dataclass(frozen=True, kw_only=True)
class Hello:
    """A one-use ticket or an access token; the last sequence, and the epoch (whose sequences) that it was told.

    A client that keeps its sequence across sign-ins sends the epoch with it: when that is not this user's, it has none.
    """

    ticket: str = ""
    token: str = ""
    last_sequence: int = 0
    epoch: str | None = None

    @classmethod
    def of(cls, said: object) -> "Hello | None":
        """As ``said``; ``None`` for anything that it cannot be. Who says nothing of themselves is nobody."""
        if said is None:
            return cls()
        if not isinstance(said, dict):
            return None
        ticket, token = said.get("ticket", ""), said.get("token", "")
        last, epoch = said.get("last_sequence", 0), said.get("epoch")
        if not isinstance(ticket, str) or not isinstance(token, str):
            return None
        if not isinstance(last, int) or isinstance(last, bool) or not 0 <= last < MAX_SEQUENCE:
            return None
        if epoch is not None and not isinstance(epoch, str):
            return None
        return cls(ticket=ticket, token=token, last_sequence=last, epoch=epoch)

    def is_of(self, user_id: UUID) -> bool:
        """Whether what the client has is this user's."""
        return self.epoch is None or self.epoch == str(user_id)

    def last_for(self, user_id: UUID) -> int:
        """Where this user's replay begins."""
        return self.last_sequence if self.is_of(user_id) else 0

    async def start_for(self, user_id: UUID) -> "Start":
        """As ``last_for``, and no later than this user's last notice: after a number that does not exist yet, a client
        would hear nothing of all that come before it.
        """
        last = self.last_for(user_id)
        if not last:
            return Start(sequence=0, reset=False)
        latest = (await database_sync_to_async(services.latest_sequences)(user_ids=[user_id])).get(user_id, 0)
        return Start(sequence=min(last, latest), reset=last > latest)


@dataclass(frozen=True, kw_only=True)
class Start:
    """After which sequence a client is told; ``reset``: it named one that there is not, and reads the list anew."""

    sequence: int
    reset: bool
