"""The form on which a campaign is planned."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from config.kernel.auth import ROLES
from config.kernel.editions import all_in_force, choices_of
from config.kernel.errors import DomainError, Invalid, Unprocessable
from config.kernel.labels import label
from config.kernel.time_zones import zone_names
from notifications import services
from notifications.domain.categories import ChannelName
from notifications.domain.mail_texts import LANGUAGES
from notifications.domain.schedule import RECIPIENT
from notifications.services.campaigns.drafts import CATEGORIES
from notifications.services.templates.editions import TEMPLATES
from professionals import services as professionals

_LINE = UnfoldAdminTextInputWidget
_ANY = [("", "Whether or not they have one"), ("yes", "With an open case"), ("no", "Without an open case")]
_TIME = r"^([01]\d|2[0-3]):[0-5]\d$"


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


_WAYS = {
    ChannelName.IN_APP: "In the account",
    ChannelName.EMAIL: "By e-mail",
    ChannelName.SMS: "By text message",
    ChannelName.PUSH: "By push message",
}


def _several(choices: Iterable[tuple[str, str]], **options: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        required=False, choices=list(choices), widget=UnfoldAdminCheckboxSelectMultipleWidget(), **options
    )


def _templates() -> list[tuple[str, str]]:
    """Those in force whose news may be said to many."""
    fitting = [
        code
        for code, (_, body) in all_in_force(context="notifications", kind=TEMPLATES.name).items()
        if body.get("category") in CATEGORIES
    ]
    return [("", "—"), *((code, label(code)) for code in sorted(fitting))]


class PlanForm(forms.Form):
    """One text for everybody of an audience; what compares several texts is planned over the API."""

    name = forms.CharField(max_length=80, widget=_LINE(), help_text="For the staff; nobody else reads it.")
    template = forms.ChoiceField(widget=UnfoldAdminSelectWidget(), help_text="Those that are in force, for many.")
    values = forms.CharField(
        required=False,
        widget=UnfoldAdminTextareaWidget({"rows": 2}),
        help_text="What is filled in, one a line: count: 3",
    )
    roles = _several(choices_of(sorted(ROLES)), help_text="None ticked: all.")
    locales = _several(tuple(LANGUAGES.items()), label="Languages", help_text="None ticked: all.")
    countries = forms.CharField(required=False, widget=_LINE(), help_text="By two letters, with commas: DE, AT")
    zones = forms.CharField(required=False, widget=_LINE(), help_text="Where people live: Europe/Berlin")
    specialties = _several((), help_text="Of specialists. None ticked: all.")
    has_open_case = forms.ChoiceField(required=False, choices=_ANY, widget=UnfoldAdminSelectWidget(), label="Open case")
    starts_at = forms.CharField(max_length=16, widget=_LINE(), label="Begins at", help_text="2026-12-01T09:00")
    zone = forms.ChoiceField(widget=UnfoldAdminSelectWidget(), initial=RECIPIENT, label="By the clock of")
    window_from = forms.RegexField(_TIME, required=False, widget=_LINE(), label="Sent from", help_text="09:00")
    window_to = forms.RegexField(_TIME, required=False, widget=_LINE(), label="Sent until", help_text="18:00")
    per_minute = forms.IntegerField(
        min_value=1, max_value=10_000, initial=600, widget=_LINE({"inputmode": "numeric"}), label="Messages a minute"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices("template", _templates())
        self._choices("specialties", tuple(professionals.specialty_names(language="en").items()))
        self._choices("zone", ((RECIPIENT, "wherever each of them is"), *((one, one) for one in sorted(zone_names()))))
        for channel in ChannelName:
            self.fields[f"by_{channel}"] = forms.BooleanField(
                required=False,
                label=_WAYS[channel],
                initial=channel is ChannelName.EMAIL,
                widget=UnfoldBooleanWidget(),
            )

    def _choices(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = list(choices)

    def clean_starts_at(self) -> datetime:
        """A wall time."""
        try:
            return datetime.strptime(self.cleaned_data["starts_at"], "%Y-%m-%dT%H:%M")  # noqa: DTZ007  a zone stands beside it
        except ValueError:
            raise forms.ValidationError("Write it like 2026-12-01T09:00, without a zone.") from None

    def plan(self) -> services.CampaignPlan:
        """What was asked for."""
        said = self.cleaned_data
        audience: dict[str, Any] = {
            name: list(_list(said[name]) if isinstance(said[name], str) else said[name])
            for name in ("roles", "locales", "countries", "zones", "specialties")
        }
        audience = {name: value for name, value in audience.items() if value}
        if said["has_open_case"]:
            audience["has_open_case"] = said["has_open_case"] == "yes"
        return services.CampaignPlan(
            name=said["name"],
            template=said["template"],
            channels=tuple(channel.value for channel in ChannelName if said[f"by_{channel}"]),
            values=_values(said["values"]),
            audience=audience,
            starts_at=said["starts_at"],
            zone=said["zone"],
            per_minute=said["per_minute"],
            window_from=said["window_from"],
            window_to=said["window_to"],
        )

    def take(self, refusal: DomainError) -> None:
        """Say what the service refused at the fields that it is about."""
        faults = refusal.errors if isinstance(refusal, Invalid | Unprocessable) else ()
        for fault in faults:
            parts = [part for part in fault.pointer.removeprefix("#/").split("/") if part in self.fields]
            self.add_error(parts[-1] if parts else None, fault.detail)
        if not faults:
            self.add_error(None, refusal.detail)


def _values(written: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for line in written.splitlines():
        name, colon, value = (part.strip() for part in line.partition(":"))
        if colon:
            found[name] = int(value) if value.isdecimal() else value
    return found
