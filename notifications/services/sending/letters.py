"""What a window holds: deliveries that are about to leave, and what was answered about each."""

from dataclasses import dataclass, field
from datetime import timedelta

from config.kernel.jobs import JobRun
from config.kernel.limits import Counter
from notifications.adapters.protocol import Outward
from notifications.models import Delivery
from notifications.services.deciding import Considered


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One delivery that leaves in a moment. Secrets of its link were made for it, and stand in the messages alone.

    There are several messages where it goes to several devices.
    """

    run: JobRun
    considered: Considered
    outwards: tuple[Outward, ...] = field(repr=False)
    text_code: str
    text_version: int | None
    spent: tuple[Counter, ...] = ()

    @property
    def delivery(self) -> Delivery:
        """Its row, as it was read."""
        return self.considered.delivery


@dataclass(frozen=True, kw_only=True)
class Taken:
    """The provider has it."""

    provider_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Rejected:
    """It will never be taken; ``suppress`` says what that means for the address."""

    code: str
    suppress: str = ""


@dataclass(frozen=True, kw_only=True)
class Later:
    """It has not left, and is tried again, not before ``retry_after`` where the provider named a time."""

    code: str
    retry_after: timedelta | None = None


@dataclass(frozen=True, kw_only=True)
class Lost:
    """It may have left: nobody said."""

    code: str


@dataclass(frozen=True, kw_only=True)
class NotAsked:
    """The provider was not asked about it any more; its try does not count."""

    code: str
    after: timedelta


Answer = Taken | Rejected | Later | Lost | NotAsked
Answers = list[tuple[Letter, Answer]]
