"""Reading what somebody wants changed: each field by its name, and everything that is wrong with it at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any, Final, NamedTuple

from notifications.domain.categories import ALWAYS, Category, ChannelName, Choice
from notifications.domain.preferences import is_fixed

FIELDS: Final = ("email", "choices", "quiet_hours", "digest_at", "time_zone")
_WALL_TIME: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_CHOICES: Final = ", ".join(Choice)


class Fault(NamedTuple):
    """One thing that is wrong: where (a JSON pointer), a code, and what to change."""

    pointer: str
    code: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class PreferenceChanges:
    """What is to change; what somebody did not name stays as it is. ``quiet_hours``: an empty pair ends them."""

    email: bool | None = None
    choices: Mapping[tuple[str, str], Choice] = field(default_factory=dict)
    quiet_hours: tuple[time, time] | tuple[()] | None = None
    digest_at: time | None = None


def read_changes(body: Mapping[str, Any], *, zone: str | None) -> tuple[PreferenceChanges, tuple[Fault, ...]]:
    """The changes that a body asks for, and all that is wrong with it; ``zone`` is where the person lives, if known."""
    faults = [
        Fault(f"#/{_escaped(name)}", "unknown_field", f"There is no such field; there are {', '.join(FIELDS)}.")
        for name in body
        if name not in FIELDS
    ]
    email = body.get("email")
    if "email" in body and not isinstance(email, bool):
        faults.append(Fault("#/email", "invalid", "Say true or false."))
    if "time_zone" in body and body["time_zone"] != zone:
        faults.append(Fault("#/time_zone", "read_only", "It is changed in the profile: PUT /api/v1/profile/me."))
    choices, wrong = _choices(body.get("choices", {}))
    quiet, quiet_wrong = _quiet_hours(body.get("quiet_hours"), zone) if "quiet_hours" in body else (None, ())
    digest_at = _wall_time(body.get("digest_at"))
    if "digest_at" in body and digest_at is None:
        faults.append(_no_time("#/digest_at"))
    changes = PreferenceChanges(
        email=email if isinstance(email, bool) else None, choices=choices, quiet_hours=quiet, digest_at=digest_at
    )
    return changes, (*faults, *wrong, *quiet_wrong)


def _choices(given: Any) -> tuple[dict[tuple[str, str], Choice], tuple[Fault, ...]]:
    if not isinstance(given, Mapping):
        return {}, (Fault("#/choices", "invalid", 'Give {"case": {"email": "digest"}}: category, channel, choice.'),)
    found: dict[tuple[str, str], Choice] = {}
    faults: list[Fault] = []
    for category, by_channel in given.items():
        if category not in list(Category) or not isinstance(by_channel, Mapping):
            advice = f"A category is one of {', '.join(Category)}, and has channels."
            faults.append(Fault(f"#/choices/{_escaped(category)}", "unknown_category", advice))
            continue
        for channel, choice in by_channel.items():
            if fault := _fault_of(category, channel, choice):
                faults.append(fault)
            else:
                found[category, channel] = Choice(choice)
    return found, tuple(faults)


def _fault_of(category: str, channel: str, choice: Any) -> Fault | None:
    where = f"#/choices/{category}/{_escaped(channel)}"
    if channel not in list(ChannelName):
        return Fault(where, "unknown_channel", f"A channel is one of {', '.join(ChannelName)}.")
    if not isinstance(choice, str) or choice not in list(Choice):
        return Fault(where, "unknown_choice", f"A choice is one of {_CHOICES}.")
    if is_fixed(category, channel) and choice != Choice.NOW:
        what = f"What is about {category} is" if category in ALWAYS else "What stands in the application is"
        return Fault(where, "always_sent", f"{what} always told, and at once; it cannot be switched off.")
    return None


def _quiet_hours(given: Any, zone: str | None) -> tuple[tuple[time, time] | tuple[()] | None, tuple[Fault, ...]]:
    if given is None:
        return (), ()
    if not isinstance(given, Mapping):
        return None, (Fault("#/quiet_hours", "invalid", 'Give {"from": "22:00", "to": "07:00"}, or null for none.'),)
    faults = [
        Fault(f"#/quiet_hours/{_escaped(name)}", "unknown_field", "There are from and to.")
        for name in given
        if name not in ("from", "to")
    ]
    begins, ends = _wall_time(given.get("from")), _wall_time(given.get("to"))
    faults += [_no_time(f"#/quiet_hours/{name}") for name, at in (("from", begins), ("to", ends)) if at is None]
    if begins is None or ends is None:
        return None, tuple(faults)
    if begins == ends:
        faults.append(Fault("#/quiet_hours/to", "same_time", "Let them end at another time than they begin."))
    if zone is None:
        advice = "Nobody knows yet when it is night where you are: say your time_zone in PUT /api/v1/profile/me first."
        faults.append(Fault("#/quiet_hours", "time_zone_unknown", advice))
    return (begins, ends), tuple(faults)


def _wall_time(given: Any) -> time | None:
    match = _WALL_TIME.fullmatch(given) if isinstance(given, str) else None
    return time(int(match[1]), int(match[2])) if match else None


def _no_time(pointer: str) -> Fault:
    return Fault(pointer, "invalid", "Write a time of the day as HH:MM, for example 08:00.")


def _escaped(name: Any) -> str:
    """As in a JSON pointer; a name of any length is shown by its beginning."""
    return str(name)[:60].replace("~", "~0").replace("/", "~1")


def form_changes(form: Mapping[str, str], *, shown: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """The body that a page's form stands for: ``choice:case:email``, ``quiet_from``, ``quiet_to``, ``digest_at``.

    A form sends all that was ``shown``: what was left as it stood is no choice.
    """
    choices: dict[str, dict[str, str]] = {}
    for name, value in form.items():
        _, _, place = name.partition("choice:")
        category, _, channel = place.partition(":")
        if place and shown.get(category, {}).get(channel) != value:
            choices.setdefault(category, {})[channel] = value
    body: dict[str, Any] = {"choices": choices}
    if "quiet_from" in form or "quiet_to" in form:
        begins, ends = form.get("quiet_from", ""), form.get("quiet_to", "")
        body["quiet_hours"] = {"from": begins, "to": ends} if begins or ends else None
    if form.get("digest_at"):
        body["digest_at"] = form["digest_at"]
    return body
