"""The form of preferences and the list of what was sent, for the pages of whoever shows them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from config.kernel.time_zones import zone_names
from notifications.domain.categories import ALWAYS, Category, ChannelName, Choice
from notifications.domain.preferences import OUTWARD
from notifications.services import ExplanationDTO, PreferencesDTO

register = template.Library()
CATEGORIES = {
    Category.SECURITY: _("Safety of your account"),
    Category.LEGAL: _("Legal notices"),
    Category.CASE: _("Your cases"),
    Category.MESSAGES: _("Messages and questions"),
    Category.REMINDERS: _("Reminders and deadlines"),
    Category.OFFERS: _("Offers of cases"),
    Category.ANNOUNCEMENTS: _("News about our service"),
}
CHANNELS = {
    ChannelName.IN_APP: _("In your account"),
    ChannelName.EMAIL: _("E-mail"),
    ChannelName.SMS: _("Text message"),
    ChannelName.PUSH: _("Push message"),
}
CHOICES = {Choice.NOW: _("At once"), Choice.DIGEST: _("Once a day"), Choice.OFF: _("Off")}


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One choice: the field's name, what it is called, and what holds."""

    name: str
    label: object
    value: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One category; without cells there is nothing to choose."""

    code: str
    title: object
    cells: tuple[Cell, ...]


@register.inclusion_tag("notifications/_preferences.html", takes_context=True)
def preference_form(context: Any, held: PreferencesDTO, offers: bool = False) -> dict[str, Any]:
    """The form; ``offers``: whether cases are offered to its reader. What was typed stands there after a refusal."""
    request = context["request"]
    typed = request.POST if request.method == "POST" else {}
    quiet = held.quiet_hours or {}
    zone = typed.get("time_zone", held.time_zone or "")
    return {
        "rows": list(_rows(held, typed, offers)),
        "choices": [(one.value, label) for one, label in CHOICES.items()],
        "quiet_from": typed.get("quiet_from", quiet.get("from", "")),
        "quiet_to": typed.get("quiet_to", quiet.get("to", "")),
        "digest_at": typed.get("digest_at", held.digest_at),
        "zone": zone,
        # Theirs is there whatever it is called: what is not touched stays.
        "zones": sorted({*_zones(), *filter(None, [held.time_zone])}),
        "version": held.version,
        "refusal": context.get("refusal"),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("notifications/_sent.html")
def sent_list(notices: Iterable[ExplanationDTO], older: int | None = None) -> dict[str, Any]:
    """What was sent, with what became of each; ``older``: where the list goes on."""
    return {"notices": list(notices), "older": older}


@register.filter
def channel_name(code: str) -> object:
    """A channel as people call it."""
    return CHANNELS[ChannelName(code)]


def _rows(held: PreferencesDTO, typed: Any, offers: bool) -> Iterator[Row]:
    for category, title in CATEGORIES.items():
        if category is Category.OFFERS and not offers:
            continue
        names = {} if category in ALWAYS else {one: f"choice:{category}:{one}" for one in OUTWARD}
        cells = tuple(
            Cell(name=name, label=CHANNELS[one], value=typed.get(name, held.choices[category][one]))
            for one, name in names.items()
        )
        yield Row(code=category.value, title=title, cells=cells)


@cache
def _zones() -> tuple[str, ...]:
    """By place, without the names that stand for an offset."""
    return tuple(sorted(one for one in zone_names() if "/" in one and not one.startswith("Etc/")))
