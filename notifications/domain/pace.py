"""How many messages of a campaign leave in a minute: turns at even distances, never more than a minute ahead."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Turns:
    """``count`` instants, the first at ``first``, each ``step`` after the one before."""

    first: datetime
    step: timedelta
    count: int

    def at(self, number: int) -> datetime:
        """The instant of one turn, from 0."""
        return self.first + self.step * number

    @property
    def end(self) -> datetime:
        """When the turn after the last one is."""
        return self.at(self.count)

    def first_of(self, count: int) -> "Turns":
        """The first ``count`` of them, if there are as many."""
        return Turns(first=self.first, step=self.step, count=min(count, self.count))


def next_turns(
    *, given_until: datetime | None, now: datetime, per_minute: int, limit: int, latest: datetime | None = None
) -> Turns:
    """The turns of the next minute that nobody has yet, at most ``limit``, and none after ``latest``.

    ``given_until`` is the ``end`` of those that were given. Turns that passed while nobody gave them are lost, so that
    a campaign which was paused, or whose worker was away, goes on at its pace and never makes up for lost time.
    """
    first = max(given_until or now, now)
    step = MINUTE / per_minute
    ends = now + MINUTE if latest is None else min(now + MINUTE, latest)
    left = ceil((ends - first) / step)
    return Turns(first=first, step=step, count=max(0, min(left, limit)))
