"""The form of preferences and the list of what was sent, for the pages of whoever shows them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from config.kernel.auth import current_principal
from config.kernel.errors import DomainError, Invalid
from config.kernel.labels import label
from config.kernel.time_zones import zone_names
from notifications import services
from notifications.domain.categories import ALWAYS, Category, ChannelName, Choice
from notifications.domain.mail_texts import LANGUAGES
from notifications.domain.preferences import OUTWARD
from notifications.domain.push_addresses import FCM, WEB_PUSH
from notifications.domain.template_bodies import CHANNELS as TEMPLATE_CHANNELS
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
# What a link of a mail is about: a category, or the summaries of several.
MAIL_KINDS = {category.value: title for category, title in CATEGORIES.items()} | {"digests": _("Daily summaries")}
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


DEVICES = {FCM: _("App"), WEB_PUSH: _("Browser")}
# Where a fault stands, as the form calls it.
FIELDS = {
    "#/quiet_hours/from": _("Quiet from"),
    "#/quiet_hours/to": _("Quiet until"),
    "#/quiet_hours": _("Quiet from"),
    "#/digest_at": _("Daily summary at"),
    "#/time_zone": _("Your time zone"),
}
# What an interface is told in other words than a page.
WORDS = {
    "time_zone_unknown": _("Say your time zone too: without it nobody knows when it is night where you are."),
    "same_time": _("Let them end at another time than they begin."),
}


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
        "faults": list(_faults(context.get("refusal"))),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("notifications/_sent.html")
def sent_list(notices: Iterable[ExplanationDTO], older: int | None = None) -> dict[str, Any]:
    """What was sent, with what became of each; ``older``: where the list goes on."""
    return {"notices": list(notices), "older": older}


@register.inclusion_tag("notifications/_devices.html", takes_context=True)
def device_list(context: Any) -> dict[str, Any]:
    """Whose page it is: the devices that push messages reach, each to be removed."""
    return {
        "devices": services.list_devices(principal=current_principal()),
        "csrf_token": context.get("csrf_token"),
    }


@register.filter
def mail_kind(category: str) -> object:
    """What mails a link is about; empty where it says nothing of that."""
    return MAIL_KINDS.get(category, "")


@register.filter
def channel_label(code: str) -> str:
    """A channel as the staff's pages call it."""
    return TEMPLATE_CHANNELS.get(code, label(code))


@register.filter
def language_label(code: str) -> str:
    """A language by its name."""
    return LANGUAGES.get(code, code)


@register.filter
def device_name(kind: str) -> object:
    """A kind of device as people call it."""
    return DEVICES.get(kind, kind)


@register.filter
def channel_name(code: str) -> object:
    """A channel as people call it."""
    return CHANNELS[ChannelName(code)]


def _faults(refusal: DomainError | None) -> Iterator[tuple[object, object]]:
    """(what the page calls the field, what to change): the page's words, where the service's are an interface's."""
    for one in refusal.errors if isinstance(refusal, Invalid) else ():
        named = FIELDS.get(one.pointer, "")
        yield named, WORDS.get(one.code, _(one.detail))


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
