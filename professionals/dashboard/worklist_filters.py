"""The worklist's filters: what may be chosen, what is chosen, and which cases that leaves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from cases.services.casefile import WorkItem
from professionals.dashboard.words import DUES, TURNS, state

FILTERS = ("state", "turn", "due", "new")
_SOON, _LATER = timedelta(hours=24), timedelta(days=3)


@dataclass(frozen=True)
class Choice:
    """One filter as the page offers it: (code, label, chosen) of each option."""

    name: str
    options: tuple[tuple[str, str, bool], ...]


def chosen_in(asked: Mapping[str, str]) -> dict[str, str]:
    """The filters that were asked for, by code; what is no code counts as not asked."""
    found = {name: str(asked.get(name, ""))[:24] for name in FILTERS}
    known: dict[str, Mapping[str, object]] = {"turn": TURNS, "due": DUES, "new": {"1": ""}}
    return {name: code for name, code in found.items() if code and (name == "state" or code in known[name])}


def query(chosen: Mapping[str, str]) -> str:
    """The address of a filtered worklist."""
    return f"/dashboard/?{urlencode(chosen)}" if chosen else "/dashboard/"


def choices(states: Iterable[str], chosen: Mapping[str, str]) -> tuple[Choice, ...]:
    """What the form offers; a state that was asked for is offered even when no case is in it."""
    offered = sorted({*states, *([chosen["state"]] if "state" in chosen else [])})
    of = {
        "state": [(code, state(code)) for code in offered],
        "turn": [(code, str(label)) for code, label in TURNS.items()],
        "due": [(code, str(label)) for code, label in DUES.items()],
    }
    return tuple(
        Choice(name, tuple((code, label, chosen.get(name) == code) for code, label in rows))
        for name, rows in of.items()
    )


def fits(item: WorkItem, chosen: Mapping[str, str], instant: datetime) -> bool:
    """Whether a case is shown."""
    turn = item.turn if item.turn in ("specialist", "patient") else "other"
    return (
        chosen.get("state", item.state) == item.state
        and chosen.get("turn", turn) == turn
        and chosen.get("due", "") in ("", due_of(item.promised_at, instant))
        and (
            "new" not in chosen
            or bool(item.unread_messages or item.new_answers or item.new_documents or item.open_follow_ups)
        )
    )


def due_of(promised: datetime | None, instant: datetime) -> str:
    """late, day, days, later, or stopped without a promised time."""
    if promised is None:
        return "stopped"
    if promised < instant:
        return "late"
    return "day" if promised <= instant + _SOON else "days" if promised <= instant + _LATER else "later"
