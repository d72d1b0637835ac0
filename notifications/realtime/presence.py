"""Who is in the talk of a case, and who types: told to the others there, and kept nowhere.

Each process tells the others through Valkey of whom it holds a socket: ids, a side, and nothing else. What was not said
again for a while is forgotten. Without Valkey those of one process still see each other.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import orjson

from config.kernel.auth import Principal
from notifications.realtime.connections import Connection

CHANNEL = "sop:presence"
# Said again every so often, and believed for so long.
AGAIN_SECONDS, BELIEVED_SECONDS, TYPING_SECONDS = 10.0, 25.0, 6.0
MAX_TALKS = 20


@dataclass(kw_only=True)
class Seen:
    """Somebody in a talk: on which side, and until when that is believed."""

    user_id: str
    side: str
    until: float
    types_until: float = 0.0


@dataclass(kw_only=True)
class Member:
    """Somebody whose socket is here. ``told``: what they know."""

    name: str
    principal: Principal
    told: dict[str, Any] | None = None


class Presence:
    """The talks that somebody of this process is in."""

    def __init__(self, tell: Callable[[str], None], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._tell, self._clock = tell, clock
        self._process = uuid4().hex
        self._members: dict[UUID, dict[Connection, Member]] = defaultdict(dict)
        self._seen: dict[UUID, dict[str, Seen]] = defaultdict(dict)
        self._again = 0.0

    def joined(self) -> Collection[tuple[Connection, Principal, UUID]]:
        """Everybody whose socket is here, and where they are."""
        return [(one, member.principal, case) for case, here in self._members.items() for one, member in here.items()]

    def talks_of(self, connection: Connection) -> Collection[UUID]:
        """The talks that a socket is in."""
        return [case_id for case_id, here in self._members.items() if connection in here]

    def join(self, connection: Connection, case_id: UUID, principal: Principal, side: str) -> None:
        """A socket is in a talk from now on."""
        here = self._members[case_id]
        if connection not in here:
            here[connection] = Member(name=f"{self._process}:{uuid4().hex}", principal=principal)
        name = here[connection].name
        until = self._clock() + BELIEVED_SECONDS
        self._seen[case_id][name] = Seen(user_id=str(connection.user_id), side=side.lower(), until=until)
        self._say("joined", case_id, name)
        self._show(case_id)

    def leave(self, connection: Connection, case_id: UUID) -> None:
        """It is not, any more."""
        member = self._members.get(case_id, {}).pop(connection, None)
        if member is None:
            return
        self._say("left", case_id, member.name)
        self._seen[case_id].pop(member.name, None)
        if not self._members[case_id]:
            # Nobody here wants to know who is there.
            del self._members[case_id], self._seen[case_id]
        self._show(case_id)

    def leave_all(self, connection: Connection) -> None:
        """The socket is gone."""
        for case_id in self.talks_of(connection):
            self.leave(connection, case_id)

    def types(self, connection: Connection, case_id: UUID) -> bool:
        """Somebody types; ``False`` when they are not in that talk."""
        member = self._members.get(case_id, {}).get(connection)
        if member is None:
            return False
        self._seen[case_id][member.name].types_until = self._clock() + TYPING_SECONDS
        self._say("types", case_id, member.name)
        self._show(case_id)
        return True

    def hear(self, message: str) -> None:
        """What another process tells. Raises ``ValueError`` for anything else."""
        try:
            told = orjson.loads(message)
            what, name, case_id = str(told["what"]), str(told["name"]), UUID(told["case_id"])
            user_id, side = str(told["user_id"]), str(told["side"])
        except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError) as fault:
            raise ValueError("not a message of presence") from fault
        if case_id not in self._members or name.startswith(self._process):
            return
        seen, now = self._seen[case_id], self._clock()
        if what == "left":
            seen.pop(name, None)
        else:
            kept = seen.setdefault(name, Seen(user_id=user_id, side=side, until=0.0))
            kept.until = now + BELIEVED_SECONDS
            kept.types_until = now + TYPING_SECONDS if what == "types" else kept.types_until
        if what == "joined":
            # Whoever comes wants to know who is there already.
            self._say_all("here", case_id)
        self._show(case_id)

    def pass_time(self) -> None:
        """Forget what is too old, and say again who is here. Called again and again."""
        now = self._clock()
        again = now >= self._again
        self._again = now + AGAIN_SECONDS if again else self._again
        for case_id, here in list(self._members.items()):
            for member in here.values():
                self._seen[case_id][member.name].until = now + BELIEVED_SECONDS
            self._seen[case_id] = {name: one for name, one in self._seen[case_id].items() if one.until > now}
            if again:
                self._say_all("here", case_id)
            self._show(case_id)

    def _say_all(self, what: str, case_id: UUID) -> None:
        for member in self._members[case_id].values():
            self._say(what, case_id, member.name)

    def _say(self, what: str, case_id: UUID, name: str) -> None:
        one = self._seen[case_id][name]
        about = {"what": what, "case_id": case_id, "name": name, "user_id": one.user_id, "side": one.side}
        self._tell(orjson.dumps(about).decode())

    def _show(self, case_id: UUID) -> None:
        """Tell everybody here of the others, where that is news."""
        now, seen = self._clock(), self._seen.get(case_id, {}).values()
        for connection, member in self._members.get(case_id, {}).items():
            others = [one for one in seen if one.user_id != str(connection.user_id)]
            about = {
                "case_id": str(case_id),
                "present": sorted({one.side for one in others}),
                "typing": sorted({one.side for one in others if one.types_until > now}),
            }
            if member.told != about:
                member.told = about
                connection.inform("presence", str(case_id), about)
